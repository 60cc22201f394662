import { Builder, field, isLiteral, literal, variable } from "../ir/build.js";
import type { Accumulate, Allocate, Atom, Block, Copy, Fn, If, Key, Loop, Statement, Var } from "../ir/model.js";
import { sameAtom } from "../ir/atoms.js";
import { rewriteStatement } from "../ir/rewrite.js";
import { elementType, isReference, nonNull, sameType, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { joinsOf, sameShape, sharedNames } from "./joins.js";

/** The largest array that becomes variables. */
const most = 16;

/**
 * Scalar replacement: small arrays and records that never leave the function, and are only read and written at places
 * known now, become variables of their own. What is left allocates nothing, and nor does its gradient.
 */
export function replaceByScalars(fn: Fn, kept: ReadonlySet<Var> = new Set()): Fn {
  const found = candidates(fn, kept);
  if (found.size === 0) return fn;
  const replacer = new Replacer(found);
  const body = replacer.block(fn.body);
  // A side that no object gets to reads what this one has not got.
  if (replacer.lacking.size > 0) return replaceByScalars(fn, new Set([...kept, ...replacer.lacking]));
  // What was within a record that is no more may be replaced too.
  return replaceByScalars({ ...fn, body }, kept);
}

/** The elements of what can be replaced, by its name: of an allocation, or of what branches and loops hand on. */
type Candidates = ReadonlyMap<Var, readonly Type[]>;

function candidates(fn: Fn, kept: ReadonlySet<Var>): Candidates {
  const found = new Map<Var, readonly Type[]>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    const types = s.kind === "allocate" ? slotTypes(s) : s.kind === "copy" ? copiedTypes(s, found) : undefined;
    if (types !== undefined && (s.kind === "allocate" || s.kind === "copy")) found.set(s.result, types);
  }
  const joins = joinsOf(fn);
  for (const { to } of found.size === 0 ? [] : joins) {
    const types = joinedTypes(to);
    if (types !== undefined) found.set(to, types);
  }
  if (found.size === 0) return found;
  const reject = (a: Atom): void => void (a.kind === "var" && found.delete(a));
  for (const s of statements) {
    const isAccess = s.kind === "load" || s.kind === "store" || s.kind === "accumulate";
    const isCopied = s.kind === "copy" && found.has(s.result);
    // What a loop hands on is looked at below.
    if (s.kind !== "loop") {
      operands(s).forEach((a, i) => {
        if (!((isAccess || isCopied) && i === 0)) reject(a);
      });
    }
    if (isAccess && s.of.kind === "var" && found.has(s.of) && placeOf(s.of, s.key, found) === undefined && !isLength(s, found) && !isBeyond(s)) reject(s.of);
  }
  fn.body.yields.forEach(reject);
  kept.forEach(reject);
  withoutUnset(fn.body, found);
  const isFound = (a: Atom): boolean => a.kind === "var" && found.has(a);
  const copies = statements.flatMap((s) => (s.kind === "copy" && s.of.kind === "var" ? [{ copy: s.result, of: s.of }] : []));
  // Both or neither: from back to front, as copies of copies come later.
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { copy, of } of copies) {
      if (!found.has(copy)) reject(of);
      if (!found.has(of) && of.type.kind !== "record") reject(copy);
    }
    for (const { from, to } of joins) if (isFound(from) !== isFound(to) || found.get(from as Var)?.length !== found.get(to)?.length || !sameShape(from.type, to.type)) [from, to].forEach(reject);
    if (size === found.size) sharedNames(fn, joins, isFound).forEach(reject);
  }
  return found;
}

/** What a branch or a loop hands on, where the type tells its elements. */
function joinedTypes({ type }: Var): readonly Type[] | undefined {
  if (type.nullable === true) return undefined;
  if (type.kind === "record") return type.fields.length <= most ? type.fields.map((f) => f.type) : undefined;
  return type.kind === "array" && type.length !== undefined && type.length <= most ? Array.from({ length: type.length }, () => type.element) : undefined;
}

