import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { catalogue, diagnose, type Entry } from "../diagnostics.js";
import { Activity, type Carries } from "../differentiate/activity.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, Origin, Statement, Var } from "../ir/model.js";
import { carriesReal, isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import type { Order } from "../requests/request.js";
import { cutting } from "../rules/activity.js";

/** What a number is computed from, roundings included: not what it was compared with or found by. */
const values: Carries = {
  value: (type) => type.kind !== "bool" && !isReference(type),
  operation: (op) => cutting[op] !== "silent",
  text: true,
};

/**
 * Warnings for parameters by which the derivative is always 0: where a rounding or a text ends it, and where the result is
 * not computed from a parameter that is asked for by name.
 */
export function alwaysZero(fn: Fn, { wrt, call }: Order, program: ts.Program): readonly Diagnostic[] {
  const places = wrt?.parameters ?? fn.params.map((_, i) => i);
  const isNamed = wrt !== undefined || fn.params.length === 1;
  const functions = reachable(fn);
  const memory = new Memory(functions);
  const among = new Activity(functions, memory, places.flatMap((i) => fn.params[i] ?? []), fn.body.yields);
  return places.flatMap((i): readonly Diagnostic[] => {
    const param = fn.params[i];
    if (param === undefined || !carriesReal(param.type) || among.isActive(param)) return [];
    const derivative = new Activity(functions, memory, [param], fn.body.yields);
    const loose = new Activity(functions, memory, [param], fn.body.yields, values);
    const cut = loose.isActive(param) ? functions.flatMap((one) => [...statementsOf(one.body)]).find((s) => ends(s, derivative, loose)) : undefined;
    if (cut?.origin !== undefined) return warn(program, catalogue.cut, cut.origin, fn.name, param.name, textOf(program, cut.origin));
    const at = call.arguments[wrt === undefined ? 0 : 1] ?? call;
    return isNamed && !loose.isActive(param) ? [diagnose(catalogue.noDependence, at, fn.name, param.name)] : [];
  });
}

/** Whether a derivative ends at a statement whose value is part of the result. */
function ends(s: Statement, derivative: Activity, loose: Activity): boolean {
  const isVaried = (a: Atom): boolean => derivative.isVaried(a);
  const result = resultOf(s);
  return result !== undefined && loose.isActive(result) && (s.kind === "let" || s.kind === "opaque") && s.args.some(isVaried);
}

/** The result of an operation that has no derivative, or of a text. */
function resultOf(s: Statement): Var | undefined {
  if (s.kind === "let") return cutting[s.op] === "warned" ? s.result : undefined;
  return s.kind === "opaque" ? s.result : undefined;
}

function warn<Args extends readonly string[]>(program: ts.Program, entry: Entry<Args>, origin: Origin, ...args: Args): readonly Diagnostic[] {
  const file = program.getSourceFile(origin.file);
  const { code, id, severity, message, advice } = entry;
  if (file === undefined) return [];
  return [{ code, id, severity, message: message(...args), advice: advice(...args), file, pos: origin.pos, length: origin.end - origin.pos }];
}

function textOf(program: ts.Program, origin: Origin): string {
  const text = program.getSourceFile(origin.file)?.text.slice(origin.pos, origin.end).replace(/\s+/g, " ") ?? "";
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
