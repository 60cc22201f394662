import type { Kind, Order } from "./request.js";

/** The parameters of a derivative, by those of the function that it is of. */
export function parametersOf(kind: Kind, of: readonly string[]): readonly string[] {
  switch (kind) {
    case "grad":
    case "valueAndGrad":
    case "vjp":
    case "hessian":
    case "jacobian":
      return of;
    case "gradInto":
    case "hessianInto":
    case "jacobianInto":
      return ["out", ...of];
    case "jvp":
      return ["args", "tangents"];
    case "hvp":
      return [...of, "v"];
    case "hvpInto":
      return ["out", ...of, "v"];
  }
}

/** The parameters of a function that one of its derivative's holds. */
function heldBy(kind: Kind, i: number, of: readonly string[]): readonly number[] {
  switch (kind) {
    case "grad":
    case "valueAndGrad":
    case "vjp":
    case "hessian":
    case "jacobian":
      return [i];
    case "hvp":
      return i === of.length ? [] : [i];
    case "gradInto":
    case "hessianInto":
    case "jacobianInto":
    case "hvpInto":
      return i === 0 || i > of.length ? [] : [i - 1];
    case "jvp":
      return i === 0 ? [...of.keys()] : [];
  }
}

/** The parameters that each of the derivatives is taken of a function with, the first those of the function itself. */
export function parametersThrough(orders: readonly Order[], own: readonly string[]): (readonly string[])[] {
  const lists: (readonly string[])[] = [own];
  for (const { kind } of orders) lists.push(parametersOf(kind, lists.at(-1) ?? own));
  return lists;
}

/** The parameters of the function itself that any of its derivatives is by, or that hold what varies. */
export function askedBy(orders: readonly Order[], own: readonly string[], varied: ReadonlySet<number> = new Set()): ReadonlySet<number> {
  const lists = parametersThrough(orders, own);
  let asked = varied;
  for (const [k, { kind, wrt }] of [...orders.entries()].reverse()) {
    const of = lists[k] ?? own;
    const inner = new Set(wrt?.parameters ?? of.keys());
    for (const i of asked) for (const j of heldBy(kind, i, of)) inner.add(j);
    asked = inner;
  }
  return asked;
}
