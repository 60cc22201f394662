import type ts from "typescript";
import { isLiteral, literal, zero } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, int } from "../../ir/types.js";
import { branch } from "../branch.js";
import { dead, normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { choose } from "./conditions.js";
import { numeric } from "./values.js";

// Number.isNaN(k) ? 0 : Math.trunc(k)
/** An index that a method is given: what is behind the point does not count, and NaN counts as 0. */
export function wholeIndex(l: Lowering, node: ts.Expression): Atom {
  const index = numeric(l, node);
  if (index.type.kind === "int") return index;
  return choose(l, l.let("Number.isNaN", [index], bool), () => zero, () => l.let("Math.trunc", [index], int));
}

/** An index counted from the end where it is negative: i < 0 ? a.length + i : i */
export function fromEnd(l: Lowering, index: Atom, of: Atom): Atom {
  return counted(l, index, of, (back) => back);
}

/** The same, kept from falling before the beginning. */
export function relative(l: Lowering, index: Atom, of: Atom): Atom {
  return counted(l, index, of, (back) => l.let("Math.max", [back, zero], int));
}

function counted(l: Lowering, index: Atom, of: Atom, kept: (back: Atom) => Atom): Atom {
  if (index.kind !== "literal") {
    return choose(l, l.let("<", [index, zero], bool), () => kept(l.let("+", [l.length(of), index], int)), () => index);
  }
  const by = Number(index.value);
  return by >= 0 ? index : kept(l.let("-", [l.length(of), literal(-by)], int));
}

/** A place between the beginning and the end of an array, as slice and splice take it. */
export function within(l: Lowering, index: Atom, of: Atom): Atom {
  const place = relative(l, index, of);
  return isLiteral(place, 0) ? place : l.let("Math.min", [place, l.length(of)], int);
}

/** `start + k`, which is `k` at the beginning. */
export function offset(l: Lowering, start: Atom, k: Atom): Atom {
  return isLiteral(start, 0) ? k : l.let("+", [start, k], int);
}

/** if (test) throw new RangeError("…") */
export function throwIf(l: Lowering, test: Atom, error: string): void {
  branch(l, test, () => {
    l.add({ kind: "effect", text: [`throw new ${error}`], args: [], throws: true });
    return { flow: dead };
  }, () => ({ flow: normal }));
}
