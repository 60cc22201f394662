import { printFn } from "../../ir/print.js";
import { compileProject } from "./compiled.js";
import type { Options } from "./main.js";
import { openProject } from "./project.js";

/** Prints, for each derivative that a file has part in, the intermediate representation after every stage and the code. */
export function trace(fileName: string, options: Options): number {
  const project = openProject(fileName, options.project);
  const related = new Set<string>([project.file.fileName]);
  let shown = 0;
  const show = (derivative: string, stage: string, text: string): void => {
    shown++;
    process.stdout.write(`── ${derivative}: ${stage}\n\n${text.trimEnd()}\n\n`);
  };
  const interesting = new Set<string>();
  compileProject(project, (derivative, stage, result) => {
    if (!("text" in result) && stage === "lower") {
      const isOwn = result.origin === undefined || related.has(result.origin.file);
      if (isOwn) interesting.add(derivative);
      else interesting.delete(derivative);
    }
    if (interesting.has(derivative)) show(derivative, stage, "text" in result ? result.text : printFn(result));
  });
  if (shown === 0) process.stderr.write(`tsgrad: no function of ${fileName} is differentiated\n`);
  return 0;
}
