import type ts from "typescript";
import { basename } from "node:path";
import { createPlugin, type Extras } from "../../transformer/hosts/plugin.js";
import { makeProgram } from "../program.js";
import { stubCompile } from "./stub.js";

/** What a program in memory is emitted as, by file name, with the plugin around the stub or another compiler. */
export function emit(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}, compile: Parameters<typeof createPlugin>[0] = stubCompile): Record<string, string> {
  const { ts, program } = makeProgram(files, options);
  const plugin = createPlugin(compile);
  const outputs: Record<string, string> = {};
  const extras: Extras = { ts };
  program.emit(undefined, (name, text) => (outputs[basename(name)] = text), undefined, false, {
    before: [plugin(program, {}, extras)],
  });
  return outputs;
}
