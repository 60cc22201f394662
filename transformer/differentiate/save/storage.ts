import { shiftOf } from "../../ir/atoms.js";
import { Builder, isLiteral, literal, variable, zero } from "../../ir/build.js";
import type { Allocate, Atom, Block, Counter, If, Literal, Loop, Region, Statement, Var } from "../../ir/model.js";
import { arrayOf, bool, float64Array, int, isReference, nullable, sameType, type Type } from "../../ir/types.js";
import { rewriteStatement } from "../../ir/rewrite.js";
import type { Reversal } from "../reversal.js";
import type { Edits } from "./edits.js";
import { Exclusive, type Kept } from "./exclusive.js";
import { Sizes, type Nest } from "./sizes.js";
import type { Owner, Scopes } from "./scopes.js";
import type { Apart } from "./turn-before.js";

/** Saves values of the forward sweep where they are made, and loads them again where their mirror begins. */
export class Storage {
  private readonly sizes: Sizes;
  private readonly exclusive: Exclusive;
  /** What is made before a loop instead of in its turns. */
  private readonly moved = new Set<Statement>();
  /** The arrays of references that are made. */
  readonly lists = new Set<Var>();

  constructor(
    private readonly scopes: Scopes,
    private readonly edits: Edits,
    private readonly r: Reversal,
    private readonly need: (v: Var, use: Region) => void,
  ) {
    this.sizes = new Sizes(scopes, r);
    this.exclusive = new Exclusive(scopes);
  }

  save(v: Var, mirror: Block): void {
    const home = mirror.region.mirrors as Region;
    const loops = this.loopsFor(home, mirror);
    if (loops.length === 0) return this.asResult(v, home, mirror);
    if (loops[0] !== undefined && this.beforeLoop(v, loops[0], mirror)) return;
    const last = this.r.once.get(home);
    if (last !== undefined) return this.asLast(v, last, mirror);
    // Where a branch is not taken, nothing is made for it.
    const outermost = loops[loops.length - 1] as Owner;
    const nest = this.sizes.nestOf(loops.map((o) => o.statement), outermost);
    if (nest === undefined) this.onStack(v, home, mirror, outermost);
    else this.inArray(v, home, mirror, outermost, nest);
  }

  /** The loops around a block, from the inside, up to where its mirror stands. */
  private loopsFor(home: Region, mirror: Block): (Owner & { readonly statement: Loop })[] {
    return this.scopes.chain(home, mirror.region).filter((o): o is Owner & { statement: Loop } => o.statement.kind === "loop");
  }

  // for (…) { x = k % 3; … }   becomes   x = k % 3; for (…) { … }   where no turn changes it: there it is saved, if at all.
  private beforeLoop(v: Var, { statement: loop, region }: Owner & { readonly statement: Loop }, mirror: Block): boolean {
    const { scopes, edits } = this;
    const s = scopes.definition.get(v);
    if (s === undefined || isReference(v.type) || !scopes.isInvariant(s, loop)) return false;
    const result = { ...v };
    const made = rewriteStatement(s, { atom: (a) => a, bind: () => result });
    scopes.bind(result, made, region);
    this.moved.add(made);
    edits.putBefore(loop, made);
    edits.replace(s, { kind: "let", result: v, op: "identity", args: [result], ...(s.origin && { origin: s.origin }) });
    edits.names.set(v, result);
    if (!scopes.inScope(result, mirror.region)) this.need(result, mirror.region);
    return true;
  }

  // if (c) { …; x = … }   becomes   let x; if (c) { …; x = … }   and x is in scope after it
  private asResult(v: Var, home: Region, mirror: Block): void {
    const owner = this.scopes.owner.get(home) as Owner;
    const branch = owner.statement as If;
    const made = this.scopes.definition.get(v);
    // What saving has made on a side is not there where the other was taken: derivatives of this one may ask.
    const isSaved = made !== undefined && !this.scopes.position.has(made);
    const result = isSaved && isReference(v.type) ? { ...v, type: nullable(v.type) } : { ...v };
    const other = nothingOf(v.type);
    const then = branch.then.region === home;
    this.edits.giveResult(branch, result, then ? v : other, then ? other : v);
    this.scopes.bind(result, branch, owner.region);
    this.edits.names.set(v, result);
    if (!this.scopes.inScope(result, mirror.region)) this.need(result, mirror.region);
  }

