import { literal } from "../ir/build.js";
import type { Atom, Statement, Var } from "../ir/model.js";
import { int, isNull, nullable, orNull, type Type } from "../ir/types.js";
import type { Closure, Holder } from "./closures.js";
import { Draft } from "./draft.js";
import { dead, isPlain, normal, type Flow, type Target } from "./jumps.js";
import type { Key, Lowering, Values } from "./lowering.js";
import { freeVariables } from "./scopes.js";
import { join } from "./joined-types.js";
import { bound, boundWithin, statementsOf } from "../ir/walk.js";

/** How one side of a branch ends. Both sides have a value, or none. */
export interface Side {
  readonly flow: Flow;
  readonly value?: Atom;
}

interface Built {
  readonly statements: Statement[];
  readonly values: Values;
  readonly result: Side;
}

/**
 * `if (test) { … } else { … }`. The variables that differ behind its sides become results, as does the value, and the
 * status where the sides end in different ways.
 */
export function branch(l: Lowering, test: Atom, then: () => Side, otherwise: () => Side, name = ""): Side {
  if (test.kind === "literal") return test.value ? then() : otherwise();
  const origin = l.origin;
  const a = l.inBlock(then);
  const b = l.inBlock(otherwise);
  if (ends(a) && ends(b)) {
    l.add({ kind: "if", test, then: l.block("then", a.statements, []), else: l.block("else", b.statements, []), results: [] });
    return { flow: dead };
  }
  const results: Var[] = [];
  const yields: [Atom[], Atom[]] = [[], []];
  let made: ReadonlySet<Atom> | undefined;
  const merge = (x: Atom | undefined, y: Atom | undefined, hint: string, wish?: Type, before?: Atom): Atom | undefined => {
    const left = ends(a) ? y : x;
    const right = ends(b) ? x : y;
    if (left === undefined && right === undefined) return undefined;
    const closure = chosen(l, { test, made: (made ??= madeIn([a, b])) }, left, right);
    if (closure !== undefined) return closure;
    // A value made before the branch, or no name at all, needs no result even where the other side ends in a throw.
    if (left && right && sameAtom(left, right) && (!(ends(a) || ends(b)) || left === before || left.kind === "literal")) return left;
    const type = wish ?? typeOfBoth(left, right);
    const result: Var = { kind: "var", name: hint, type, origin };
    results.push(result);
    yields[0].push((ends(a) ? undefined : x) ?? filler(type));
    yields[1].push((ends(b) ? undefined : y) ?? filler(type));
    return result;
  };

  for (const key of keysOf(l, a.values, b.values)) {
    const x = a.values.get(key);
    const y = b.values.get(key);
    const before = l.values.get(key);
    if (x === before && y === before) continue;
    l.values.set(key, merge(x, y, nameOf(key, x ?? y), undefined, before));
  }
  const value = merge(a.result.value, b.result.value, name);
  const flow = mergeFlows(a, b, (x, y) => merge(x, y, "status", int) ?? literal(0));
  l.add({
    kind: "if",
    test,
    then: l.block("then", a.statements, yields[0]),
    else: l.block("else", b.statements, yields[1]),
    results,
  });
  return value === undefined ? { flow } : { flow, value };
}

/** A branch, for the functions that its sides give. */
interface Sides {
  readonly test: Atom;
  /** What is made within the sides, and is in scope there only. */
  readonly made: ReadonlySet<Atom>;
}

function madeIn(sides: readonly Built[]): ReadonlySet<Atom> {
  const statements = sides.flatMap((side) => statementsOf({ region: { name: "" }, statements: side.statements, yields: [] }));
  return new Set<Atom>(statements.flatMap((s) => [...bound(s), ...boundWithin(s)]));
}

/** Which function it is that a name stands for behind a branch: the one that it is on both sides, or a choice. */
function chosen(l: Lowering, sides: Sides, left: Atom | undefined, right: Atom | undefined): Atom | undefined {
  const then = l.closures.of(left);
  const otherwise = l.closures.of(right);
  if (left === right) return then && left;
  const lost = (): Atom => l.closures.variable({ kind: "lost" });
  if ([left, right].some((side) => side && l.closures.holderOf(side) && l.closures.isUnbound(side))) {
    const holder = holderOfEither(l, sides, left, right);
    return holder === undefined ? lost() : l.closures.object(holder);
  }
  if (then === undefined && otherwise === undefined) return undefined;
  const [a, b] = [left, right].map((side) => (side !== undefined && isAbsent(side) ? absence : l.closures.of(side)));
  if (a === undefined || b === undefined || !isThere(l, a, sides) || !isThere(l, b, sides)) return lost();
  return l.closures.variable({ kind: "choice", test: sides.test, then: a, otherwise: b });
}

