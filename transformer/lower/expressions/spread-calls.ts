import type ts from "typescript";
import { one, zero } from "../../ir/build.js";
import type { Atom, Var } from "../../ir/model.js";
import { bool, int, real, type Type } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { array } from "./arrays.js";
import { choose } from "./conditions.js";
import type { Want } from "./index.js";
import { isConstantText } from "./names.js";
import { refuseSpread } from "./refused.js";
import { numeric } from "./values.js";

/** An argument: a number, or an array that is spread. */
interface Part {
  readonly atom: Atom;
  readonly isSpread: boolean;
}

/** The functions that take any number of arguments. */
export const overArrays: ReadonlySet<string> = new Set(["Math.max", "Math.min", "Math.hypot"]);

/** Math.max(x, ...a), Math.min and Math.hypot of arrays. The value is that of the call itself. */
export function spreadCall(l: Lowering, node: ts.CallExpression, name: string, want: Want): Atom {
  const args = node.arguments.map((e) => ({ e, isFixed: isConstantText(l, e), part: partOf(l, e) }));
  if (name === "Math.hypot") return hypot(l, args.map((a) => a.part), want);
  const found = extremum(l, name, args.filter((a) => !a.isFixed).map((a) => a.part), want);
  const fixed = args.filter((a) => a.isFixed).map((a) => a.part.atom);
  return fixed.length === 0 ? found : l.let(`${name}:0${"1".repeat(fixed.length)}`, [found, ...fixed], real, want.name);
}

function partOf(l: Lowering, e: ts.Expression): Part {
  if (!l.ts.isSpreadElement(e)) return { atom: numeric(l, e), isSpread: false };
  const atom = array(l, e.expression);
  if (atom.type.kind === "record") refuseSpread(e);
  return { atom, isSpread: true };
}

// m = Math.max(...a); ties = 0; for (…) if (a[k] === m) ties++
// Its derivative is that of   s = 0; for (…) if (a[k] === m) s += a[k] / ties   : all that tie share equally.
function extremum(l: Lowering, name: string, parts: readonly Part[], want: Want): Atom {
  const most = asText(l, name, parts, want.name);
  const isTie = (v: Atom): Atom => l.let("===", [v, most], bool);
  const ties = sum(l, parts, int, "ties", (v, count) => choose(l, isTie(v), () => l.let("+", [count, one], int, "ties"), () => count, "ties"));
  const shares = sum(l, parts, real, "", (v, s) => choose(l, isTie(v), () => l.let("+", [s, l.let("/", [v, ties], real)], real), () => s));
  return l.let("surrogate", [most, shares], real, want.name);
}

// h = Math.hypot(...a); its derivative is that of   h * Math.sqrt(s), s = 0; for (…) s += (a[k] / h) * (a[k] / h)
// with h taken for a number, which is the same function and neither over- nor underflows. At the origin it is 0.
function hypot(l: Lowering, parts: readonly Part[], want: Want): Atom {
  const h = asText(l, "Math.hypot", parts, want.name);
  const scaled = (): Atom => {
    const squares = sum(l, parts, real, "", (v, s) => {
      const x = l.let("/", [v, h], real);
      return l.let("+", [s, l.let("*", [x, x], real)], real);
    });
    const root = l.let("Math.sqrt", [squares], real);
    return l.let("surrogate", [h, l.let("*", [h, root], real)], real);
  };
  return choose(l, l.let("===", [h, zero], bool), () => h, scaled, want.name);
}

/** The call as it is written, which the derivative takes for a number. */
function asText(l: Lowering, name: string, parts: readonly Part[], hint = ""): Var {
  const text = parts.map(({ isSpread }, i) => `${i === 0 ? `${name}(` : ", "}${isSpread ? "..." : ""}`);
  const result = l.variable(hint, real);
  l.add({ kind: "opaque", result, text: [...text, ")"], args: parts.map((p) => p.atom), pure: true, readsOnly: true });
  return result;
}

/** sum = next(x, sum); for (…) sum = next(a[k], sum) */
function sum(l: Lowering, parts: readonly Part[], type: Type, name: string, next: (v: Atom, sum: Atom) => Atom): Atom {
  return parts.reduce<Atom>((init, { atom, isSpread }) => {
    if (!isSpread) return next(atom, init);
    const [k, param, result] = [l.variable("k", int), l.variable(name, type), l.variable(name, type)];
    const { statements, result: last } = l.inBlock(() => next(l.present(l.load(atom, k)), param));
    const body = l.block("turn", statements, [zero, last]);
    l.add({ kind: "loop", counter: { var: k, start: zero, test: "<", bound: l.length(atom), step: 1 }, carried: [{ param, init, result }], body });
    return result;
  }, { kind: "literal", value: 0, type });
}
