import type ts from "typescript";
import type { Types } from "../types.js";
import { isNumeric, isReference } from "../../ir/types.js";
import { rootsOf, type Write } from "./writes.js";

/**
 * Which variables may refer to the same memory: whatever is assigned from one to another, put into it or taken out of
 * it is one class. Union-find over variables.
 */
export class Aliases {
  private readonly parents = new Map<ts.Symbol, ts.Symbol>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly types: Types,
    private readonly symbolOf: (name: ts.Node) => ts.Symbol | undefined,
    writes: readonly Write[],
  ) {
    for (const w of writes) {
      if (w.value === undefined || !this.mayRefer(w.value, w.kind) || this.isOfNumbers(w.node)) continue;
      for (const root of this.roots(w.value)) this.unite(w.to, root);
    }
  }

  /** The one that stands for all variables that may refer to the same memory. */
  classOf(symbol: ts.Symbol): ts.Symbol {
    let at = symbol;
    for (let next = this.parents.get(at); next !== undefined; next = this.parents.get(at)) at = next;
    return at;
  }

  same(a: ts.Symbol, b: ts.Symbol): boolean {
    return this.classOf(a) === this.classOf(b);
  }

  /** The variables that share memory with another one. */
  united(): ReadonlySet<ts.Symbol> {
    return new Set([...this.parents.keys(), ...this.parents.values()]);
  }

  roots(expression: ts.Node): readonly ts.Symbol[] {
    return rootsOf(this.compiler, this.symbolOf, expression, (part) => isNumeric(this.types.at(part)));
  }

  private mayRefer(value: ts.Node, kind: Write["kind"]): boolean {
    const type = this.types.at(value);
    if (type.kind === "opaque") return true;
    if (kind === "element" && type.kind === "array") return isReference(type.element) || type.element.kind === "opaque";
    return isReference(type);
  }

  /** t.set(a) of a typed array, which copies numbers. */
  private isOfNumbers(write: ts.Node): boolean {
    const { compiler: c } = this;
    const callee = c.isCallExpression(write) ? write.expression : write;
    return c.isPropertyAccessExpression(callee) && this.types.at(callee.expression).kind === "typed";
  }

  private unite(a: ts.Symbol, b: ts.Symbol): void {
    const x = this.classOf(a);
    const y = this.classOf(b);
    if (x !== y) this.parents.set(x, y);
  }
}