/** What one of two objects holds that are nothing but the functions in them, of the same names: of each the one that is chosen. */
function holderOfEither(l: Lowering, sides: Sides, left: Atom | undefined, right: Atom | undefined): Holder | undefined {
  const [a, b] = [left, right].map((side) => (side && l.closures.isUnbound(side) ? l.closures.holderOf(side) : undefined));
  if (a === undefined || b === undefined || (a.length ?? b.length) !== undefined || a.members.size !== b.members.size || a.accessors.size + b.accessors.size > 0) return undefined;
  const members = new Map<string, Atom>();
  for (const [name, x] of a.members) {
    const y = b.members.get(name);
    const isEither = y !== undefined && (sameAtom(x, y) || (l.closures.isUnbound(x) && l.closures.isUnbound(y)));
    if (!isEither) return undefined;
    members.set(name, sameAtom(x, y) ? x : (chosen(l, sides, x, y) ?? x));
  }
  return { members, accessors: new Map() };
}

const absence: Closure = { kind: "none", text: "undefined" };

/** Whether a function that is made within a side of a branch sees only values that are there behind it. */
function isThere(l: Lowering, closure: Closure, sides: Sides): boolean {
  const isOuter = (atom: Atom): boolean => !sides.made.has(atom);
  if (closure.kind === "choice") return isThere(l, closure.then, sides) && isThere(l, closure.otherwise, sides) && isOuter(closure.test);
  if (closure.kind !== "written") return closure.kind !== "lost";
  if (closure.receiver !== undefined && !(closure.receiver instanceof Draft) && !isOuter(closure.receiver)) return false;
  return [...freeVariables(l, closure.declaration).keys()].every((symbol) => {
    const seen = closure.values.get(symbol);
    return seen === undefined || l.closures.isUnbound(seen) ? l.values.get(symbol) === seen : isOuter(seen);
  });
}

function ends(side: Built): boolean {
  return !side.result.flow.completes && side.result.flow.escapes.length === 0;
}

/** Variables declared within a side end with it; results of functions do not. */
function keysOf(l: Lowering, a: Values, b: Values): readonly Key[] {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].filter((key) => l.values.has(key) || isTarget(key));
}

export function isTarget(key: Key): key is Target {
  return !("escapedName" in key);
}

export function nameOf(key: Key, atom?: Atom): string {
  if (isTarget(key) && key.returns === undefined) return key.name;
  if (isTarget(key)) return atom?.kind === "var" && atom.name !== "" ? atom.name : "result";
  return key.name;
}

/** The type of a value that comes from one of two sides. */
function typeOfBoth(a: Atom | undefined, b: Atom | undefined): Type {
  if (a === undefined || b === undefined) return (a ?? b ?? literal(0)).type;
  if (isAbsent(a)) return isNull(a.type) ? orNull(b.type) : nullable(b.type);
  if (isAbsent(b)) return isNull(b.type) ? orNull(a.type) : nullable(a.type);
  return join(a.type, b.type);
}

function isAbsent(a: Atom): boolean {
  return a.kind === "literal" && a.value === undefined;
}

/** Stands where there is no value and none is ever read. */
export function filler(type: Type): Atom {
  if (type.nullable) return { kind: "literal", value: undefined, type };
  if (type.kind === "real" || type.kind === "int") return { kind: "literal", value: 0, type: int };
  return { kind: "literal", value: type.kind === "bool" ? false : undefined, type };
}

export function sameAtom(a: Atom, b: Atom): boolean {
  return a === b || (a.kind === "literal" && b.kind === "literal" && Object.is(a.value, b.value));
}

function mergeFlows(a: Built, b: Built, merge: (x: Atom, y: Atom) => Atom): Flow {
  const x = a.result.flow;
  const y = b.result.flow;
  if (ends(a)) return { ...y, status: merge(y.status, y.status) };
  if (ends(b)) return { ...x, status: merge(x.status, x.status) };
  if (isPlain(x) && isPlain(y)) return normal;
  return {
    status: merge(x.status, y.status),
    completes: x.completes || y.completes,
    escapes: [...new Set([...x.escapes, ...y.escapes])],
  };
}