  // for (…) { x = …; if (c) { … } }   becomes   let last = 0; for (…) { x = …; if (c) { …; last = x; } }
  private asLast(v: Var, { loop: home, side }: { readonly loop: Region; readonly side: Region }, mirror: Block): void {
    const [{ statement, region }, owner] = [home, side].map((r) => this.scopes.owner.get(r)) as [Owner, Owner];
    const [loop, branch] = [statement as Loop, owner.statement as If];
    const isThen = branch.then.region === side;
    const [own, other] = isThen ? [branch.then, branch.else] : [branch.else, branch.then];
    const at = own.yields.indexOf(v);
    const given = branch.results[at];
    // What the loop ends with, where turns that do not take the side leave it as it was.
    let last = loop.carried.find(({ param, result }, i) => given !== undefined && loop.body.yields[i + 1] === given && other.yields[at] === param && sameType(result.type, v.type))?.result;
    if (last === undefined) {
      const name = `kept${v.name.charAt(0).toUpperCase()}${v.name.slice(1)}`;
      const [param, next] = [{ ...v, name }, { ...v, name }];
      last = { ...v, name };
      this.edits.giveResult(branch, next, isThen ? v : param, isThen ? param : v);
      this.edits.giveCarried(loop, { param, init: nothingOf(v.type), result: last }, next);
      this.scopes.bind(param, loop, home);
      this.scopes.bind(next, branch, home);
      this.scopes.bind(last, loop, region);
    }
    this.edits.names.set(v, last);
    this.wantIn(last, mirror);
  }

  // saved[0] = d[0]; for (let i = 1; …) saved[i] = d[i]   in the forward sweep,   x = saved[i - 1], y = saved[i]   in the mirror
  saveBoth({ x, y }: Apart, mirror: Block): void {
    const home = mirror.region.mirrors as Region;
    const loops = this.loopsFor(home, mirror);
    const [inner, outermost] = [loops[0], loops.at(-1)];
    const nest = outermost && this.sizes.nestOf(loops.map((o) => o.statement), outermost);
    const lead = nest && inner?.statement.counter && this.leadOf(nest, inner.statement.counter);
    if (lead === undefined || inner?.statement.counter === undefined || outermost === undefined) return [x, y].forEach(({ load }) => { this.save(load.result, mirror); });
    const kept = this.arrayFor(y.load.result, lead.nest, outermost);
    const { start } = inner.statement.counter;
    const first = new Builder(x.load.origin);
    const value = first.load(x.load.of, shifted(start, x.by, first), "", x.load.result.type);
    const counters = [...lead.nest.counters.slice(0, -1), { var: shifted(start, lead.x, first), by: 1 }];
    const index = this.placeIn({ ...kept, nest: { ...lead.nest, counters } }, 0, first);
    // Where there is no turn, there may be no such place.
    first.add({ kind: "store", of: kept.saved, key: index, value });
    for (const s of first.statements) if (s.kind === "let" || s.kind === "load") this.scopes.bind(s.result, s, inner.region);
    this.edits.putBefore(inner.statement, ...first.statements);
    this.keep(y.load.result, home, kept, lead.y);
    this.bringFrom(y.load.result, mirror, kept, lead.y);
    this.bringFrom(x.load.result, mirror, kept, lead.x);
  }

