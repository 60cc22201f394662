import { sameAtom } from "../../ir/atoms.js";
import { Builder, field, isLiteral, literal, region, variable, zero } from "../../ir/build.js";
import type { Accumulate, Allocate, Atom, Block, Copy, If, Key, Literal, Load, Loop, Statement, Var } from "../../ir/model.js";
import { rewriteStatement } from "../../ir/rewrite.js";
import { bool, elementType, isNumeric, isReference, nonNull, type Type } from "../../ir/types.js";
import { statementsOf } from "../../ir/walk.js";
import { ofWholeNumbers } from "../fold.js";
import { grown, isGrowth, stored, type Growth } from "./lists.js";
import { isBeyond, isLength, partsOf, placeOf, type Candidates } from "./places.js";

/** The present values of all elements, by the allocation and the place. */
type Values = Map<Var, readonly Atom[]>;

function valueIn(values: Values, of: Atom | undefined): readonly Atom[] {
  const found = of?.kind === "var" ? values.get(of) : undefined;
  if (found === undefined) throw new Error("memory that is handed on without its elements");
  return found;
}

export class Replacer {
  private readonly names = new Map<Var, Atom>();
  private values: Values = new Map();
  /** What is asked for an array or object that it has not got: `part.w` of a part that was made without. */
  readonly lacking = new Set<Var>();

  /** `isMissing`: whether what is put into a typed array, which has NaN then, may be undefined. */
  constructor(
    private readonly found: Candidates,
    private readonly isMissing: (of: Var, value: Atom) => boolean,
  ) {}

  block(block: Block): Block {
    const statements = block.statements.flatMap((s) => this.statement(s));
    return { ...block, statements, yields: block.yields.map((y) => this.atom(y)) };
  }

  private atom(a: Atom): Atom {
    return a.kind === "var" ? (this.names.get(a) ?? a) : a;
  }

  private statement(s: Statement): Statement[] {
    if (s.kind === "if") return this.branch(s);
    if (s.kind === "loop") return [this.loop(s)];
    if (s.kind === "allocate" && this.found.has(s.result)) {
      const { initial } = s;
      if (initial.kind === "zerosLike") return this.zeros(s, initial.source);
      const elements = initial.kind === "elements" ? initial.elements : Array.from({ length: Number((initial.length as Literal).value) }, () => initial.value);
      const parts = new Builder(s.origin);
      this.values.set(s.result, elements.map((e) => this.put(s.result, e, parts)));
      return [...parts.statements];
    }
    if (s.kind === "copy" && this.found.has(s.result)) return this.copy(s);
    if (s.kind === "accumulate" && s.of.kind === "var" && this.found.has(s.of)) return this.accumulate(s, s.of);
    if (isGrowth(s) && s.of.kind === "var" && this.found.has(s.of)) return this.grow(s, s.of);
    if (s.kind === "load" && s.of.kind === "var" && this.found.has(s.of)) return this.load(s, s.of);
    if (s.kind === "store" && s.of.kind === "var" && this.found.has(s.of)) {
      const place = this.placeOf(s.of, s.key);
      const parts = new Builder(s.origin);
      this.become(s.of, place === undefined ? undefined : stored(this.values.get(s.of) ?? [], place, this.put(s.of, s.value, parts), s.of));
      return [...parts.statements];
    }
    const rewritten = rewriteStatement(s, { atom: (a) => this.atom(a) });
    const known = rewritten.kind === "let" ? ofWholeNumbers(rewritten) : undefined;
    if (known === undefined || rewritten.kind !== "let") return [rewritten];
    this.names.set(rewritten.result, known);
    return [];
  }

  // b = new Float64Array(1); b[0] = a[i]   b0 is a[i] ?? NaN
  private put(of: Var, a: Atom, parts: Builder): Atom {
    const value = this.atom(a);
    return this.isMissing(of, value) ? parts.let("??", [value, literal(NaN)]) : value;
  }

