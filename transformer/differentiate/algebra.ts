import { sameAtom } from "../ir/atoms.js";
import { Builder, isLiteral, literal, variable, zero } from "../ir/build.js";
import type { Atom, Let, Literal, Statement, Var } from "../ir/model.js";
import { bool, int, real } from "../ir/types.js";

const comparisons: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "===", "!==", "!", "isUndefined"]);

/**
 * Writes adjoint code as one would by hand: no product by 1, signs pulled out so that sums become differences,
 * `t + t` as `2 * t`. Only for code that the mirror makes: operations of the source are never changed.
 * A product by 0 is kept: absence is not zero, and `0 * Infinity` is NaN.
 */
export class AdjointBuilder extends Builder {
  constructor(
    /** The operations made so far in this mirror, by result. */
    private readonly made: Map<Var, Let>,
  ) {
    super();
  }

  /** For a block within the one that this writes. */
  sibling(): AdjointBuilder {
    const other = new AdjointBuilder(this.made);
    if (this.origin) other.origin = this.origin;
    return other;
  }

  op(op: string, args: readonly Atom[]): Atom {
    const [a, b] = args;
    if (a !== undefined && b !== undefined) {
      switch (op) {
        case "+":
          return this.sum(a, b);
        case "-":
          return this.difference(a, b);
        case "*":
          return this.product(a, b);
        case "/":
          return this.quotient(a, b);
      }
    } else if (op === "neg" && a !== undefined) return this.negative(a);
    return this.make(op, args);
  }

  sum(a: Atom, b: Atom): Atom {
    const [x, y] = [this.negated(a), this.negated(b)];
    if (x && y) return this.negative(this.sum(x, y));
    if (y) return this.difference(a, y);
    if (x) return this.difference(b, x);
    if (a.kind === "var" && a === b) return this.product(literal(2), a);
    return folded("+", a, b) ?? this.make("+", [a, b]);
  }
  difference(a: Atom, b: Atom): Atom {
    const y = this.negated(b);
    if (y) return this.sum(a, y);
    return folded("-", a, b) ?? this.make("-", [a, b]);
  }
  product(a: Atom, b: Atom): Atom {
    if (isLiteral(a, 1)) return b;
    if (isLiteral(b, 1)) return a;
    const [x, y] = [this.negated(a), this.negated(b)];
    if (x) return this.negative(this.product(x, b));
    if (y) return this.negative(this.product(a, y));
    const known = folded("*", a, b);
    if (known) return known;
    // A factor is put in front, and two become one: 2 * (0.5 * r) is r.
    const [factor, rest] = isLiteral(b) ? [b, a] : [a, b];
    const inner = rest.kind === "var" ? this.made.get(rest) : undefined;
    if (isLiteral(factor) && inner?.op === "*" && isLiteral(inner.args[0] ?? rest)) {
      const both = folded("*", factor, inner.args[0] ?? factor);
      if (both && inner.args[1]) return this.product(both, inner.args[1]);
    }
    return this.make("*", [factor, rest]);
  }
  quotient(a: Atom, b: Atom): Atom {
    if (isLiteral(b, 1)) return a;
    const [x, y] = [this.negated(a), this.negated(b)];
    if (x) return this.negative(this.quotient(x, b));
    if (y) return this.negative(this.quotient(a, y));
    return folded("/", a, b) ?? this.make("/", [a, b]);
  }
  negative(a: Atom): Atom {
    const inner = this.negated(a);
    if (inner) return inner;
    if (isLiteral(a) && typeof a.value === "number") return literal(-a.value);
    return this.make("neg", [a]);
  }

  /** dx !== 0 */
  present(a: Atom): Var {
    const same = this.statements.find((s): s is Let => s.kind === "let" && s.presence === true && s.args[0] === a);
    if (same !== undefined) return same.result;
    const result = variable("", bool, this.origin);
    this.add({ kind: "let", result, op: "!==", args: [a, zero], presence: true, ...(this.origin && { origin: this.origin }) });
    return result;
  }

  private make(op: string, args: readonly Atom[]): Var {
    // What has just been made for one argument serves the other too: x * x gives 2 * x.
    const same = this.statements.find((s): s is Let => s.kind === "let" && s.op === op && s.args.length === args.length && s.args.every((a, i) => sameAtom(a, args[i] ?? a)));
    if (same !== undefined) return same.result;
    const type = comparisons.has(op) ? bool : args.every((a) => a.type.kind === "int") && (op === "+" || op === "-") ? int : real;
    const result = this.let(op, args, type);
    const statement = this.statements[this.statements.length - 1] as Statement;
    if (statement.kind === "let") this.made.set(result, statement);
    return result;
  }
  /** What `a` is the negative of. */
  private negated(a: Atom): Atom | undefined {
    if (a.kind === "literal") {
      return typeof a.value === "number" && a.value < 0 && a.text === undefined ? literal(-a.value) : undefined;
    }
    const made = this.made.get(a);
    return made?.op === "neg" ? made.args[0] : undefined;
  }
}

/** The value of an operation on two literals, where it prints shorter than the operation. */
function folded(op: "+" | "-" | "*" | "/", a: Atom, b: Atom): Literal | undefined {
  if (a.kind !== "literal" || b.kind !== "literal") return undefined;
  if (typeof a.value !== "number" || typeof b.value !== "number" || a.text || b.text) return undefined;
  const value = op === "+" ? a.value + b.value : op === "-" ? a.value - b.value : op === "*" ? a.value * b.value : a.value / b.value;
  return Number.isFinite(value) && String(value).length <= 8 ? { ...literal(value), type: real } : undefined;
}
