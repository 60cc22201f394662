import type { Atom, Block, Let, Region, Statement, Var } from "../../ir/model.js";
import { isReference } from "../../ir/types.js";
import { operands } from "../../ir/walk.js";
import type { Scopes } from "./scopes.js";

/** Operations that cost no more than a save and its load. */
const cheap: ReadonlySet<string> = new Set([
  ..."+ - * / neg < <= > >= === !== ! | & ^ ~ << >> >>> ?: identity isUndefined toNumber subarray".split(" "),
  ..."abs floor ceil round trunc sign max min fround imul clz32".split(" ").map((f) => `Math.${f}`),
  ..."isNaN isFinite isInteger".split(" ").map((f) => `Number.${f}`),
]);
const most = 12;

/** What one block of the mirror gets back from the forward sweep: by saving, or by doing it again. */
export interface Plan {
  readonly saved: ReadonlySet<Var>;
  readonly redone: ReadonlySet<Var>;
}

/**
 * Decides what is saved of one region for its mirror. Values that cannot be redone are; of the others as few as will
 * do: one value that several can be redone from, rather than each of them.
 */
export function plan(needed: ReadonlySet<Var>, mirror: Block, scopes: Scopes): Plan {
  const home = mirror.region.mirrors as Region;
  const saved = new Set<Var>();
  const leavesOf = (v: Var): ReadonlySet<Var> => leaves(v, home, mirror.region, scopes, saved);
  const isLeaf = (v: Var): boolean => leavesOf(v).has(v);
  for (const v of needed) if (isLeaf(v)) saved.add(v);
  const open = [...needed].filter((v) => !saved.has(v));
  const late = open.filter((v) => {
    const [leaf, ...more] = leavesOf(v);
    if (leaf === undefined) return false;
    if (more.length > 0 || isReference(leaf.type)) return true;
    saved.add(leaf);
    return false;
  });
  // What others are made of comes first: they may be redone from it.
  const depth = depths(home, scopes);
  late.sort((a, b) => depth(a) - depth(b));
  for (const v of late) if (leavesOf(v).size > 0) saved.add(v);
  const redone = new Set<Var>();
  const visit = (v: Var): void => {
    if (saved.has(v) || redone.has(v)) return;
    const s = scopes.definition.get(v);
    if (s && !scopes.stepsOf(v)) for (const a of operands(s)) if (a.kind === "var" && scopes.regionOf.get(a) === home) visit(a);
    redone.add(v);
  };
  needed.forEach(visit);
  return { saved, redone };
}

/** How many operations of a region a value is made by, one after the other. */
function depths(home: Region, scopes: Scopes): (v: Var) => number {
  const known = new Map<Var, number>();
  const depth = (v: Var): number => {
    const found = known.get(v);
    if (found !== undefined) return found;
    known.set(v, 0);
    const s = scopes.regionOf.get(v) === home ? scopes.definition.get(v) : undefined;
    const inner = s === undefined || s.kind === "loop" || s.kind === "if" ? [] : [...operands(s)].filter((a) => a.kind === "var");
    const result = 1 + Math.max(0, ...inner.map(depth));
    known.set(v, result);
    return result;
  };
  return depth;
}

/** What would have to be saved so that a value can be redone; itself where it cannot. */
function leaves(v: Var, home: Region, mirror: Region, scopes: Scopes, saved: ReadonlySet<Var>): ReadonlySet<Var> {
  let cost = 0;
  const found = new Set<Var>();
  const visit = (a: Atom): boolean => {
    if (a.kind === "literal" || scopes.inScope(a, mirror)) return true;
    if (scopes.regionOf.get(a) !== home) return scopes.mirrorFor(a, mirror) !== undefined;
    if (saved.has(a)) return true;
    const s = scopes.definition.get(a);
    if (s === undefined) return false;
    const steps = scopes.stepsOf(a);
    if (steps) return visit(steps.start);
    if (!canRedo(s, mirror, scopes)) {
      found.add(a);
      return true;
    }
    if (++cost > most) return false;
    return operands(s).every(visit);
  };
  if (visit(v) && ![...found].some((leaf) => leaf !== v && isReference(leaf.type) && !isReference(v.type))) return found;
  return new Set([v]);
}

/** i % 3: the remainder of small integers is fast, that of doubles slow. */
function isSmallRemainder({ op, args, result }: Let): boolean {
  const [, divisor] = args;
  return op === "%" && result.type.kind === "int" && (divisor?.kind !== "literal" || Number(divisor.value) < 2 ** 16);
}

function canRedo(s: Statement, mirror: Region, scopes: Scopes): boolean {
  if (s.kind === "allocate") return scopes.isMirrorOnly(s.result);
  if (s.kind === "let") return cheap.has(s.op.split(":")[0] ?? s.op) || s.op === "?:" || isSmallRemainder(s);
  return s.kind === "load" && scopes.isStable(s, mirror);
}