  /** Before the place of the first turn there is one left, or is made. */
  private leadOf(nest: Nest, { start, step }: Counter): Lead | undefined {
    const last = nest.extents.at(-1);
    if (last === undefined || last.counter !== undefined) return undefined;
    const isCountingUp = step > 0 && start.kind === "literal";
    if (nest.counters.length > 1 && !isCountingUp) return undefined;
    if (isCountingUp && Number(start.value) >= 1) return { nest, x: -1, y: 0 };
    const s = last.of.kind === "var" ? this.scopes.definition.get(last.of) : undefined;
    const { from, by } = (s?.kind === "let" ? shiftOf(s) : undefined) ?? { from: last.of, by: 0 };
    const wider: Nest = { ...nest, extents: [...nest.extents.slice(0, -1), { of: from, plus: last.plus + by + 1 }] };
    return step > 0 ? { nest: wider, x: 0, y: 1 } : { nest: wider, x: 1, y: 0 };
  }

  // xs[i] = x   in the forward sweep,   const x = xs[i]   in the mirror. Out of a branch the array comes as its result.
  private inArray(v: Var, home: Region, mirror: Block, outermost: Owner, nest: Nest): void {
    const kept = this.exclusive.find(plural(v), arrayTypeFor(v.type), nest, home, this.sizes.placeFor(nest.extents, outermost)) ?? this.arrayFor(v, nest, outermost);
    this.exclusive.add(kept, home);
    this.keep(v, home, { ...kept, nest }, 0);
    this.bringFrom(v, mirror, { ...kept, nest }, 0);
  }
  private arrayFor(v: Var, nest: Nest, outermost: Owner): Kept {
    const place = this.sizes.placeFor(nest.extents, outermost);
    const sizing = new Builder(v.origin);
    const dimensions = this.sizes.dimensions(nest.extents, place, sizing);
    const length = this.sizes.product(dimensions, sizing);
    const fill = isReference(v.type) || v.type.nullable || v.type.kind === "opaque" ? literal(undefined) : zero;
    const saved = sizing.allocate(arrayTypeFor(v.type), { kind: "fill", length, value: fill }, plural(v));
    if (isReference(v.type)) this.lists.add(saved);
    this.put(place, sizing.statements);
    return { nest, saved, dimensions, place };
  }
  private placeIn({ nest, dimensions }: Kept, by: number, b: Builder): Atom {
    return shifted(this.sizes.index(nest, dimensions, b), by, b);
  }
  private keep(v: Var, home: Region, kept: Kept, by: number): void {
    const forward = new Builder(v.origin);
    const value = v.type.kind === "bool" ? forward.let("toNumber", [v], int) : v;
    forward.store(kept.saved, this.placeIn(kept, by, forward), value);
    this.afterDefinition(v, home, forward.statements);
  }
  private bringFrom(v: Var, mirror: Block, kept: Kept, by: number): void {
    const { nest, saved, dimensions } = kept;
    const back = new Builder(v.origin && { ...v.origin, reverse: true });
    const index = this.placeIn(kept, by, back);
    for (const s of back.statements) this.scopes.bind((s as { result: Var }).result, s, mirror.region);
    for (const a of nest.counters.flatMap((c) => [c.var, ...(c.from ? [c.from] : [])])) this.wantIn(a, mirror);
    this.wantIn(saved, mirror);
    dimensions.slice(1).forEach((a) => { this.wantIn(a, mirror); });
    const loaded = back.load(saved, index, v.name, v.type.kind === "bool" ? int : v.type);
    const result = v.type.kind === "bool" ? back.let("!==", [loaded, zero], bool) : loaded;
    this.bring(v, result, back.statements, mirror);
  }

  // xs.push(x)   in the forward sweep,   const x = xs.pop()   in the mirror
  private onStack(v: Var, home: Region, mirror: Block, outermost: Owner): void {
    const place = this.sizes.placeFor([], outermost);
    const type = arrayOf(v.type);
    const saved = variable(plural(v), type, v.origin);
    const allocation: Allocate = { kind: "allocate", result: saved, initial: { kind: "elements", elements: [] } };
    if (isReference(v.type)) this.lists.add(saved);
    this.put(place, [allocation]);
    const forward = new Builder(v.origin);
    forward.push(saved, v);
    this.atTurnEnds(v, home, forward.statements);
    const back = new Builder(v.origin && { ...v.origin, reverse: true });
    const result = back.pop(saved, v.name);
    this.wantIn(saved, mirror);
    this.bring(v, result, back.statements, mirror);
  }

