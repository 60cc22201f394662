import { sameAtom } from "../ir/atoms.js";
import { isLiteral, literal, zero } from "../ir/build.js";
import type { Atom, Block, Let, Statement } from "../ir/model.js";

/** Whether a block comes to the same as another that only gives values, where some adjoints are 0. */
export function comesTo(block: Block, other: Block, zeros: Iterable<Atom>): boolean {
  if (other.statements.length > 0) return false;
  const known = new Zeros([...zeros].map((a) => [a, zero]));
  return known.allNothing(block.statements) && block.yields.every((y, i) => known.isSame(y, other.yields[i] ?? y));
}

/** What is known of values where some are 0: which are 0 as well, and which are others as they are. */
export class Zeros {
  private readonly names: Map<Atom, Atom>;

  constructor(known: Iterable<readonly [Atom, Atom]>) {
    this.names = new Map(known);
  }

  /** Whether nothing that statements do can be seen: they compute, and add 0 to memory. */
  allNothing(statements: readonly Statement[]): boolean {
    return statements.every((s) => this.isNothing(s));
  }
  isSame(a: Atom, b: Atom): boolean {
    return sameAtom(this.of(a), this.of(b));
  }

  private of(a: Atom): Atom {
    return this.names.get(a) ?? (isLiteral(a, -0) ? zero : a);
  }
  private isZero(a: Atom | undefined): boolean {
    return a !== undefined && isLiteral(this.of(a), 0);
  }

  private isNothing(s: Statement): boolean {
    if (s.kind === "accumulate") return this.isZero(s.value);
    if (s.kind === "load") return true;
    if (s.kind === "let") {
      const value = this.valueOf(s);
      if (value !== undefined) this.names.set(s.result, value);
      return true;
    }
    if (s.kind !== "if") return false;
    const test = this.of(s.test);
    const sides = isLiteral(test) ? [test.value === true ? s.then : s.else] : [s.then, s.else];
    if (!sides.every((side) => this.allNothing(side.statements))) return false;
    s.results.forEach((result, i) => {
      const [first, second = first] = sides.map((side) => this.of(side.yields[i] ?? result));
      if (first !== undefined && second !== undefined && sameAtom(first, second)) this.names.set(result, first);
    });
    return true;
  }

  private valueOf({ op, args: [a, b] }: Let): Atom | undefined {
    if (a === undefined) return undefined;
    if (op === "identity") return this.of(a);
    if (op === "neg") return this.isZero(a) ? zero : undefined;
    if (b === undefined) return undefined;
    const [x, y] = [this.isZero(a), this.isZero(b)];
    if (op === "*") return x || y ? zero : undefined;
    if (op === "/") return x ? zero : undefined;
    if (op === "+" && x) return this.of(b);
    if ((op === "+" || op === "-") && y) return this.of(a);
    return (op === "===" || op === "!==") && x && y ? literal(op === "===") : undefined;
  }
}
