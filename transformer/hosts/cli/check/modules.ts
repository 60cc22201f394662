import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type ts from "typescript";
import type { Compilation } from "../../../compilation.js";
import { transformFile } from "../../ast/file.js";
import { sourcesOf } from "../compiled.js";
import type { Project } from "../project.js";
import { formatOf, type Format } from "./format.js";
import { relink } from "./relink.js";

/** Where a module stands when it runs, and where a build would have put it: without a build, at its source. */
export interface Placed {
  readonly path: string;
  readonly built: string;
  readonly format: Format;
}

/** Writes the modules that the file is made of, with their derivatives, to a folder, and returns the path of the file's own. */
export function writeModules(project: Project, { changes }: Compilation, folder: string): string {
  const { ts, program, file } = project;
  const placed = placeAll(project, folder);
  for (const [source, place] of placed) {
    mkdirSync(dirname(place.path), { recursive: true });
    if (place.format === "json") {
      writeFileSync(place.path, source.text);
      continue;
    }
    const before: ts.TransformerFactory<ts.SourceFile> = (context) => (node) => {
      const change = changes.get(source);
      return change === undefined ? node : transformFile({ ts, program, context }, node, change);
    };
    const write: ts.WriteFileCallback = (name, text) => {
      if (/\.[cm]?jsx?$/.test(name)) writeFileSync(place.path, seemingAt(place, text));
    };
    program.emit(source, write, undefined, false, { before: [before], after: [relink(project, source, placed)] });
  }
  const own = placed.get(file);
  if (own === undefined) throw new Error(`${file.fileName} is not written`);
  return own.path;
}

function placeAll(project: Project, folder: string): Map<ts.SourceFile, Placed> {
  const { ts, program, parsed } = project;
  const options = program.getCompilerOptions();
  const all = program.getSourceFiles().filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file));
  const build: ts.ParsedCommandLine = { ...parsed, options, fileNames: all.map((file) => file.fileName) };
  const placed = new Map<ts.SourceFile, Placed>();
  for (const [i, source] of sourcesOf(project).entries()) {
    // JavaScript that a build would have to write over itself can be run where it is.
    const isScript = /\.[cm]?jsx?$/.test(source.fileName);
    if (isScript && options.outDir === undefined) continue;
    const format = formatOf(ts, program, source);
    const stem = basename(source.fileName).replace(/\.[^.]*$/, "");
    const isBuilt = format !== "json" && parsed.options.noEmit !== true && parsed.options.emitDeclarationOnly !== true;
    const outputs = isBuilt ? ts.getOutputFileNames(build, source.fileName, !ts.sys.useCaseSensitiveFileNames) : [];
    const built = outputs.find((name) => /\.[cm]?jsx?$/.test(name)) ?? source.fileName;
    placed.set(source, { path: join(folder, String(i), `${stem}.${format}`), built, format });
  }
  return placed;
}

/** What a module finds beside itself it has to find from here, too: it seems to stand where a build would have put it. */
function seemingAt({ format, built }: Placed, text: string): string {
  const [name, folder] = [JSON.stringify(built), JSON.stringify(dirname(built))];
  return format === "mjs"
    ? `import.meta.url = ${JSON.stringify(pathToFileURL(built).href)}; import.meta.filename = ${name}; import.meta.dirname = ${folder};\n${text}`
    : `"use strict"; __filename = ${name}; __dirname = ${folder};\n${text}`;
}
