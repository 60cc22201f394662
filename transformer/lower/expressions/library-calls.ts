import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, int, isNumeric, isReference, real } from "../../ir/types.js";
import { isCut } from "../../rules/activity.js";
import { ruleOf } from "../../rules/table.js";
import { keepsIntegers, roundingFunction } from "../facts/integers.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { lowerArrayMaker } from "./array-from.js";
import { build } from "./iteration.js";
import { membersOf } from "./sequences.js";
import { Arguments } from "./arguments.js";
import { newArray } from "./arrays.js";
import { asText } from "./calls.js";
import { clone, clonedBy } from "./cloning.js";
import { condition } from "./conditions.js";
import { expression, type Want } from "./index.js";
import type { Member } from "./library.js";
import { isConstantText } from "./names.js";
import { toNumber } from "./operators.js";
import { readsOf } from "./read-only.js";
import { overArrays, spreadCall } from "./spread-calls.js";
import { numeric } from "./values.js";

/** Functions that ask a question about a number, by the names that they have. */
const questions: Readonly<Record<string, string>> = {
  isNaN: "Number.isNaN",
  isFinite: "Number.isFinite",
  "Number.isNaN": "Number.isNaN",
  "Number.isFinite": "Number.isFinite",
  "Number.isInteger": "Number.isInteger",
  "Number.isSafeInteger": "Number.isSafeInteger",
};

/** A call of the library's: rows of the rule table, questions, conversions; the rest is text. */
export function lowerLibraryCall(l: Lowering, node: ts.CallExpression, member: Member, want: Want, isDiscarded: boolean): Atom {
  const name = member.owner === "" ? member.name : `${member.owner}.${member.name}`;
  const args = node.arguments;
  const [first] = args;
  if (member.owner === "Math" && args.length > 0) return mathFunction(l, node, name, want);
  const cloned = clonedBy(l, node);
  if (cloned !== undefined && l.facts.taint.mayHold(cloned)) return clone(l, cloned, want, node);
  if (name === "Object.freeze" && first !== undefined && isLiteral(l, first) && l.facts.taint.mayHold(first)) return expression(l, first, want);
  const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (question !== undefined && first !== undefined && l.types.at(first).kind === "real") {
    return l.let(question, [numeric(l, first)], bool, want.name);
  }
  // A number is none, however it is tested for.
  if (name === "Array.isArray" && first !== undefined && l.ts.isIdentifier(first) && isNumeric(l.types.at(first))) return literal(false);
  if (name === "Number" && first !== undefined) return toNumber(l, first, want, node);
  if (name === "Boolean" && first !== undefined) return condition(l, first);
  if (name === "Array" && !args.some((a) => l.ts.isSpreadElement(a))) return newArray(l, node, args, want);
  const members = member.owner === "Object" ? membersOf(l, node) : undefined;
  if (members !== undefined) return name === "Object.keys" ? members.array : build(l, node, l.types.at(node), l.length(members.array), members.at, want.name);
  return lowerArrayMaker(l, node, member, want) ?? other(l, node, name, want, isDiscarded);
}

function mathFunction(l: Lowering, node: ts.CallExpression, name: string, want: Want): Atom {
  const args = node.arguments;
  const isSpread = args.some((a) => l.ts.isSpreadElement(a));
  if (isSpread && !l.facts.taint.carries(node)) return asText(l, node, want, false);
  if (isSpread && overArrays.has(name)) return spreadCall(l, node, name, want);
  const values = isSpread ? new Arguments(l, args).all(real) : undefined;
  const op = values === undefined ? withFlags(l, name, args) : name;
  if (ruleOf(op, (values ?? args).length) === undefined && !isCut(name)) {
    if (l.facts.taint.carries(node)) reject(catalogue.noRule, node, name);
    return asText(l, node, want, false);
  }
  return applyRule(l, op, name, values ?? args.map((a) => numeric(l, a)), want);
}

function applyRule(l: Lowering, op: string, name: string, values: readonly Atom[], want: Want): Atom {
  const [, member = ""] = name.split(".");
  const isInteger = roundingFunction(member) || (keepsIntegers(member) && values.every((v) => v.type.kind === "int"));
  return l.let(op, values, isInteger ? int : real, want.name);
}

/** R12a: `Math.max:01` says which arguments are constants in the source text. */
function withFlags(l: Lowering, name: string, args: readonly ts.Expression[]): string {
  if (name !== "Math.max" && name !== "Math.min") return name;
  const flags = args.map((a) => (isConstantText(l, a) ? "1" : "0")).join("");
  return flags.includes("1") ? `${name}:${flags}` : name;
}

function other(l: Lowering, node: ts.CallExpression, name: string, want: Want, isDiscarded: boolean): Atom {
  const { taint } = l.facts;
  const givesNumber = !l.types.isCut(l.checker.getTypeAtLocation(node));
  const reads = readsOf(l, node) !== "unknown";
  for (const a of node.arguments) {
    if (givesNumber && !isDiscarded && taint.mentions(a)) reject(catalogue.noRule, node, name);
    const written = !reads && isReference(l.types.at(a)) && taint.carries(a);
    if (written) reject(catalogue.mayWrite, a, name, excerpt(a));
  }
  return asText(l, node, want, isDiscarded);
}

/** Object.freeze({ x }): a literal has no other name, so TypeScript knows all writes to it. */
function isLiteral(l: Lowering, node: ts.Expression): boolean {
  const inner = bare(l.ts, node);
  return l.ts.isObjectLiteralExpression(inner) || l.ts.isArrayLiteralExpression(inner);
}
