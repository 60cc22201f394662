import { resolve } from "node:path";
import type { Trace } from "../../compile/stages.js";
import type { Fn } from "../../ir/model.js";
import { transformText } from "../../text.js";
import { compileProject } from "./compiled.js";
import { Failure } from "./failure.js";
import type { Options } from "./main.js";
import { openProject } from "./project.js";

/** Prints a file with its derivatives: the TypeScript that is compiled in its place. */
export function emit(operand: string, options: Options): number {
  const [, fileName = operand, name] = /^(.*)#([^#/\\]*)$/.exec(operand) ?? [];
  process.stdout.write(name === undefined ? fileText(fileName, options) : emittedText(fileName, name, options));
  return 0;
}

function fileText(fileName: string, options: Options): string {
  const project = openProject(fileName, options.project);
  const change = compileProject(project).changes.get(project.file);
  if (change !== undefined) return transformText(project.ts, change).text;
  process.stderr.write(`tsgrad: nothing in ${fileName} is differentiated\n`);
  return project.file.text;
}

/** The derivatives of the function `name` of a file, and the functions made for them; or the derivative of that name. */
export function emittedText(fileName: string, name: string, options: Options = {}): string {
  const project = openProject(fileName, options.project);
  const pieces: Piece[] = [];
  compileProject(project, collectPieces(pieces));
  const own = resolve(project.file.fileName);
  const wanted = pieces.filter((p) => resolve(p.of.origin?.file ?? own) === own && (p.of.name === name || p.name === name));
  if (wanted.length === 0) {
    const known = [...new Set(pieces.filter((p) => p.of.origin?.file === project.file.fileName).map((p) => p.of.name))];
    const others = known.length === 0 ? "nothing in it is" : `these are: ${known.join(", ")}`;
    throw new Failure(`"${name}" of ${fileName} is not differentiated; ${others}`);
  }
  return wanted.map((piece) => `${piece.text.trimEnd()}\n`).join("\n");
}

interface Piece {
  /** The function that was differentiated. */
  readonly of: Fn;
  readonly name: string;
  readonly text: string;
}

/** Listens to the stages: what is emitted after a function was lowered and before the next one belongs to it. */
function collectPieces(pieces: Piece[]): Trace {
  const lowered = new Map<string, Fn>();
  let current: Fn | undefined;
  return (derivative, stage, result) => {
    if ("text" in result) {
      current = lowered.get(derivative) ?? current;
      if (current !== undefined) pieces.push({ of: current, name: derivative, text: result.text });
    } else if (stage === "lower") lowered.set(derivative, result);
  };
}
