import { Builder, carry, literal, region, variable, zero } from "../../transformer/ir/build.js";
import type { Atom, Block, Counter, Fn, FnRef, Var } from "../../transformer/ir/model.js";
import { bool, int, real, type Type } from "../../transformer/ir/types.js";

/** Writes functions of the IR by hand, as a stage of the compiler would. */
export class Writer extends Builder {
  num(op: string, ...args: (Atom | number)[]): Var {
    return this.let(op, args.map(atomOf), real);
  }
  test(op: string, ...args: (Atom | number)[]): Var {
    return this.let(op, args.map(atomOf), bool);
  }
  at(of: Atom, key: Atom | number): Var {
    return this.load(of, atomOf(key));
  }
  size(of: Atom): Var {
    return this.load(of, { kind: "field", name: "length" });
  }
  put(of: Atom, key: Atom | number, value: Atom | number): void {
    this.store(of, atomOf(key), atomOf(value));
  }

  /** `if`, with the results that both sides yield. */
  either(test: Atom, types: readonly Type[], then: (w: Writer) => readonly (Atom | number)[], otherwise: (w: Writer) => readonly (Atom | number)[]): Var[] {
    const results = types.map((t, i) => variable(`r${i}`, t));
    this.if(test, side("then", then), side("else", otherwise), results);
    return results;
  }

  /** `for (let i = 0; i < n; i++)`. The body gives the next values, or with a status first if `exits`. */
  count(n: Atom, init: readonly (Atom | number)[], turn: (w: Writer, i: Var, values: readonly Var[]) => readonly (Atom | number)[]): Var[] {
    const i = variable("i", int);
    const counter: Counter = { var: i, start: zero, test: "<", bound: n, step: 1 };
    return this.turns(counter, init, (w, values) => [0, ...turn(w, i, values)]).results;
  }
  /** Any loop; `turn` gives the status and the next values. */
  turns(counter: Counter | undefined, init: readonly (Atom | number)[], turn: (w: Writer, values: readonly Var[]) => readonly (Atom | number)[]): { results: Var[]; exit: Var } {
    const carried = init.map((a, k) => {
      const atom = atomOf(a);
      return carry(variable(`v${k}`, atom.type.kind === "int" && typeof a === "number" ? real : atom.type), atom);
    });
    const body = side("turn", (w) => turn(w, carried.map((c) => c.param)));
    const exit = variable("exit", int);
    this.add({ kind: "loop", ...(counter ? { counter } : {}), carried, body, exit });
    return { results: carried.map((c) => c.result), exit };
  }
  invoke(callee: FnRef, args: readonly (Atom | number)[], types: readonly Type[] = [real]): Var[] {
    const results = types.map((t) => variable("h", t));
    this.call(callee, args.map(atomOf), results);
    return results;
  }
}

function side(name: string, write: (w: Writer) => readonly (Atom | number)[]): Block {
  const w = new Writer();
  const yields = write(w).map(atomOf);
  return w.block(region(name), yields);
}

export function atomOf(a: Atom | number): Atom {
  return typeof a === "number" ? literal(a) : a;
}

export function param(name: string, type: Type = real): Var {
  return variable(name, type);
}

export function fn(name: string, params: readonly Var[], write: (w: Writer) => Atom, results: readonly Type[] = [real]): Fn {
  const w = new Writer();
  const result = write(w);
  return { name, params, captures: [], body: w.block(region(name), results.length === 0 ? [] : [result]), results };
}

export function ref(make: () => Fn): FnRef {
  let made: Fn | undefined;
  return { get name() { return made?.name ?? "h"; }, fn: () => (made ??= make()) };
}