  private wantIn(a: Atom, mirror: Block): void {
    if (a.kind === "var" && !this.scopes.inScope(a, mirror.region)) this.need(a, mirror.region);
  }
  private put(place: Owner, statements: readonly Statement[]): void {
    for (const s of statements) this.scopes.bind((s as { result: Var }).result, s, place.region);
    this.edits.putBefore(place.statement, ...statements);
  }
  private bring(v: Var, result: Var, statements: readonly Statement[], mirror: Block): void {
    for (const s of statements) this.scopes.bind((s as { result: Var }).result, s, mirror.region);
    this.edits.putFirst(mirror.region, ...statements);
    this.edits.names.set(v, result);
  }

  private afterDefinition(v: Var, home: Region, statements: readonly Statement[]): void {
    for (const s of statements) if (s.kind === "let") this.scopes.bind(s.result, s, home);
    const s = this.scopes.definition.get(v);
    const block = this.scopes.blocks.get(home);
    if (s && (this.moved.has(s) || block?.statements.includes(s))) this.edits.putAfter(s, ...statements);
    else this.edits.putFirst(home, ...statements);
  }

  /**
   * Where only completed turns are mirrored, what a turn saves before it may leave the loop is saved once it is sure
   * to go on: else the last, partial turn would leave something on the stack.
   */
  private atTurnEnds(v: Var, home: Region, statements: readonly Statement[]): void {
    const ends = this.completing(home);
    if (ends === undefined) return this.afterDefinition(v, home, statements);
    for (const end of ends) this.edits.putLast(end, ...statements);
  }
  private completing(home: Region): Region[] | undefined {
    for (const region of this.scopes.around(home)) {
      const owner = this.scopes.owner.get(region);
      if (owner?.statement.kind !== "loop") continue;
      const record = this.r.loops.get(region);
      const block = this.scopes.blocks.get(region);
      if (!record || record.partial || !block) return undefined;
      const found = turnEnds(block, 0);
      return found.get(home)?.length === 1 && found.get(home)?.[0] === home ? undefined : found.get(home);
    }
    return undefined;
  }
}

/** What stands for a value where there is none. */
function nothingOf(type: Type): Literal {
  if (isReference(type) || type.nullable === true || type.kind === "opaque") return literal(undefined);
  return type.kind === "bool" ? literal(false) : zero;
}

/** For each block on the way to an exit the blocks within it with which a turn goes on. */
function turnEnds(block: Block, statusAt: number): Map<Region, Region[]> {
  const found = new Map<Region, Region[]>();
  const status = block.yields[statusAt];
  if (status === undefined) return found;
  if (isLiteral(status)) return found.set(block.region, status.value === 0 ? [block.region] : []);
  const exit = block.statements.find((s): s is If => s.kind === "if" && s.results.includes(status));
  if (exit === undefined) return found;
  const ends: Region[] = [];
  for (const side of [exit.then, exit.else]) {
    const inner = turnEnds(side, exit.results.indexOf(status));
    for (const [region, list] of inner) found.set(region, list);
    ends.push(...(inner.get(side.region) ?? []));
  }
  return found.set(block.region, ends);
}

function arrayTypeFor(type: Type): Type {
  if (type.kind === "bool" && !type.nullable) return { kind: "typed", name: "Uint8Array" };
  if ((type.kind === "real" || type.kind === "int") && !type.nullable) return float64Array;
  return arrayOf(type);
}

/** How far from the place of a turn that of y is and that of x, which is that of y in the turn before. */
interface Lead {
  readonly nest: Nest;
  readonly x: number;
  readonly y: number;
}

function shifted(a: Atom, by: number, b: Builder): Atom {
  if (by === 0) return a;
  return a.kind === "literal" ? literal(Number(a.value) + by) : b.let(by > 0 ? "+" : "-", [a, literal(Math.abs(by))], int);
}

function plural(v: Var): string {
  return v.name === "" ? "saved" : `${v.name}s`;
}
