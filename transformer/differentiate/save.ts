import { sameAtom } from "../ir/atoms.js";
import { Builder, isLiteral, literal, zero } from "../ir/build.js";
import type { Atom, Block, Fn, If, Loop, Region, Statement, Var } from "../ir/model.js";
import { renew, rewriteBlock, rewriteStatement } from "../ir/rewrite.js";
import { int, nonNull, sameType } from "../ir/types.js";
import { blocksOf, operands } from "../ir/walk.js";
import { fold } from "../optimise/fold.js";
import { removeDead } from "../optimise/dead.js";
import type { Naming } from "./frame.js";
import type { Reversal } from "./reversal.js";
import { lastTaken } from "./last-taken.js";
import { Edits } from "./save/edits.js";
import { keepLengths } from "./save/lengths.js";
import { plan } from "./save/plan.js";
import { Recipes, usedBy } from "./save/recipes.js";
import { Scopes } from "./save/scopes.js";
import { Storage } from "./save/storage.js";
import { turnsApart } from "./save/turn-before.js";
import { shadowsInMirror } from "./shadows-in-mirror.js";
import { stepsOf, type Steps } from "./steps.js";

/**
 * Brings names of the forward sweep into scope in the mirror. The mirror has named every forward value that it may
 * want; what nothing needs is removed first, and of the rest as little as will do is saved.
 */
export function save(fn: Fn, r: Reversal): Fn {
  return tidy(bringIntoScope(shadowsInMirror(fn, r), r));
}

/** Removes what the stage has made needless: names for the same value, branches that are known, dead code. */
export function tidy(fn: Fn): Fn {
  return removeDead(fold(removeDead(fold(fn))));
}

export function bringIntoScope(fn: Fn, r: Reversal): Fn {
  const wanted = withoutTests(removeDead(named(apart(fn, r), r.naming)), r);
  const scopes = new Scopes(wanted, (load) => r.isWrittenBetween(load), (f) => r.memoryOf(f), (v) => r.mirrorOnly.has(v), (v, loop) => stepsIn(loop, v, r));
  const edits = new Edits();
  const needs = new Map<Block, Set<Var>>();
  const need = (v: Var, use: Region): void => {
    const mirror = scopes.mirrorFor(v, use);
    if (mirror === undefined) throw new Error(`${v.name || "a value"} of the forward sweep is out of reach of its mirror`);
    const list = needs.get(mirror);
    if (list) list.add(v);
    else needs.set(mirror, new Set([v]));
  };
  collectNeeds(wanted.body, scopes, need);
  const isNeeded = (v: Var, use: Region): boolean => {
    const mirror = scopes.mirrorFor(v, use);
    return scopes.inScope(v, use) || (mirror !== undefined && needs.get(mirror)?.has(v) === true);
  };
  const recipes = new Recipes(scopes, (v) => r.shadows.get(v), isNeeded, () => r.runsText(), (a) => r.isWritten(a));
  const storage = new Storage(scopes, edits, r, need);
  const done = new Set<Block>();
  // The innermost first: what is redone there may need values from further out.
  for (let mirror = innermost(needs, done, scopes); mirror; mirror = innermost(needs, done, scopes)) {
    done.add(mirror);
    bringBack(mirror, needs.get(mirror) ?? new Set(), { scopes, edits, storage, recipes, need, r });
  }
  return keepLengths(edits.apply(wanted, scopes), storage.lists, r);
}

function withoutTests(fn: Fn, r: Reversal): Fn {
  const known = lastTaken(fn, r);
  return known === fn ? fn : removeDead(known);
}

/** What a number is in a turn that the mirror counts. */
function stepsIn(loop: Loop, v: Var, r: Reversal): Steps | undefined {
  const { region } = loop.body;
  const mirror = r.mirrors.get(region);
  const steps = mirror && stepsOf(v, loop, r.loops.get(region)?.partial ?? false);
  return steps && mirror.exact && steps.by % (loop.counter?.step ?? 1) !== 0 ? undefined : steps;
}

interface Saving {
  readonly scopes: Scopes;
  readonly edits: Edits;
  readonly storage: Storage;
  readonly recipes: Recipes;
  readonly need: (v: Var, use: Region) => void;
  readonly r: Reversal;
}

