import { literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Let } from "../ir/model.js";
import { real } from "../ir/types.js";
import type { AdjointBuilder } from "./algebra.js";
import type { Direction, Tangent } from "./direction.js";
import { addLocals, constantDivisor, instantiate, ruleFor } from "./pullback.js";

// out = op(x, y)   also   dout = the partials of the row, each with the tangent of its argument in the place of g
export function tangentLet(s: Let, d: Direction, b: AdjointBuilder): void {
  if (!d.isActive(s.result)) return;
  const tangents = s.args.map((a) => d.tangentOf(a));
  if (tangents.every((t) => t === undefined)) return;
  const row = ruleFor(s);
  let sum: Tangent | undefined;
  row.partials.forEach((partial, i) => {
    const tangent = tangents[i];
    if (partial === undefined || tangent === undefined) return;
    const atom = present(tangent, row.singular[i] === true && !constantDivisor(s, i), b, (inner) => {
      const names = new Map<string, Atom>([["g", tangent.atom], ["out", s.result]]);
      row.params.forEach((p, k) => names.set(p, s.args[k] ?? literal(undefined)));
      addLocals(row, row.params.map((_, k) => k === i), names, inner);
      return instantiate(partial, names, inner);
    });
    const absent = tangent.absent || partial.kind === "ternary";
    sum = sum === undefined ? { atom, absent } : { atom: b.sum(sum.atom, atom), absent: absent && sum.absent };
  });
  if (sum !== undefined) d.set(s.result, sum);
}

// dx !== 0 ? dx / (2 * out) : 0
// Where a tangent may be absent 0 must not meet an infinite partial.
export function present(tangent: Tangent, singular: boolean, b: AdjointBuilder, write: (b: AdjointBuilder) => Atom): Atom {
  if (!singular || !tangent.absent || tangent.atom.kind === "literal") return write(b);
  const then = b.sibling();
  const value = write(then);
  const result = variable("", real, b.origin);
  b.if(b.present(tangent.atom), then.block(region("present"), [value]), { region: region("absent"), statements: [], yields: [zero] }, [result]);
  return result;
}