/** `a.slice(1)` of an array that is replaced, and `{ ...r }` of any record. */
function copiedTypes({ of, result, from, to, depth }: Copy, found: Candidates): readonly Type[] | undefined {
  if (of.kind !== "var" || of.type.nullable) return undefined;
  if (of.type.kind === "record") {
    const isFlat = of.type.fields.every((f) => !isReference(f.type) || depth <= 1 || !f.type.nullable);
    return isFlat && sameType(of.type, result.type) ? of.type.fields.map((f) => f.type) : undefined;
  }
  const types = found.get(of);
  if (types === undefined || (depth > 1 && types.some(isReference))) return undefined;
  const range = [from, to].map((a) => (a === undefined || a.kind === "literal" ? a?.value : NaN));
  if (range.some((end) => end !== undefined && !Number.isInteger(end))) return undefined;
  return types.slice(...(range as (number | undefined)[]));
}

/** Without the arrays of which an element may be looked at before it has a value: `new Array(2)` has none. */
function withoutUnset(body: Block, found: Map<Var, readonly Type[]>): void {
  const look = (block: Block): void => {
    const unset = new Map<Var, Set<number>>();
    for (const s of block.statements) {
      if (s.kind === "allocate" && s.initial.kind === "fill" && s.initial.value.kind === "literal" && s.initial.value.value === undefined && found.has(s.result)) {
        unset.set(s.result, new Set(found.get(s.result)?.keys()));
      }
      const place = s.kind === "store" && s.of.kind === "var" ? placeOf(s.of, s.key, found) : undefined;
      if (s.kind === "store" && s.of.kind === "var" && place !== undefined) unset.get(s.of)?.delete(place);
      else for (const [v, places] of unset) if (places.size > 0 && uses(s, v)) found.delete(v);
      blocksOf(s).forEach(look);
    }
  };
  look(body);
}

function slotTypes({ result: { type }, initial }: Allocate): readonly Type[] | undefined {
  if (initial.kind === "elements" && initial.elements.length <= most) {
    if (type.kind === "record") return type.fields.map((f) => f.type);
    // Single precision rounds what is stored.
    const isPlain = type.kind === "array" || (type.kind === "typed" && type.name === "Float64Array");
    return isPlain ? initial.elements.map(() => elementType(type)) : undefined;
  }
  if (initial.kind !== "fill" || initial.length.kind !== "literal" || isReference(initial.value.type)) return undefined;
  const length = Number(initial.length.value);
  const isPlain = (type.kind === "typed" && type.name === "Float64Array") || type.kind === "array";
  if (!isPlain || !Number.isInteger(length) || length < 0 || length > most) return undefined;
  return Array.from({ length }, () => elementType(type));
}

function placeOf(of: Var, key: Key, found: Candidates): number | undefined {
  const { type } = of;
  const size = found.get(of)?.length ?? 0;
  if (type.kind === "record") {
    const name = key.kind === "field" ? key.name : key.kind === "literal" ? String(key.value) : "";
    const at = type.fields.findIndex((f) => f.name === name);
    return at < 0 ? undefined : at;
  }
  if (key.kind !== "literal" || typeof key.value !== "number") return undefined;
  return Number.isInteger(key.value) && key.value >= 0 && key.value < size ? key.value : undefined;
}

/** [x].at(3): nothing is there. */
function isBeyond(s: Statement): boolean {
  if (s.kind !== "load" || !s.result.type.nullable || isReference(s.result.type) || s.of.type.kind === "record") return false;
  return s.key.kind === "literal" && typeof s.key.value === "number" && Number.isInteger(s.key.value) && s.key.value >= 0;
}

function isLength(s: Statement, found: Candidates): boolean {
  return s.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of.kind === "var" && s.of.type.kind !== "record" && found.has(s.of);
}

/** The present values of all elements, by the allocation and the place. */
type Values = Map<Var, readonly Atom[]>;

function valueIn(values: Values, of: Atom | undefined): readonly Atom[] {
  const found = of?.kind === "var" ? values.get(of) : undefined;
  if (found === undefined) throw new Error("memory that is handed on without its elements");
  return found;
}

class Replacer {
  private readonly names = new Map<Var, Atom>();
  private values: Values = new Map();
  /** What is asked for an array or object that it has not got: `part.w` of a part that was made without. */
  readonly lacking = new Set<Var>();

  constructor(private readonly found: Candidates) {}

  block(block: Block): Block {
    const statements = block.statements.flatMap((s) => this.statement(s));
    return { ...block, statements, yields: block.yields.map((y) => this.atom(y)) };
  }

  private atom(a: Atom): Atom {
    return a.kind === "var" ? (this.names.get(a) ?? a) : a;
  }

