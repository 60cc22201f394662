import type ts from "typescript";
import { compile } from "../../transformer/compile.js";
import type { Compilation } from "../../transformer/compilation.js";
import type { Stages } from "../../transformer/compile/stages.js";
import type { Var } from "../../transformer/ir/model.js";
import { opaque, real } from "../../transformer/ir/types.js";
import { transformText } from "../../transformer/text.js";
import { makeProgram, type MemoryProgram } from "../program.js";

/** Stages that know nothing of derivatives: every function becomes one that returns its number of parameters. */
export const stubs: Stages = {
  lower(declaration, { checker }) {
    const params = declaration.parameters.map((parameter): Var => {
      const text = checker.typeToString(checker.getTypeAtLocation(parameter));
      return { kind: "var", name: parameter.name.getText(), type: text === "number" ? real : opaque };
    });
    const file = declaration.getSourceFile().fileName;
    return {
      name: declaration.name?.getText() ?? "lambda",
      params,
      captures: [],
      body: { region: { name: "body" }, statements: [], yields: [] },
      results: [real],
      origin: { file, pos: declaration.getStart(), end: declaration.getEnd() },
    };
  },
  differentiate: (fn) => fn,
  optimise: (fn) => fn,
  emit(fn, { name, form }) {
    const params = fn.params.map((p) => `${p.name}: number`).join(", ");
    const text =
      form === "arrow"
        ? `(${params}): any => ${String(fn.params.length)}`
        : `function ${name}(${params}): any {\n  return ${String(fn.params.length)};\n}`;
    const { file, pos, end } = fn.origin ?? { file: "", pos: 0, end: 0 };
    return { text, spans: [{ start: 0, end: text.length, file, pos, length: end - pos }] };
  },
};

export interface Compiled extends MemoryProgram {
  readonly compilation: Compilation;
  /** The transformed text of a file. */
  text(name: string): string;
  /** `TSG3101 main.ts:1:14` for each diagnostic. */
  readonly diagnostics: readonly string[];
}

export function compileStubbed(
  files: Readonly<Record<string, string>>,
  options: ts.CompilerOptions = {},
  stages: Stages = stubs,
): Compiled {
  const memory = makeProgram(files, options);
  const compilation = compile({ ts: memory.ts, program: memory.program }, stages);
  return {
    ...memory,
    compilation,
    text(name) {
      const change = compilation.changes.get(memory.file(name));
      return change === undefined ? memory.file(name).text : transformText(memory.ts, change).text;
    },
    diagnostics: compilation.diagnostics.map(({ id, file, pos }) => {
      const { line, character } = file.getLineAndCharacterOfPosition(pos);
      return `${id} ${file.fileName.replace("/project/", "")}:${String(line + 1)}:${String(character + 1)}`;
    }),
  };
}

/** One file, `main.ts`, with the import of the markers in its first line. */
export function compileMain(text: string): Compiled {
  return compileStubbed({ "main.ts": `import { grad, gradInto, valueAndGrad } from "tsgrad";\n${text}\n` });
}
