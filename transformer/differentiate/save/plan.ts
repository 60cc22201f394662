import type { Atom, Block, Region, Statement, Var } from "../../ir/model.js";
import { isReference } from "../../ir/types.js";
import { operands } from "../../ir/walk.js";
import { usedBy, type Recipes } from "./recipes.js";
import type { Scopes } from "./scopes.js";

/** Of how many operations a value that is done again is made at most. */
const most = 12;

/** What one block of the mirror gets back from the forward sweep: by saving, or by doing it again. */
export interface Plan {
  readonly saved: ReadonlySet<Var>;
  /** How each of the others is made; nothing where its loop tells it. */
  readonly redone: ReadonlyMap<Var, Statement | undefined>;
}

/**
 * Decides what is saved of one region for its mirror. Values that cannot be redone are; of the others as few as will
 * do: one value that several can be redone from, rather than each of them.
 */
export function plan(needed: ReadonlySet<Var>, mirror: Block, scopes: Scopes, recipes: Recipes): Plan {
  const home = mirror.region.mirrors as Region;
  const saved = new Set<Var>();
  const hard = new Set<Var>();
  const outer = new Set<Var>();
  const ways: Ways = { home, mirror: mirror.region, scopes, recipes, saved, outer };
  const leavesOf = (v: Var): ReadonlySet<Var> => leaves(v, ways);
  const depth = depths(home, scopes);
  const choose = (list: readonly Var[]): void => {
    // What others are made of comes first: they may be redone from it.
    const inOrder = [...list].sort((a, b) => depth(a) - depth(b));
    for (const v of inOrder) if (leavesOf(v).has(v)) [saved, hard].forEach((set) => set.add(v));
    const late = list.filter((v) => {
      const [leaf, ...more] = saved.has(v) ? [] : leavesOf(v);
      if (leaf === undefined) return false;
      const isAlone = (w: Var): boolean => leavesOf(w).size === 1 && leavesOf(w).has(leaf);
      if (more.length > 0 || (isReference(leaf.type) && list.filter(isAlone).length < 2)) return true;
      saved.add(leaf);
      return false;
    });
    late.sort((a, b) => depth(a) - depth(b));
    for (const v of late) if (leavesOf(v).size > 0) saved.add(v);
  };
  const isBranch = (v: Var): boolean => scopes.definition.get(v)?.kind === "if" && scopes.regionOf.get(v) === home;
  const plain = [...needed].filter((v) => !isBranch(v));
  // What arrays and objects hold can be looked up in those that are saved in any case.
  choose(plain.filter((v) => isReference(v.type)));
  choose(plain.filter((v) => !isReference(v.type)));
  // A branch is not taken again where anything is to be saved for that alone.
  const seen = new Set<Var>(saved);
  for (const v of plain) if (!seen.has(v) && leavesOf(v).size === 0) wantedFrom(v, ways, seen);
  for (const v of needed) if (isBranch(v) && leavesOf(v).size > 0) [saved, hard].forEach((set) => set.add(v));
  const redone = new Map<Var, Statement | undefined>();
  const visit = (v: Var): void => {
    if (saved.has(v) || redone.has(v)) return;
    const s = scopes.stepsOf(v) ? undefined : recipeFor(v, ways);
    if (s) for (const a of usedBy(s)) if (a.kind === "var" && scopes.regionOf.get(a) === home) visit(a);
    redone.set(v, s);
  };
  needed.forEach(visit);
  return { saved: new Set([...[...needed].filter((v) => hard.has(v)), ...saved]), redone };
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

interface Ways {
  readonly home: Region;
  readonly mirror: Region;
  readonly scopes: Scopes;
  readonly recipes: Recipes;
  readonly saved: ReadonlySet<Var>;
  /** What comes from further out in any case, since values are redone from it. */
  readonly outer: Set<Var>;
}

/** Notes what a value that is redone needs from further out. */
function wantedFrom(v: Var, ways: Ways, seen: Set<Var>): void {
  const { home, mirror, scopes, outer } = ways;
  seen.add(v);
  if (scopes.stepsOf(v)) return;
  for (const a of usedBy(recipeFor(v, ways))) {
    if (a.kind === "literal" || scopes.inScope(a, mirror) || seen.has(a)) continue;
    if (scopes.regionOf.get(a) === home) wantedFrom(a, ways, seen);
    else outer.add(a);
  }
}

/** What would have to be saved so that a value can be redone; itself where it cannot. */
function leaves(v: Var, ways: Ways): ReadonlySet<Var> {
  const search = new Search(ways);
  if (search.visit(v) && ![...search.found].some((leaf) => leaf !== v && isReference(leaf.type) && !isReference(v.type))) return search.found;
  return new Set([v]);
}

/** The statement that makes a value again of what there is: one for which nothing is saved further out either, where there is such a one. */
function recipeFor(v: Var, ways: Ways): Statement {
  const options = ways.recipes.of(v, ways.mirror);
  const isDone = (s: Statement, savesNothing: boolean): boolean => {
    const search = new Search(ways, savesNothing);
    return usedBy(s).every((a) => search.visit(a)) && search.found.size === 0;
  };
  const [first] = options;
  const recipe = options.length > 1 ? (options.find((s) => isDone(s, true)) ?? options.find((s) => isDone(s, false)) ?? first) : first;
  if (recipe === undefined) throw new Error(`${v.name || "a value"} of the forward sweep can neither be saved nor made again`);
  return recipe;
}

/** Looks for what has to be saved. */
class Search {
  found = new Set<Var>();
  private cost = 0;

  constructor(
    private readonly ways: Ways,
    /** Nothing may be saved further out either: so it is for a branch that is taken again. */
    private savesNothing = false,
  ) {}

  /** Whether a value can be had in the mirror, by what is found. */
  visit(a: Atom): boolean {
    const { home, mirror, scopes, recipes, saved } = this.ways;
    if (a.kind === "literal" || scopes.inScope(a, mirror)) return true;
    if (scopes.regionOf.get(a) !== home) return this.comesFromFurtherOut(a);
    if (saved.has(a)) return true;
    const steps = scopes.stepsOf(a);
    if (steps) return this.visit(steps.start);
    const options = recipes.of(a, mirror);
    if (options.length === 0) {
      this.found.add(a);
      return scopes.definition.has(a);
    }
    if (this.cheapest(options)) return true;
    const isBranch = options[0]?.kind === "if";
    if (isBranch) this.found.add(a);
    return isBranch;
  }

  private comesFromFurtherOut(a: Var): boolean {
    const outer = this.ways.scopes.mirrorFor(a, this.ways.mirror);
    if (outer === undefined || !this.savesNothing || this.ways.outer.has(a) || this.ways.recipes.isNeeded(a, this.ways.mirror)) return outer !== undefined;
    const search = new Search({ ...this.ways, home: outer.region.mirrors ?? this.ways.home, mirror: outer.region, saved: new Set() });
    return search.visit(a) && search.found.size === 0;
  }

  /** The first of several ways that needs nothing saved, here or further out; else nothing saved here; else the first. */
  private cheapest(options: readonly Statement[]): boolean {
    const before = this.found;
    const { cost } = this;
    if (options.length > 1 && !this.savesNothing && options.some((s) => this.isPossible(s, before, true) && this.found.size === before.size)) return true;
    this.cost = cost;
    let first: Set<Var> | undefined;
    for (const s of options) {
      const isPossible = this.isPossible(s, before, s.kind === "if");
      if (isPossible && this.found.size === before.size) return true;
      if (isPossible && s.kind !== "if") first ??= this.found;
    }
    this.found = first ?? before;
    return first !== undefined;
  }
  private isPossible(s: Statement, found: ReadonlySet<Var>, savesNothing: boolean): boolean {
    const { savesNothing: outer } = this;
    this.found = new Set(found);
    this.savesNothing ||= savesNothing;
    const isPossible = ++this.cost <= most && usedBy(s).every((a) => this.visit(a));
    this.savesNothing = outer;
    return isPossible;
  }
}
