import { posix } from "node:path";
import { emit } from "../fixtures/emitted.js";
import { repository } from "../program.js";

/** A function of a package as a function of all the numbers that it is given. */
export interface Call {
  readonly text: string;
  /** How many numbers it is given. */
  readonly size: number;
}

/** The call that a line of the table describes, as a module that exports it with its derivative. */
export function moduleOf(line: string, from: string): Call {
  const [name = "", ...given] = line.split(" ");
  let size = 0;
  const declared: string[] = [];
  const args = given.map((kind) => {
    const [, letter = "", length = ""] = /^([ovmqx])(\d*)$/.exec(kind) ?? [];
    if (letter === "") return kind;
    if (letter === "x") return `x[${size++}]!`;
    const type = typeOf(letter, Number(length));
    if (letter === "o") {
      declared.push(`  const out: number[] = [${Array<number>(Number(length)).fill(0).join(", ")}];`);
      return from === "gl-matrix" ? `out as ${type}` : "out";
    }
    const part = `x.slice(${size}, ${(size += Number(length))})`;
    return from === "gl-matrix" ? `${part} as ${type}` : part;
  });
  const call = `${name}(${args.join(", ")})`;
  const [root = ""] = name.split(".");
  const types = ["vec2", "vec3", "vec4", "mat3", "mat4", "quat", "quat2"].filter((type) => type !== root);
  const text = [
    `import { valueAndGrad } from "tsgrad";`,
    `import { ${root} } from "${from}";`,
    ...(from === "gl-matrix" ? [`import type { ${types.join(", ")} } from "gl-matrix";`] : []),
    `function weighed(v: ArrayLike<number>): number {`,
    `  let s = 0;`,
    `  for (let i = 0; i < v.length; i++) s += v[i]! * (1 + 0.37 * i - 0.05 * i * i);`,
    `  return s;`,
    `}`,
    `export function f(x: number[]): number {`,
    ...declared,
    ...(declared.length > 0 ? [`  ${call};`, `  return weighed(out);`] : [`  return ${givesVector.test(name) ? `weighed(${call})` : call};`]),
    `}`,
    `export const both = valueAndGrad(f);`,
  ];
  return { text: `${text.join("\n")}\n`, size };
}

/** The functions that give a vector and are not handed one to write to. */
const givesVector = /^(vec3\.(clone|fromValues)|mat4\.clone|numericSort)$/;

function typeOf(letter: string, length: number): string {
  if (letter === "m" || length > 8) return length === 9 ? "mat3" : "mat4";
  if (length === 8) return "quat2";
  return letter === "q" ? "quat" : `vec${length}`;
}

/** The compiled modules of these lines, and the file of each. */
export function compiled(lines: readonly string[], from: string): { readonly files: readonly string[]; readonly calls: readonly Call[]; readonly emission: ReturnType<typeof emit> } {
  const calls = lines.map((line) => moduleOf(line, from));
  const files = lines.map((_, i) => posix.join(repository, `test/through/case${i}.ts`));
  const texts = new Map(calls.map(({ text }, i) => [files[i] ?? "", text]));
  return { files, calls, emission: emit(texts) };
}