  private load(s: Load, of: Var): Statement[] {
    const values = this.values.get(of) ?? [];
    const place = this.placeOf(of, s.key);
    const value = place === undefined ? undefined : values[place];
    if (value !== undefined) return this.read(s.result, value, s, of);
    if (isLength(s, this.found)) this.names.set(s.result, literal(values.length));
    else if (isBeyond(s)) this.names.set(s.result, literal(undefined, s.result.type));
    else this.lacking.add(of);
    return [];
  }

  // a.push(x)   a2 is x;   y = a.pop()   y is a2
  private grow(s: Growth, of: Var): Statement[] {
    const values = this.values.get(of) ?? [];
    this.become(of, grown(values, s, (a) => this.atom(a)));
    const last = values[values.length - 1];
    return s.kind === "pop" && last !== undefined ? this.read(s.result, last, s, of) : [];
  }

  /** a[a.length - 1]: the place is known where the length is. */
  private placeOf(of: Var, key: Key): number | undefined {
    return placeOf(of, key.kind === "field" ? key : this.atom(key), this.found);
  }

  /** Gives a list other values. Where it is not known how many these are it stays a list. */
  private become(of: Var, values: readonly Atom[] | undefined): void {
    if (values === undefined) this.lacking.add(of);
    else this.values.set(of, values);
  }

  // b = a.slice(1)   b0 is a1;   s = { ...r }   becomes   sX = r.x; sW = r.w.slice()
  private copy(s: Copy): Statement[] {
    const { of, result, depth } = s;
    const parts = new Builder(s.origin);
    const [from, to] = [s.from, s.to].map((a) => (a?.kind === "literal" ? Number(a.value) : undefined));
    // Of what is no longer than what is asked for, that is all.
    const isOpen = partsOf(of.type) === undefined && !this.values.has(of as Var);
    const places = [...(isOpen ? (this.found.get(result) ?? []) : (partsOf(of.type) ?? valueIn(this.values, of))).keys()].slice(from, to);
    this.values.set(result, places.map((i) => {
      const isCopied = depth > 1 && isReference(partType(of.type, i));
      const part = this.part(parts, of, i, !isCopied);
      return isCopied ? parts.copy(part, depth - 1, of.type.kind === "record" ? nameOf(of.type, i) : slotName(result, i)) : this.put(result, part, parts);
    }));
    return parts.statements;
  }

  // dr = zeros like r   becomes   drX = 0; drW = zeros like r.w
  private zeros({ result, origin }: Allocate, of: Atom): Statement[] {
    const parts = new Builder(origin);
    const types = this.found.get(result) ?? [];
    const source = (i: number): Atom => this.part(parts, of, of.type.kind === "record" ? of.type.fields.findIndex((f) => f.name === nameOf(result.type, i)) : i, false);
    this.values.set(result, types.map((type, i) => {
      if (!isReference(type)) return !isNumeric(type) ? literal(undefined, type) : type.nullable ? zeroOfMissing(parts, source(i), type) : zero;
      const like = source(i);
      if (like.kind === "literal" && of.kind === "var") this.lacking.add(of);
      return parts.allocate(type, { kind: "zerosLike", source: like }, slotName(result, i));
    }));
    return parts.statements;
  }

  /** A part of memory that is replaced, or is read for it. */
  private part(parts: Builder, of: Atom, i: number, isNamed: boolean): Atom {
    const value = of.kind === "var" ? this.values.get(of)?.[i] : undefined;
    if (value !== undefined) return value;
    const name = nameOf(of.type, i);
    return parts.load(this.atom(of), of.type.kind === "record" ? field(name) : literal(i), isNamed && of.type.kind === "record" ? name : "", partType(of.type, i));
  }

