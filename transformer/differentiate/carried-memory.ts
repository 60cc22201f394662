import { allCells, isWhollyMade, mayDoAnything, writesOwnMemory } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { holdsReferences, isReference } from "../ir/types.js";
import { blocksOf, bound, operands, statementsOf } from "../ir/walk.js";
import { depthOf } from "./places.js";

/**
 * Why a loop that hands arrays or objects from turn to turn cannot go on with copies of them after each block: others know
 * the same memory by another name, or two of them may be the same where something is written.
 */
export function copyingFault(loop: Loop, fn: Fn, memory: Memory): string | undefined {
  const carried = loop.carried.map((c, i) => ({ ...c, next: loop.body.yields[i + 1] })).filter(({ param }) => isReference(param.type));
  if (carried.length === 0) return undefined;
  if (carried.some(({ param }) => param.type.nullable === true)) return "it hands on an array or object that may be missing";
  const cells = new Set(carried.flatMap(({ param }) => allCells(param, memory)));
  const isSame = (a: Atom): boolean => isReference(a.type) && allCells(a, memory).some((cell) => cells.has(cell));
  const { before, after } = around(loop, fn);
  const known = new Set<Atom>([...fn.params, ...fn.captures, ...before.flatMap(bound)].filter(isSame));
  const later = [...statementsOf(loop.body), ...after];
  const isUsed = later.some((s) => operands(s).some((a) => known.has(a)) || blocksOf(s).some((b) => b.yields.some((a) => known.has(a)))) || loop.body.yields.some((a) => known.has(a));
  if (isUsed) return "what it hands from turn to turn is known by another name as well, within it or after it";
  const made = new Set<Atom>(statementsOf(loop.body).flatMap((s) => (isMaking(s) ? bound(s) : [])));
  if (!later.some((s) => writesTo(s, cells, made, memory))) return undefined;
  if (carried.some(({ param }) => holdsReferences(param.type))) return "it writes to arrays or objects within those that it hands from turn to turn";
  const nexts = carried.map(({ next }) => next);
  const params = new Set<Atom>(carried.map(({ param }) => param));
  const inits = carried.map(({ init }) => init);
  const own = new Set<Atom>([...fn.params, ...before.flatMap((s) => (isMaking(s) ? bound(s) : []))]);
  const isDistinct = (atoms: readonly (Atom | undefined)[]): boolean => new Set(atoms).size === atoms.length;
  const isClear = isDistinct(nexts) && nexts.every((a) => a !== undefined && (params.has(a) || made.has(a))) && isDistinct(inits) && (inits.length === 1 || inits.every((a) => own.has(a)));
  return isClear ? undefined : "it writes to arrays that it hands from turn to turn, and two of these may be the same";
}

/** What is done before a loop that stands in no other, and what after it. The blocks around it count as after. */
function around(loop: Loop, fn: Fn): { readonly before: readonly Statement[]; readonly after: readonly Statement[] } {
  const before: Statement[] = [];
  const after: Statement[] = [];
  let isBehind = false;
  const visit = (block: Block): void => {
    for (const s of block.statements) {
      if (s === loop) isBehind = true;
      else {
        const holds = blocksOf(s).some((b) => statementsOf(b).includes(loop));
        if (holds || isBehind) after.push(s);
        else before.push(s);
        if (holds || s.kind === "if") blocksOf(s).forEach(visit);
        else for (const b of blocksOf(s)) (isBehind ? after : before).push(...statementsOf(b));
      }
    }
  };
  visit(fn.body);
  return { before, after };
}

/** Whether a statement makes the memory that it gives. */
function isMaking(s: Statement): boolean {
  if (s.kind === "allocate" || s.kind === "copy") return true;
  return s.kind === "call" && writesOwnMemory(s.callee.fn()) && givesNew(s.callee.fn());
}

/** Whether all memory that a function gives is made by it: it shares nothing with what it was given. */
export function givesNew(fn: Fn, asked: ReadonlySet<Fn> = new Set()): boolean {
  if (asked.has(fn)) return true;
  const within = new Set(asked).add(fn);
  const definitions = new Map<Atom, Statement>(statementsOf(fn.body).flatMap((s) => bound(s).map((v): [Var, Statement] => [v, s])));
  const isNew = (a: Atom | undefined): boolean => {
    if (a === undefined || !isReference(a.type) || a.kind === "literal") return true;
    const s = definitions.get(a);
    switch (s?.kind) {
      case "copy":
        return s.depth >= depthOf(s.of.type);
      case "allocate":
        return s.initial.kind === "elements" ? s.initial.elements.every(isNew) : !holdsReferences(a.type);
      case "if": {
        const i = s.results.indexOf(a);
        return isNew(s.then.yields[i]) && isNew(s.else.yields[i]);
      }
      case "call":
        return givesNew(s.callee.fn(), within);
      default:
        return false;
    }
  };
  return fn.body.yields.every(isNew);
}

function writesTo(s: Statement, cells: ReadonlySet<MemoryClass>, made: ReadonlySet<Atom>, memory: Memory): boolean {
  const isOne = (a: Atom): boolean => isReference(a.type) && allCells(a, memory).some((cell) => cells.has(cell));
  if (s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop" || s.kind === "resize") return !made.has(s.of) && isOne(s.of);
  if (s.kind === "call") return s.args.some((a) => !isWhollyMade(a, made) && isOne(a)) && !writesOwnMemory(s.callee.fn());
  return mayDoAnything(s);
}
