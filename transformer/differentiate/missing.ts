import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Copy, Fn, Load, Statement, Var } from "../ir/model.js";
import { allCells } from "../ir/effects.js";
import { statementsOf } from "../ir/walk.js";
import { Bounds } from "../ir/bounds.js";

/**
 * Numbers that may be undefined or NaN because an element that was read is not there, `a[a.length]`: where nothing comes of
 * them in the value, their partials must not meet the 0 of an absent adjoint.
 */
export class Missing {
  private readonly numbers = new Set<Var>();
  private readonly cells = new Set<MemoryClass>();

  constructor(
    functions: readonly Fn[],
    private readonly memory: Memory,
    private readonly isMissing: (s: Load, bounds: Bounds) => boolean,
  ) {
    const all = functions.map((fn) => ({ bounds: new Bounds(fn, memory), statements: [...statementsOf(fn.body)] }));
    for (let size = -1; size < this.numbers.size + this.cells.size; ) {
      size = this.numbers.size + this.cells.size;
      for (const { bounds, statements } of all) for (const s of statements) this.visit(s, bounds);
    }
  }

  has(a: Atom | undefined): boolean {
    return a?.kind === "var" && this.numbers.has(a);
  }

  private visit(s: Statement, bounds: Bounds): void {
    switch (s.kind) {
      case "let":
        return this.follow(s.result, s.args.some((a) => this.has(a)));
      case "load": {
        const cell = this.memory.cellOf(s.of, s.key);
        return this.follow(s.result, this.isMissing(s, bounds) || (cell !== undefined && this.cells.has(cell)));
      }
      case "store":
      case "accumulate":
        return this.fill(this.memory.cellOf(s.of, s.key), s.value);
      case "push":
        return this.fill(this.memory.elementsOf(s.of), s.value);
      case "pop": {
        const cell = this.memory.elementsOf(s.of);
        return this.follow(s.result, cell !== undefined && this.cells.has(cell));
      }
      case "copy":
        return this.copy(s);
      case "allocate": {
        const { initial, result } = s;
        if (initial.kind !== "elements") return;
        return initial.elements.forEach((e, i) => {
          const name = result.type.kind === "record" ? (result.type.fields[i]?.name ?? "") : "[]";
          this.fill(this.memory.classOf(result).cell(name), e);
        });
      }
      case "if":
        return s.results.forEach((result, i) => this.follow(result, this.has(s.then.yields[i]) || this.has(s.else.yields[i])));
      case "loop":
        return s.carried.forEach((c, i) => {
          this.follow(c.param, this.has(c.init) || this.has(s.body.yields[i + 1]));
          this.follow(c.result, this.has(c.param));
        });
      case "call": {
        const fn = s.callee.fn();
        fn.params.forEach((p, i) => this.follow(p, this.has(s.args[i])));
        return s.results.forEach((result, i) => this.follow(result, this.has(fn.body.yields[i])));
      }
      default:
        return;
    }
  }

  private follow(v: Var, isMissing: boolean): void {
    if (isMissing && v.type.kind === "real") this.numbers.add(v);
  }
  private fill(cell: MemoryClass | undefined, value: Atom): void {
    if (cell !== undefined && this.has(value)) this.cells.add(cell);
  }
  private copy({ of, result }: Copy): void {
    if (allCells(of, this.memory).some((cell) => this.cells.has(cell))) for (const cell of allCells(result, this.memory)) this.cells.add(cell);
  }
}