  // da[0] += x   becomes   da0' = da0 + x
  private accumulate(s: Accumulate, of: Var): Statement[] {
    const values = this.values.get(of) ?? [];
    const place = this.placeOf(of, s.key);
    const [before, added] = [values[place ?? -1], this.atom(s.value)];
    if (before === undefined || isHole(before, of)) {
      this.lacking.add(of);
      return [];
    }
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
    if (result.type.nullable !== true && isLiteral(value) && (isReference(result.type) || isHole(value, of))) this.lacking.add(of);
    if (value.type.nullable && !result.type.nullable && value.kind === "var") {
      return [{ kind: "let", result, op: "identity", args: [value], ...(s.origin && { origin: s.origin }) }];
    }
    this.names.set(result, value);
    return [];
  }

  // if (c) { a[0] = x }   becomes   a0 = if (c) { yield x } else { yield a0 }
  // b = if (c) { yield a } else …   becomes   b0 = if (c) { yield a0 } else …
  private branch(s: If): Statement[] {
    const test = this.atom(s.test);
    if (test.kind === "literal") return this.side(s, test.value ? s.then : s.else);
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
    const merge = (of: Var, a: readonly Atom[], b: readonly Atom[]): void => void this.become(of, a.length !== b.length ? undefined : a.map((x, i) => {
      const y = b[i] ?? x;
      if (sameAtom(x, y)) return x;
      if (isHole(x, of) || isHole(y, of)) this.lacking.add(of);
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
    return [{ ...s, test, results, then: { ...then.block, yields: yields[0] }, else: { ...otherwise.block, yields: yields[1] } }];
  }

  /** The side that is taken, where it is known which: what is asked may have been the length of a list. */
  private side(s: If, taken: Block): Statement[] {
    const { statements, yields } = this.block(taken);
    s.results.forEach((r, i) => {
      if (this.found.has(r)) this.values.set(r, valueIn(this.values, taken.yields[i]));
      else this.names.set(r, yields[i] ?? r);
    });
    return [...statements];
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
    // Of a list that a turn makes longer nobody knows how long it is.
    const grows = new Set(statementsOf(s.body).flatMap((inner) => (isGrowth(inner) ? [inner.of] : [])));
    for (const [of, values] of before) if (grows.has(of) || this.values.get(of)?.length !== values.length) this.lacking.add(of);
    for (const { of, init } of added) if (isHole(init, of)) this.lacking.add(of);
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
      const places = written.get(s.of) ?? new Set<number>();
      // Where the place is known later only it may be any.
      for (const p of place === undefined ? (this.values.get(s.of) ?? []).keys() : [place]) places.add(p);
      written.set(s.of, places);
    }
    return written;
  }

  private slot(of: Var, i: number, s: Statement): Var {
    return variable(slotName(of, i), this.found.get(of)?.[i] ?? { kind: "real" }, s.origin);
  }
}

// r.x === undefined ? undefined : 0
function zeroOfMissing(b: Builder, number: Atom, type: Type): Atom {
  if (number.kind === "literal" || !number.type.nullable) return number.kind === "literal" && number.value === undefined ? literal(undefined, type) : zero;
  const result = variable("", type, b.origin);
  const side = (name: string, value: Atom): Block => ({ region: region(name), statements: [], yields: [value] });
  b.if(b.let("isUndefined", [number], bool), side("missing", literal(undefined, type)), side("present", zero), [result]);
  return result;
}

/** What an array has no element for, or none yet. */
function isHole(a: Atom, { type }: Var): boolean {
  return type.kind === "array" && type.element.nullable !== true && a.kind === "literal" && a.value === undefined;
}

function slotName(of: Var, i: number): string {
  const name = nameOf(of.type, i);
  return of.name === "" ? "" : `${of.name}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function nameOf(type: Type, i: number): string {
  return type.kind === "record" ? (type.fields[i]?.name ?? "") : String(i);
}

function partType(type: Type, i: number): Type {
  return type.kind === "record" ? (type.fields[i]?.type ?? type) : elementType(type);
}
