import type { Accumulate, Allocate, Atom, Block, Fn, Key, Load, Store, Var } from "../ir/model.js";
import { isReference, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { removeDead } from "./dead.js";
import { joinsOf, sameShape, sharedNames } from "./joins.js";
import { grownBy, grownInLoops, isGrowth, placesOfList, reckoned } from "./scalars/lists.js";
import { openTypes } from "./scalars/open.js";
import { missingIn } from "./told-apart.js";
import { copiedTypes, isBeyond, isLength, joinedTypes, likeness, partsOf, placeOf, slotTypes, zeroTypes, type Candidates } from "./scalars/places.js";
import { Replacer } from "./scalars/replacer.js";

/**
 * Scalar replacement: small arrays and records that never leave the function, and are only read and written at places
 * known now, become variables of their own. What is left allocates nothing, and nor does its gradient. `isLast`: it is not
 * differentiated again.
 */
export function replaceByScalars(fn: Fn, isLast = false, kept: ReadonlySet<Var> = new Set()): Fn {
  const found = candidates(fn, isLast, kept);
  if (found.size === 0) return fn;
  const replacer = new Replacer(found, missingIn(fn, found.keys()));
  const body = replacer.block(fn.body);
  // A side that no object gets to reads what this one has not got.
  if (replacer.lacking.size > 0) return replaceByScalars(fn, isLast, new Set([...kept, ...replacer.lacking]));
  // What was within a record that is no more may be replaced too.
  return replaceByScalars({ ...fn, body }, isLast, kept);
}

function candidates(fn: Fn, isLast: boolean, kept: ReadonlySet<Var>): Candidates {
  const found = new Map<Var, readonly Type[]>();
  const statements = statementsOf(fn.body);
  const open = openTypes(fn.body, isLast);
  for (const s of statements) {
    const types = s.kind === "allocate" ? (open.get(s.result) ?? slotTypes(s) ?? zeroTypes(s, found, open)) : s.kind === "copy" ? (open.get(s.result) ?? copiedTypes(s, found, open)) : undefined;
    if (types !== undefined && (s.kind === "allocate" || s.kind === "copy")) found.set(s.result, types);
  }
  const lists = grownBy(statements, found);
  for (const v of lists) {
    const places = found.has(v) && placesOfList(v);
    if (places) found.set(v, places);
    else found.delete(v);
  }
  grownInLoops(fn.body, lists).forEach((v) => found.delete(v));
  const counts: ReadonlySet<Key> = lists.size === 0 ? new Set() : reckoned(statements);
  const joins = joinsOf(fn);
  for (const { to } of found.size === 0 ? [] : joins) {
    const types = joinedTypes(to);
    if (types !== undefined) found.set(to, types);
  }
  if (found.size === 0) return found;
  const reject = (a: Atom): void => void (a.kind === "var" && found.delete(a));
  for (const s of statements) {
    const isAccess = s.kind === "load" || s.kind === "store" || s.kind === "accumulate";
    const isChanged = isAccess || isGrowth(s);
    const like = likeness(s);
    const isCopied = like !== undefined && found.has(like.made);
    // What a loop hands on is looked at below.
    if (s.kind !== "loop") {
      operands(s).forEach((a, i) => {
        if (!((isChanged || isCopied) && i === 0)) reject(a);
      });
    }
    const isKnown = (s: Load | Store | Accumulate, of: Var): boolean => placeOf(of, s.key, found) !== undefined || isLength(s, found) || isBeyond(s) || (lists.has(of) && counts.has(s.key));
    if (isAccess && s.of.kind === "var" && found.has(s.of) && !isKnown(s, s.of)) reject(s.of);
  }
  fn.body.yields.forEach(reject);
  kept.forEach(reject);
  // How long a list is under another name nobody knows.
  const likes = statements.flatMap((s) => likeness(s) ?? []);
  for (const { made, of } of likes) if (lists.has(of) || lists.has(made)) [made, of].forEach(reject);
  for (const { from, to } of joins) if (lists.has(from as Var) || lists.has(to)) [from, to].forEach(reject);
  withoutDead(fn, found);
  withoutUnset(fn.body, found);
  const isFound = (a: Atom): boolean => a.kind === "var" && found.has(a);
  // Both or neither: from back to front, as copies of copies come later.
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { made, of } of likes) {
      if (!found.has(made)) reject(of);
      if (!found.has(of) && partsOf(of.type) === undefined && !open.has(made)) reject(made);
    }
    for (const { from, to } of joins) if (isFound(from) !== isFound(to) || found.get(from as Var)?.length !== found.get(to)?.length || !sameShape(from.type, to.type)) [from, to].forEach(reject);
    if (size === found.size) sharedNames(fn, joins, isFound).forEach(reject);
  }
  return found;
}

/** Without zeros of which nobody reads a part: they go with all that is written to them, and are no reason to look at the parts of others. */
function withoutDead(fn: Fn, found: Map<Var, readonly Type[]>): void {
  const zeros = statementsOf(fn.body).filter((s): s is Allocate => s.kind === "allocate" && s.initial.kind === "zerosLike" && found.get(s.result)?.some(isReference) === true);
  if (zeros.length === 0) return;
  const live = new Set(statementsOf(removeDead(fn).body));
  for (const s of zeros) if (!live.has(s)) found.delete(s.result);
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
