import { dirname, relative } from "node:path";
import { compile } from "../../compile.js";
import { writeModules } from "./check/modules.js";
import type { Outcome } from "./check/protocol.js";
import { registering } from "./check/registering.js";
import { requestedIn, type Requested, type Subject } from "./check/requested.js";
import { runChecks } from "./check/run.js";
import { withFolder } from "./check/folder.js";
import { answerChecks } from "./check/child.js";
import { compileProject } from "./compiled.js";
import { Failure } from "./failure.js";
import type { Options } from "./main.js";
import { openProject, type Project } from "./project.js";

/** How many seconds the user's code may take. */
const limits = { work: 60, call: 5 };

/**
 * Compares every derivative that a file asks for with differences, at points made up from the types. The status is 1 where one
 * is wrong.
 */
export async function check(file: string, options: Options): Promise<number> {
  const project = openProject(file, options.project);
  compileProject(project);
  const requested = requestedIn(project);
  if (requested.length === 0) throw new Failure(`nothing in ${file} asks for a derivative`);
  const outcomes = await outcomesOf(project, file, requested);
  const shown = relative(process.cwd(), project.file.fileName);
  for (const [i, one] of requested.entries()) process.stdout.write(described(shown, one, outcomes[i] as Outcome));
  return status(file, outcomes);
}

async function outcomesOf(project: Project, file: string, requested: readonly Requested[]): Promise<Outcome[]> {
  const subjects = requested.map(({ subject }) => subject).filter((subject): subject is Subject => "asked" in subject);
  const result =
    subjects.length === 0
      ? { outcomes: new Map<number, Outcome>() }
      : await withFolder(dirname(project.configPath), (folder) => {
          const made = { ...project, ...registering(project, subjects) };
          const entry = writeModules(made, compile({ ts: made.ts, program: made.program, options: { through: made.through } }), folder);
          const script = process.argv[1] ?? "";
          return runChecks(entry, subjects.map(({ asked }) => asked), { script, args: [answerChecks.command], limits });
        });
  if ("failed" in result) throw new Failure(`${file} cannot be loaded: ${result.failed}`);
  return requested.map(({ subject }, i): Outcome => {
    if ("why" in subject) return { verdict: "not checked", why: subject.why };
    return result.outcomes.get(i) ?? { verdict: "not checked", why: "the check came to no end" };
  });
}

// src/model.ts:12  df = grad(f)  ok at 3 points
function described(file: string, { line, label }: Requested, outcome: Outcome): string {
  const head = `${file}:${String(line)}  ${label}  `;
  switch (outcome.verdict) {
    case "ok": {
      const notes = outcome.notes.length === 0 ? "" : ` (some are ${outcome.notes.join(", ")})`;
      return `${head}ok at ${String(outcome.points)} ${outcome.points === 1 ? "point" : "points"}${notes}\n`;
    }
    case "wrong":
      return `${head}wrong at (${outcome.at})\n${outcome.table.replace(/^/gm, "    ")}\n`;
    case "not checked":
      return `${head}not checked: ${outcome.why}\n`;
  }
}

function status(file: string, outcomes: readonly Outcome[]): number {
  const count = (verdict: Outcome["verdict"]): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const [wrong, right] = [count("wrong"), count("ok")];
  if (wrong + right === 0) throw new Failure(`no derivative in ${file} could be checked`);
  const left = count("not checked");
  const parts = [`${String(right)} ok`, `${String(wrong)} wrong`, ...(left === 0 ? [] : [`${String(left)} not checked`])];
  process.stdout.write(`${parts.join(", ")}\n`);
  return wrong > 0 ? 1 : 0;
}
