import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { catalogue } from "../../transformer/diagnostics.js";
import { repository } from "../program.js";

const groups: Readonly<Record<string, string>> = {
  "10": "The call",
  "11": "The language",
  "12": "Functions",
  "13": "Types",
  "14": "Arrays",
  "15": "Derivatives of several numbers",
  "16": "Rules of the user's own",
  "19": "Our own fault",
};

/** The catalogue of diagnostics, each with a program that gets it. */
export function diagnosticsPage(): string {
  const entries = Object.values(catalogue).sort((a, b) => a.code - b.code);
  const sections = entries.flatMap((entry, i) => {
    const group = String(entry.code).slice(1, 3);
    const heading = String(entries[i - 1]?.code).slice(1, 3) === group ? [] : [`## ${groups[group] ?? group}`, ""];
    return [...heading, `### ${entry.id} ${entry.fixture}`, "", ...example(entry.fixture)];
  });
  return [
    "# Diagnostics",
    "",
    "Everything the compiler can say about a program, printed from its catalogue. Each has a permanent number and, here, a",
    "program that gets it. TypeScript shows them in your build and your editor with the number plus 100000.",
    "",
    ...sections,
  ].join("\n");
}

function example(name: string): string[] {
  const file = posix.join(repository, "fixtures/errors", name);
  if (!existsSync(`${file}.ts`)) return ["The compiler failed where it should not. Please report it with the function that was differentiated.", ""];
  const program = readFileSync(`${file}.ts`, "utf8").trimEnd();
  const said = existsSync(`${file}.expected.txt`) ? readFileSync(`${file}.expected.txt`, "utf8").trimEnd() : "";
  return ["```ts", program, "```", "", "```text", said, "```", ""];
}
