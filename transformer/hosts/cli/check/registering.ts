import type ts from "typescript";
import type { Project } from "../project.js";
import { registry } from "./protocol.js";
import type { Subject } from "./requested.js";

/**
 * The project once more, with its file registering the functions to be checked at its end. There everything at the top of
 * the module can be named, whether it is exported or not; and what stands before keeps its place.
 */
export function registering({ ts, program, file, parsed }: Project, subjects: readonly Subject[]): Pick<Project, "program" | "file"> {
  const options = emitting(ts, parsed.options);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  const text = file.text + registration(subjects);
  host.getSourceFile = (name, target, ...rest) =>
    name === file.fileName ? ts.createSourceFile(name, text, target) : (program.getSourceFile(name) ?? read(name, target, ...rest));
  const made = ts.createProgram({
    rootNames: program.getRootFileNames(),
    options,
    host,
    oldProgram: program,
    ...(parsed.projectReferences === undefined ? {} : { projectReferences: parsed.projectReferences }),
  });
  const changed = made.getSourceFile(file.fileName);
  if (changed === undefined) throw new Error(`${file.fileName} is missing in its own program`);
  return { program: made, file: changed };
}

// import { grad as __tsgrad_grad } from "tsgrad";
// ;Reflect.set(globalThis, Symbol.for("tsgrad.check"), { 0: { f: f, derivative: df }, 1: { …, gradient: __tsgrad_grad(f) } });
function registration(subjects: readonly Subject[]): string {
  const grad = "__tsgrad_grad";
  const entries = subjects.map(({ asked, f, derivative, gradient }) => {
    const first = gradient === undefined ? "" : `, gradient: ${grad}(${gradient.join(", ")})`;
    return `${String(asked.index)}: { f: ${f}, derivative: ${derivative}${first} }`;
  });
  const needed = subjects.some(({ gradient }) => gradient !== undefined) ? `\nimport { grad as ${grad} } from "tsgrad";` : "";
  return `${needed}\n;Reflect.set(globalThis, Symbol.for(${JSON.stringify(registry)}), {\n  ${entries.join(",\n  ")}\n});\n`;
}

/** The options of the project, but for JavaScript that can be run, whatever a build of it is for. */
function emitting(compiler: typeof ts, options: ts.CompilerOptions): ts.CompilerOptions {
  const { ModuleKind } = compiler;
  const { module } = options;
  const runs = module === undefined || module === ModuleKind.CommonJS || module >= ModuleKind.ES2015;
  const result: ts.CompilerOptions = {
    ...options,
    ...(runs ? {} : { module: ModuleKind.CommonJS }),
    noEmit: false,
    noEmitOnError: false,
    emitDeclarationOnly: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    composite: false,
    incremental: false,
    sourceMap: false,
    inlineSourceMap: false,
    plugins: [],
  };
  delete result.outFile;
  delete result.tsBuildInfoFile;
  return result;
}
