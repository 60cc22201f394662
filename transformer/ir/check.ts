import { isLiteral } from "./build.js";
import type { Atom, Block, Fn, Statement, Var } from "./model.js";
import { printFn } from "./print.js";
import { isReference, printType, sameType, type Type } from "./types.js";
import { boundWithin, bound, operands } from "./walk.js";

/**
 * What every stage's result must satisfy: each name bound once and in scope where it is used, blocks that yield
 * what their statement binds, kinds of values that fit. Throws, as a fault of ours, with the function printed.
 */
export function checkFn(fn: Fn, stage: string): Fn {
  const problems: string[] = [];
  const check = new Check(problems);
  const scope = new Set<Var>();
  for (const v of [...fn.params, ...fn.captures]) check.bind(v, scope);
  check.block(fn.body, scope, fn.results);
  if (problems.length > 0) {
    throw new Error(`${fn.name} is not well formed after ${stage}: ${problems.join("; ")}\n${printFn(fn)}`);
  }
  return fn;
}

class Check {
  private readonly everBound = new Set<Var>();
  constructor(private readonly problems: string[]) {}

  bind(v: Var, scope: Set<Var>): void {
    if (this.everBound.has(v)) this.problems.push(`${v.name} is bound twice`);
    this.everBound.add(v);
    scope.add(v);
  }

  block(block: Block, outer: ReadonlySet<Var>, types: readonly Type[]): void {
    const scope = new Set(outer);
    for (const s of block.statements) this.statement(s, scope);
    if (block.yields.length !== types.length) {
      this.problems.push(`a block yields ${block.yields.length} values instead of ${types.length}`);
    }
    block.yields.forEach((y, i) => {
      const type = types[i];
      this.use(y, scope);
      if (type && !flows(y, type)) this.problems.push(`${describe(y)} is yielded as ${printType(type)}`);
    });
  }

  private statement(s: Statement, scope: Set<Var>): void {
    for (const a of operands(s)) this.use(a, scope);
    const inner = new Set(scope);
    for (const v of boundWithin(s)) this.bind(v, inner);
    if (s.kind === "if") {
      const types = s.results.map((r) => r.type);
      this.block(s.then, scope, types);
      this.block(s.else, scope, types);
    } else if (s.kind === "loop") {
      this.block(s.body, inner, [{ kind: "int" }, ...s.carried.map((c) => c.param.type)]);
      for (const c of s.carried) {
        if (!flows(c.init, c.param.type)) this.problems.push(`${describe(c.init)} starts ${describe(c.param)}`);
        if (!sameType(c.param.type, c.result.type)) this.problems.push(`${c.param.name} ends with another type`);
      }
      const [status] = s.body.yields;
      if (!s.counter && status !== undefined && isLiteral(status, 0)) this.problems.push("a loop never ends");
    } else if (s.kind === "store" || s.kind === "load" || s.kind === "accumulate") {
      if (!isReference(s.of.type)) this.problems.push(`${describe(s.of)} is no memory`);
    }
    for (const v of bound(s)) this.bind(v, scope);
  }

  private use(a: Atom, scope: ReadonlySet<Var>): void {
    if (a.kind === "var" && !scope.has(a)) this.problems.push(`${describe(a)} is not in scope`);
  }
}

function describe(a: Atom): string {
  return a.kind === "var" ? `${a.name || "t"}: ${printType(a.type)}` : String(a.value);
}

/** Whether a value may stand where `type` is wanted: an int for a real, a value for a nullable one. */
function flows(a: Atom, type: Type): boolean {
  if (a.kind === "literal" && a.value === undefined) return true;
  const from = a.type;
  if (from.nullable && !type.nullable && type.kind !== "opaque") return false;
  return from.kind === type.kind || (from.kind === "int" && type.kind === "real") || type.kind === "opaque";
}
