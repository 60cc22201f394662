import type ts from "typescript";
import type { Fn, FnRef } from "../ir/model.js";
import { calleesOf, statementsOf } from "../ir/walk.js";
import type { LowerContext, LoweredRef } from "../lower/context.js";

/** What a lowered function was made of. */
export interface Reads {
  readonly files: ReadonlySet<ts.SourceFile>;
  /** The function itself and all that it calls. */
  readonly declarations: ReadonlySet<ts.Declaration>;
}

/** All functions that have been lowered, with other types than their own too. */
export function loweredBy({ functions, instances, customs }: Pick<LowerContext, "functions" | "instances" | "customs">): LoweredRef[] {
  return [...functions.values(), ...customs.values(), ...[...instances.values()].flatMap((list) => list.map(({ ref }) => ref))];
}

export function readsOf(root: Fn, declaration: ts.FunctionLikeDeclaration, context: LowerContext): Reads {
  const declared = new Map<FnRef, ts.Declaration>();
  for (const ref of loweredBy(context)) declared.set(ref, ref.declaration);
  const names = new Set<string>();
  const seen = new Set<FnRef>();
  const declarations = new Set<ts.Declaration>([declaration]);
  const visit = (fn: Fn): void => {
    if (fn.origin !== undefined) names.add(fn.origin.file);
    for (const s of statementsOf(fn.body)) if (s.origin !== undefined) names.add(s.origin.file);
    for (const callee of [...calleesOf(fn)].flatMap(withRule)) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      const called = declared.get(callee);
      if (called !== undefined) declarations.add(called);
      visit(callee.fn());
    }
  };
  visit(root);
  const files = new Set<ts.SourceFile>();
  for (const name of names) {
    const file = context.program.getSourceFile(name);
    if (file !== undefined) files.add(file);
  }
  for (const node of declarations) files.add(node.getSourceFile());
  return { files, declarations };
}

/** A function and the rule that it is differentiated by. */
function withRule(ref: FnRef): readonly FnRef[] {
  return ref.custom === undefined ? [ref] : [ref, ...(ref.custom.source ? [ref.custom.source] : [])];
}