  private statement(s: Statement): Statement[] {
    if (s.kind === "if") return [this.branch(s)];
    if (s.kind === "loop") return [this.loop(s)];
    if (s.kind === "allocate" && this.found.has(s.result)) {
      const { initial } = s;
      const types = this.found.get(s.result) ?? [];
      const elements = initial.kind === "elements" ? initial.elements.map((e) => this.atom(e)) : types.map(() => this.atom(initial.kind === "fill" ? initial.value : initial.source));
      this.values.set(s.result, elements);
      return [];
    }
    if (s.kind === "copy" && this.found.has(s.result)) return this.copy(s);
    if (s.kind === "accumulate" && s.of.kind === "var" && this.found.has(s.of)) return this.accumulate(s, s.of);
    if ((s.kind === "load" || s.kind === "store") && s.of.kind === "var" && this.found.has(s.of)) {
      const values = this.values.get(s.of) ?? [];
      const place = placeOf(s.of, s.key, this.found);
      if (s.kind === "store") this.values.set(s.of, values.map((v, i) => (i === place ? this.atom(s.value) : v)));
      else if (place === undefined) this.names.set(s.result, isBeyond(s) ? literal(undefined, s.result.type) : literal(values.length));
      else return this.read(s.result, values[place] ?? s.result, s, s.of);
      return [];
    }
    return [rewriteStatement(s, { atom: (a) => this.atom(a) })];
  }

  // b = a.slice(1)   b0 is a1;   s = { ...r }   becomes   sX = r.x; sW = r.w.slice()
  private copy(s: Copy): Statement[] {
    const { of, result, depth } = s;
    const values = of.kind === "var" ? this.values.get(of) : undefined;
    if (values !== undefined && of.type.kind !== "record") {
      const [from, to] = [s.from, s.to].map((a) => (a?.kind === "literal" ? Number(a.value) : undefined));
      this.values.set(result, values.slice(from, to));
      return [];
    }
    const source = this.atom(of);
    const parts = new Builder(s.origin);
    const fields = of.type.kind === "record" ? of.type.fields : [];
    this.values.set(result, fields.map((f, i) => {
      const isCopied = depth > 1 && isReference(f.type);
      const part = values?.[i] ?? parts.load(source, field(f.name), isCopied ? "" : f.name, f.type);
      return isCopied ? parts.copy(part, depth - 1, f.name) : part;
    }));
    return parts.statements;
  }

  // da[0] += x   becomes   da0' = da0 + x
  private accumulate(s: Accumulate, of: Var): Statement[] {
    const values = this.values.get(of) ?? [];
    const place = placeOf(of, s.key, this.found);
    const [before, added] = [values[place ?? -1], this.atom(s.value)];
    if (before === undefined) throw new Error("an element that is not there");
    // Nothing has arrived there yet.
    const sum = isLiteral(before, 0) ? undefined : this.slot(of, place ?? 0, s);
    this.values.set(of, values.map((v, i) => (i === place ? (sum ?? added) : v)));
    if (sum === undefined) return [];
    const origin = s.origin && { origin: s.origin };
    // What may be missing is there where something is added to it.
    const isThere = before.kind === "literal" || before.type.nullable !== true;
    const there = isThere ? before : variable(before.name, nonNull(before.type), s.origin);
    const asserted: Statement[] = there === before || there.kind === "literal" ? [] : [{ kind: "let", result: there, op: "identity", args: [before], ...origin }];
    return [...asserted, { kind: "let", result: sum, op: "+", args: [there, added], ...origin }];
  }

  /** What may be undefined and is asserted to be there keeps its assertion. */
  private read(result: Var, value: Atom, s: Statement, of: Var): Statement[] {
    if (isReference(result.type) && result.type.nullable !== true && value.kind === "literal") this.lacking.add(of);
    if (value.type.nullable && !result.type.nullable && value.kind === "var") {
      return [{ kind: "let", result, op: "identity", args: [value], ...(s.origin && { origin: s.origin }) }];
    }
    this.names.set(result, value);
    return [];
  }

