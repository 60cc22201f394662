import ts from "typescript";
import { emitFunction } from "../../transformer/emit/index.js";
import type { EmitOptions } from "../../transformer/compile/stages.js";
import type { Fn, FnRef } from "../../transformer/ir/model.js";
import { calleesOf } from "../../transformer/ir/walk.js";
import { optimise } from "../../transformer/optimise/index.js";

/** The text of a function under its own name. */
export function emitted(fn: Fn, options: Partial<EmitOptions> = {}): string {
  return emitFunction(fn, {
    name: fn.name,
    form: "declaration",
    reserved: new Set(),
    callee: (ref) => ref.name,
    captured: (v) => v.name,
    ...options,
  }).text;
}

/** The text of a function and of all that it calls, the function itself first. */
export function emittedAll(root: Fn, name: string, reserved: ReadonlySet<string> = new Set()): string {
  const names = new Map<FnRef, string>();
  const taken = new Set([...reserved, name]);
  const texts: string[] = [];
  const emit = (fn: Fn, as: string): void => {
    const called = [...calleesOf(fn)].filter((ref) => !names.has(sourceOf(ref)));
    for (const ref of called) {
      let free = ref.name;
      for (let i = 2; taken.has(free); i++) free = ref.name + String(i);
      taken.add(free);
      names.set(sourceOf(ref), free);
    }
    const callee = (ref: FnRef): string => names.get(sourceOf(ref)) ?? ref.name;
    texts.push(emitted(fn, { name: as, callee, reserved: new Set([...taken, ...reserved]) }));
    for (const ref of called) emit(optimise(ref.fn()), callee(ref));
  };
  emit(root, name);
  return texts.join("\n");
}

function sourceOf(ref: FnRef): FnRef {
  let source = ref;
  while (source.of !== undefined) source = source.of;
  return source;
}

/** Runs emitted functions and gives the one of that name. */
export function evaluated(text: string, name: string): (...args: readonly unknown[]) => unknown {
  const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(text, { compilerOptions: options });
  return (new Function(`${outputText}\nreturn ${name};`) as () => (...args: readonly unknown[]) => unknown)();
}