function bringBack(mirror: Block, needed: Set<Var>, saving: Saving): void {
  const { scopes, edits, storage, recipes, need } = saving;
  const home = mirror.region.mirrors as Region;
  // Saving by index needs the counter of this very block.
  const before = needed.size;
  const { saved, redone } = plan(needed, mirror, scopes, recipes);
  const handedOn = handOn(saved, mirror, saving);
  const alone = [...saved].filter((v) => !handedOn.has(v));
  const neighbours = saving.r.once.has(home) ? [] : turnsApart(alone, home, scopes);
  for (const v of alone) {
    const both = neighbours.find(({ x, y }) => x.load.result === v || y.load.result === v);
    if (both === undefined) storage.save(v, mirror);
    else if (both.y.load.result === v) storage.saveBoth(both, mirror);
  }
  if (needed.size > before) {
    for (const v of needed) {
      const steps = scopes.regionOf.get(v) === home ? scopes.stepsOf(v) : undefined;
      if (steps) redoSteps(v, steps, mirror, saving);
    }
  }
  for (const [v, s] of redone) {
    const steps = scopes.stepsOf(v);
    if (steps) redoSteps(v, steps, mirror, saving);
    if (s === undefined) continue;
    const reverse = v.origin && { ...v.origin, reverse: true };
    const [again, result] = renewed(s, v);
    const made: Statement = { ...again, ...(reverse ? { origin: reverse } : {}) };
    scopes.adopt(made, mirror.region);
    edits.putFirst(mirror.region, made);
    edits.names.set(v, result);
    for (const a of usedBy(s)) {
      if (a.kind === "var" && !scopes.inScope(a, mirror.region) && scopes.regionOf.get(a) !== home) need(a, mirror.region);
    }
  }
}

// for (…) { xs[i] = x; x = f(x); }   What a turn hands on is what the next one was given: where that is saved, the mirror
// has it from the turn before.
function handOn(saved: ReadonlySet<Var>, mirror: Block, { scopes, edits, r }: Saving): ReadonlySet<Var> {
  const home = mirror.region.mirrors as Region;
  const handedOn = new Set<Var>();
  const [loop, back] = [home, mirror.region].map((region) => scopes.owner.get(region)?.statement);
  if (loop?.kind !== "loop" || back?.kind !== "loop" || r.mirrors.get(home)?.exact !== true || !isLiteral(loop.body.yields[0] ?? zero, 0)) return handedOn;
  loop.carried.forEach((c, i) => {
    const v = loop.body.yields[i + 1];
    if (v?.kind !== "var" || handedOn.has(v) || !saved.has(v) || !saved.has(c.param) || scopes.regionOf.get(v) !== home) return;
    const around = scopes.owner.get(mirror.region)?.region;
    if (v === c.param || !sameType(nonNull(v.type), nonNull(c.param.type)) || around === undefined || !scopes.inScope(c.result, around)) return;
    const param = { ...v, type: c.param.type };
    edits.giveCarried(back, { param, init: c.result, result: { ...param } }, c.param);
    scopes.bind(param, back, mirror.region);
    // Only before the first turn there may be nothing.
    const b = new Builder(v.origin && { ...v.origin, reverse: true });
    const value = sameType(v.type, param.type) ? param : b.let("identity", [param], v.type, v.name);
    for (const s of b.statements) scopes.bind(value, s, mirror.region);
    edits.putFirst(mirror.region, ...b.statements);
    edits.names.set(v, value);
    handedOn.add(v);
  });
  return handedOn;
}

/** A statement that makes a value, with new names for that and for all within. */
function renewed(s: Statement, v: Var): readonly [Statement, Var] {
  const result = { ...v };
  if (s.kind !== "if") return [rewriteStatement(s, { atom: (a) => a, bind: () => result }), result];
  const again = rewriteStatement(s, { atom: (a) => a, bind: (bound) => (bound === v ? result : bound) }) as If;
  return [{ ...again, then: renew(again.then), else: renew(again.else) }, result];
}

