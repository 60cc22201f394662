import type { Atom, Fn, Let, Var } from "../ir/model.js";
import { statementsOf } from "../ir/walk.js";

/** What gives an infinity, or NaN: at 0, below it, or for large arguments. */
const poles: ReadonlySet<string> = new Set(["/", "Math.exp", "Math.expm1", "Math.sinh", "Math.cosh", "Math.log", "Math.log2", "Math.log10", "Math.log1p", "Math.atanh"]);

/**
 * Numbers that are infinite, or NaN, where a program looks whether they are: `const r = x * Math.log(v); if (Number.isFinite(r)) s += r`.
 * The factor beside one is the partial by the other, which the 0 of an absent adjoint must not meet.
 */
export class Infinite {
  private readonly numbers = new Set<Var>();

  constructor(fn: Fn) {
    for (const s of statementsOf(fn.body)) if (s.kind === "let" && this.isPole(s)) this.numbers.add(s.result);
  }

  /** Whether the partial of a product, or of a power by its base, has such a factor. */
  isFactor({ op, args }: Let, i: number): boolean {
    const factor = op === "*" ? args[1 - i] : op === "**" || op === "Math.pow" ? args[0] : undefined;
    return factor !== undefined && this.has(factor);
  }

  private has(a: Atom): boolean {
    return a.kind === "var" ? this.numbers.has(a) : typeof a.value === "number" && !Number.isFinite(a.value);
  }

  private isPole({ op, args: [x, y] }: Let): boolean {
    if (op === "*") return [x, y].some((a) => a !== undefined && this.has(a));
    if (op === "**" || op === "Math.pow") return y?.kind !== "literal" || Number(y.value) < 0;
    return poles.has(op) && !(op === "/" ? isNumber(y) : isNumber(x));
  }
}

function isNumber(a: Atom | undefined): boolean {
  return a?.kind === "literal" && a.value !== 0;
}