  // if (c) { a[0] = x }   becomes   a0 = if (c) { yield x } else { yield a0 }
  // b = if (c) { yield a } else …   becomes   b0 = if (c) { yield a0 } else …
  private branch(s: If): If {
    const test = this.atom(s.test);
    const before = this.values;
    const side = (block: Block): { block: Block; values: Values } => {
      this.values = new Map(before);
      const inner = this.block(block);
      return { block: inner, values: this.values };
    };
    const then = side(s.then);
    const otherwise = side(s.else);
    const kept = s.results.map((r) => !this.found.has(r));
    const results = s.results.filter((_, i) => kept[i]);
    const yields = [then.block, otherwise.block].map((side) => side.yields.filter((_, i) => kept[i])) as [Atom[], Atom[]];
    this.values = new Map(before);
    const merge = (of: Var, a: readonly Atom[], b: readonly Atom[]): void => void this.values.set(of, a.map((x, i) => {
      const y = b[i] ?? x;
      if (sameAtom(x, y)) return x;
      const result = this.slot(of, i, s);
      results.push(result);
      yields[0].push(x);
      yields[1].push(y);
      return result;
    }));
    for (const [of, old] of before) merge(of, then.values.get(of) ?? old, otherwise.values.get(of) ?? old);
    s.results.forEach((r, i) => {
      if (!kept[i]) merge(r, valueIn(then.values, s.then.yields[i]), valueIn(otherwise.values, s.else.yields[i]));
    });
    return { ...s, test, results, then: { ...then.block, yields: yields[0] }, else: { ...otherwise.block, yields: yields[1] } };
  }

  // for (…) { a[0] = x }   becomes   a loop that carries a0, and so does one that carries a
  private loop(s: Loop): Loop {
    const counter = s.counter && { ...s.counter, start: this.atom(s.counter.start), bound: this.atom(s.counter.bound) };
    const kept = s.carried.map((c) => !this.found.has(c.param));
    const carried = s.carried.filter((_, i) => kept[i]).map((c) => ({ ...c, init: this.atom(c.init) }));
    const joined = s.carried.flatMap((c, at) =>
      kept[at] ? [] : valueIn(this.values, c.init).map((init, i) => ({ c, at, i, init, param: this.slot(c.param, i, s), result: this.slot(c.result, i, s) })),
    );
    const written = this.writtenIn(s.body);
    const before = this.values;
    const added = [...before].flatMap(([of, values]) =>
      values.flatMap((init, i) => (written.get(of)?.has(i) ? [{ of, i, init, param: this.slot(of, i, s), result: this.slot(of, i, s) }] : [])),
    );
    const within = (pick: (a: (typeof added)[number]) => Atom): Values =>
      new Map([...before].map(([of, values]) => [of, values.map((v, i) => {
        const slot = added.find((a) => a.of === of && a.i === i);
        return slot === undefined ? v : pick(slot);
      })]));
    this.values = within((a) => a.param);
    for (const c of s.carried) if (this.found.has(c.param)) this.values.set(c.param, joined.filter((j) => j.c === c).map((j) => j.param));
    const body = this.block(s.body);
    const handed = joined.map(({ at, i, param }) => valueIn(this.values, s.body.yields[at + 1])[i] ?? param);
    const next = added.map(({ of, i, param }) => this.values.get(of)?.[i] ?? param);
    this.values = within((a) => a.result);
    for (const c of s.carried) if (this.found.has(c.result)) this.values.set(c.result, joined.filter((j) => j.c === c).map((j) => j.result));
    return {
      ...s,
      ...(counter && { counter }),
      carried: [...carried, ...[...joined, ...added].map(({ init, param, result }) => ({ init, param, result }))],
      body: { ...body, yields: [...body.yields.filter((_, i) => i === 0 || kept[i - 1]), ...handed, ...next] },
    };
  }

  private writtenIn(block: Block): ReadonlyMap<Var, ReadonlySet<number>> {
    const written = new Map<Var, Set<number>>();
    for (const s of statementsOf(block)) {
      if ((s.kind !== "store" && s.kind !== "accumulate") || s.of.kind !== "var" || !this.values.has(s.of)) continue;
      const place = placeOf(s.of, s.key, this.found);
      if (place === undefined) continue;
      written.set(s.of, (written.get(s.of) ?? new Set<number>()).add(place));
    }
    return written;
  }

  private slot(of: Var, i: number, s: Statement): Var {
    const name = of.type.kind === "record" ? (of.type.fields[i]?.name ?? "") : String(i);
    return variable(of.name === "" ? "" : `${of.name}${name.charAt(0).toUpperCase()}${name.slice(1)}`, this.found.get(of)?.[i] ?? { kind: "real" }, s.origin);
  }
}