/** The counter of the source is the mirror's own, or follows from the number of the turn, as other steps do. */
function redoSteps(v: Var, { start, by }: Steps, mirror: Block, { scopes, edits, need, r }: Saving): void {
  if (edits.names.has(v)) return;
  const home = mirror.region.mirrors as Region;
  const { counter } = scopes.definition.get(v) as Loop;
  const known = r.mirrors.get(home);
  if (known === undefined) throw new Error("a counter has no mirror");
  const own = known.exact ? counter : undefined;
  const each = by / (own?.step ?? 1);
  if (own !== undefined && each === 1 && sameAtom(own.start, start)) {
    edits.names.set(v, known.counter);
    return;
  }
  const b = new Builder(v.origin && { ...v.origin, reverse: true });
  for (const a of [start, ...(own ? [own.start] : [])]) if (a.kind === "var" && !scopes.inScope(a, mirror.region)) need(a, mirror.region);
  const turn = own === undefined || isLiteral(own.start, 0) ? known.counter : b.let("-", [known.counter, own.start], int);
  const isFromZero = each > 0 && isLiteral(start, 0);
  const far = Math.abs(each) === 1 ? turn : b.let("*", [turn, literal(Math.abs(each))], int, isFromZero ? v.name : "");
  const ahead = start.kind === "literal" ? [far, start] : [start, far];
  const value = isFromZero ? far : each > 0 ? b.let("+", ahead, v.type, v.name) : b.let("-", [start, far], v.type, v.name);
  for (const s of b.statements) scopes.bind((s as { result: Var }).result, s, mirror.region);
  edits.putFirst(mirror.region, ...b.statements);
  edits.names.set(v, value);
}

function collectNeeds(block: Block, scopes: Scopes, need: (v: Var, use: Region) => void): void {
  const use = (a: Atom): void => {
    if (a.kind === "var" && !scopes.inScope(a, block.region)) need(a, block.region);
  };
  for (const s of block.statements) {
    operands(s).forEach(use);
    for (const inner of blocksOf(s)) collectNeeds(inner, scopes, need);
  }
  block.yields.forEach(use);
}

function innermost(needs: ReadonlyMap<Block, ReadonlySet<Var>>, done: ReadonlySet<Block>, scopes: Scopes): Block | undefined {
  let found: Block | undefined;
  let depth = -1;
  for (const mirror of needs.keys()) {
    if (done.has(mirror)) continue;
    const d = [...scopes.around(mirror.region)].length;
    if (d > depth) [found, depth] = [mirror, d];
  }
  return found;
}

/** A loop that the mirror runs again stands there under the source's names: the forward sweep's copy gets new ones. */
function apart(fn: Fn, r: Reversal): Fn {
  if (r.replayed.size === 0) return fn;
  const statement = (s: Statement): Statement => {
    if (s.kind === "if") return { ...s, then: block(s.then), else: block(s.else) };
    if (s.kind !== "loop") return s;
    return r.replayed.has(s.body.region) ? renewedLoop(s) : { ...s, body: block(s.body) };
  };
  const block = (b: Block): Block => ({ ...b, statements: b.statements.map(statement) });
  return { ...fn, body: block(fn.body) };
}
function renewedLoop(s: Loop): Loop {
  const names = new Map<Var, Atom>();
  const fresh = (v: Var): Var => {
    const copy = { ...v };
    names.set(v, copy);
    return copy;
  };
  const counter = s.counter && { ...s.counter, var: fresh(s.counter.var) };
  const carried = s.carried.map((c) => ({ ...c, param: fresh(c.param) }));
  return { ...s, ...(counter ? { counter } : {}), carried, body: renew(s.body, names) };
}

/** Gives values that were made the names that were wished for them. */
export function named(fn: Fn, { wishes }: Naming): Fn {
  const names = new Map<Var, Var>();
  const rename = (v: Var): Var => {
    const name = wishes.get(v);
    if (name === undefined) return v;
    let renamed = names.get(v);
    if (renamed === undefined) names.set(v, (renamed = { ...v, name }));
    return renamed;
  };
  return { ...fn, params: fn.params.map(rename), body: rewriteBlock(fn.body, { atom: (a) => (a.kind === "var" ? rename(a) : a), bind: rename }) };
}
