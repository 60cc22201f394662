import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { int, real, type Type } from "../../ir/types.js";
import { isCut } from "../../rules/activity.js";
import { ruleOf } from "../../rules/table.js";
import { nestedFunction } from "../facts/assigned.js";
import { roundingFunction } from "../facts/integers.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { returnType } from "../function.js";
import { ownParameters } from "../parameters.js";
import { bare, functionIn } from "../syntax.js";
import { functionOf } from "./callee.js";
import type { Want } from "./index.js";
import { libraryMember } from "./library.js";
import { absent } from "./names.js";
import { applyInPlace, callWith, captures } from "./user-calls.js";

/** A function that is handed on and known: called with values, it gives one. */
export type Callback = (args: readonly Atom[], want?: Want) => Atom;

/** The function that an argument is: written there, declared within, a function of the program or of `Math`. */
export function callbackOf(l: Lowering, node: ts.Expression): Callback {
  const known = bare(l.ts, node);
  if (l.ts.isPropertyAccessExpression(known) || l.ts.isIdentifier(known)) {
    const math = mathFunction(l, known);
    if (math !== undefined) return math;
  }
  const callee = functionOf(l, node);
  if (callee === undefined) return reject(catalogue.callback, node, excerpt(node));
  const returns = returnType(l.context, callee);
  const isNested = functionIn(l.ts, node) !== undefined || (l.ts.isIdentifier(known) && nestedFunction(l, known) !== undefined);
  const inPlace = isNested && (functionIn(l.ts, node) !== undefined || captures(l, callee, new Set()));
  return (args, want = {}) => {
    const given = ownParameters(l.ts, callee).map((_, i) => args[i] ?? absent);
    return inPlace ? applyInPlace(l, node, callee, given, returns, want) : callWith(l, callee, given, returns, want);
  };
}

/** a.map(Math.sqrt) */
function mathFunction(l: Lowering, node: ts.PropertyAccessExpression | ts.Identifier): Callback | undefined {
  const member = libraryMember(l, node);
  if (member?.owner !== "Math") return undefined;
  const name = `Math.${member.name}`;
  return (args, want = {}) => {
    const [first] = args;
    const isKnown = first !== undefined && (ruleOf(name, 1) !== undefined || isCut(name));
    if (!isKnown) return reject(catalogue.callback, node, excerpt(node));
    const type: Type = roundingFunction(member.name) ? int : real;
    return l.let(name, [l.present(first)], type, want.name);
  };
}
