import { isCut } from "../rules/activity.js";
import type { Atom, Copy, Fn, Statement, Var } from "../ir/model.js";
import type { Memory} from "../ir/memory.js";
import { heldApart, type MemoryClass } from "../ir/memory.js";
import { allCells } from "../ir/effects.js";
import { carriesReal, isReference, type Type } from "../ir/types.js";
import { bound, boundWithin, statementsOf } from "../ir/walk.js";

/** A value or a memory cell. */
type Node = Var | MemoryClass;

export interface Carries {
  value(type: Type): boolean;
  operation(op: string): boolean;
  readonly text: boolean;
}
const derivatives: Carries = { value: (type) => type.kind === "real", operation: (op) => !isCut(op), text: false };

/**
 * What has to be differentiated: what depends on an input asked for (varied) and reaches the result (useful).
 * Flow-insensitive, over the function and all that it calls; memory counts by class.
 */
export class Activity {
  private readonly varied: ReadonlySet<Node>;
  private readonly useful: ReadonlySet<Node>;

  /** The ways of derivatives through memory: what is held constant is apart from the memory that it is. */
  private readonly memory: Memory;

  constructor(
    private readonly functions: readonly Fn[],
    private readonly whole: Memory,
    inputs: readonly Var[],
    outputs: readonly Atom[],
    /** What carries a dependence from the arguments of an operation or a text to its result. */
    private readonly carries: Carries = derivatives,
  ) {
    this.memory = heldApart(functions, whole);
    const forward = new Map<Node, Node[]>();
    const backward = new Map<Node, Node[]>();
    const flow = (from: Node | undefined, to: Node | undefined): void => {
      if (from === undefined || to === undefined) return;
      append(forward, from, to);
      append(backward, to, from);
    };
    const endless: Copy[] = [];
    for (const fn of functions) {
      for (const s of statementsOf(fn.body)) {
        if (s.kind === "copy" && s.depth === Infinity) endless.push(s);
        else this.statement(s, flow);
      }
    }
    // How deep these copy is known once it is known how deep anything looks.
    for (const s of endless) this.wholeCopy(s, flow);
    this.varied = reach(inputs.flatMap((v) => this.nodesOf(v)), forward);
    this.useful = reach(outputs.flatMap((a) => (a.kind === "var" ? this.nodesOf(a) : [])), backward);
  }

  /** Whether an adjoint is worth having: of a number, or of the memory that a reference leads to. */
  isActive(atom: Atom): boolean {
    return this.nodesOf(atom).some((n) => this.varied.has(n) && this.useful.has(n));
  }
  isActiveCell(cell: MemoryClass | undefined): boolean {
    if (cell === undefined) return false;
    if (this.memory === this.whole) return this.cellsWithin(cell).some((n) => this.varied.has(n) && this.useful.has(n));
    return this.references().some((v) => allCells(v, this.whole).includes(cell) && this.isActive(v));
  }
  private references(): readonly Var[] {
    const names = (fn: Fn): readonly Var[] => [...fn.params, ...fn.captures, ...[...statementsOf(fn.body)].flatMap((s) => [...bound(s), ...boundWithin(s)])];
    return this.functions.flatMap(names).filter((v) => isReference(v.type));
  }
  isVaried(atom: Atom): boolean {
    return this.nodesOf(atom).some((n) => this.varied.has(n));
  }

  /** A real value is its own node; a reference stands for all cells of reals that it leads to. */
  private nodesOf(atom: Atom): Node[] {
    if (atom.kind === "literal") return [];
    if (this.carries.value(atom.type)) return [atom];
    if (!isReference(atom.type) || !carriesReal(atom.type)) return [];
    this.unfold(this.memory.classOf(atom), atom.type, new Set());
    return this.cellsWithin(this.memory.classOf(atom));
  }
  private unfold(memory: MemoryClass, type: Type, seen: Set<unknown>): void {
    if (type.kind === "typed") memory.cell("[]");
    else if (type.kind === "array") this.unfold(memory.cell("[]"), type.element, seen);
    else if (type.kind === "record" && !seen.has(type.fields)) {
      seen.add(type.fields);
      for (const f of type.fields) this.unfold(memory.cell(f.name), f.type, seen);
    }
  }
  private cellsWithin(start: MemoryClass): MemoryClass[] {
    const found = new Set<MemoryClass>([start.find()]);
    for (const c of found) for (const inner of c.cells()) found.add(inner);
    return [...found];
  }

  private statement(s: Statement, flow: (from: Node | undefined, to: Node | undefined) => void): void {
    const value = (a: Atom | undefined): Var | undefined => (a?.kind === "var" && this.carries.value(a.type) ? a : undefined);
    const elements = (a: Atom): MemoryClass | undefined => this.memory.elementsOf(a);
    switch (s.kind) {
      case "let":
        if (this.carries.value(s.result.type) && this.carries.operation(s.op)) for (const a of s.args) flow(value(a), s.result);
        return;
      case "load":
        return flow(this.memory.cellOf(s.of, s.key), value(s.result));
      case "store":
      case "accumulate":
        return flow(value(s.value), this.memory.cellOf(s.of, s.key));
      case "push":
        return flow(value(s.value), elements(s.of));
      case "pop":
        return flow(elements(s.of), value(s.result));
      case "copy":
        return this.copy(s, flow);
      case "allocate":
        return this.allocate(s, flow);
      case "if":
        return s.results.forEach((r, i) => {
          flow(value(s.then.yields[i]), value(r));
          flow(value(s.else.yields[i]), value(r));
        });
      case "loop":
        return s.carried.forEach((c, i) => {
          const next = value(s.body.yields[i + 1]);
          flow(value(c.init), value(c.param));
          flow(next, value(c.param));
          flow(value(c.param), value(c.result));
        });
      case "call": {
        const fn = s.callee.fn();
        fn.params.forEach((p, i) => flow(value(s.args[i]), value(p)));
        if (s.callee.custom !== undefined) this.custom(fn, flow);
        fn.body.yields.forEach((y, i) => flow(value(y), value(s.results[i])));
        return;
      }
      case "opaque":
        if (this.carries.text) for (const a of s.args) flow(value(a), value(s.result));
        return;
      default:
        return;
    }
  }

  /** What a rule of the user's own may do: every parameter reaches every result, whatever the body does. */
  private custom(fn: Fn, flow: (from: Node | undefined, to: Node | undefined) => void): void {
    const results = fn.body.yields.flatMap((y) => this.nodesOf(y));
    for (const from of fn.params.flatMap((p) => this.nodesOf(p))) for (const to of results) flow(from, to);
  }

  /** A copy of objects that contain themselves, however deep. */
  private wholeCopy(s: Copy, flow: (from: Node | undefined, to: Node | undefined) => void): void {
    for (const from of this.nodesOf(s.of)) for (const to of this.nodesOf(s.result)) flow(from, to);
  }

  private copy(s: Copy, flow: (from: Node | undefined, to: Node | undefined) => void): void {
    if (s.of.kind !== "var") return;
    this.nodesOf(s.of);
    this.nodesOf(s.result);
    const walk = (a: MemoryClass, b: MemoryClass, type: Type, depth: number, seen: Set<unknown>): void => {
      if (type.kind === "real") return flow(a, b);
      if (depth === 0 || seen.has(type)) return;
      if (type.kind === "typed") flow(a.cell("[]"), b.cell("[]"));
      else if (type.kind === "array") walk(a.cell("[]"), b.cell("[]"), type.element, depth - 1, seen);
      else if (type.kind === "record") {
        for (const f of type.fields) walk(a.cell(f.name), b.cell(f.name), f.type, depth - 1, new Set(seen).add(type));
      }
    };
    walk(this.memory.classOf(s.of), this.memory.classOf(s.result), s.of.type, s.depth, new Set());
  }

  private allocate(s: Extract<Statement, { kind: "allocate" }>, flow: (from: Node | undefined, to: Node | undefined) => void): void {
    const { initial, result } = s;
    const memory = this.memory.classOf(result);
    const put = (a: Atom, name: string): void => {
      if (a.kind === "var" && this.carries.value(a.type)) flow(a, memory.cell(name));
    };
    if (initial.kind === "fill") put(initial.value, "[]");
    if (initial.kind !== "elements") return;
    initial.elements.forEach((e, i) => put(e, result.type.kind === "record" ? (result.type.fields[i]?.name ?? "") : "[]"));
  }
}

function append(edges: Map<Node, Node[]>, from: Node, to: Node): void {
  const list = edges.get(from);
  if (list === undefined) edges.set(from, [to]);
  else list.push(to);
}

function reach(start: readonly Node[], edges: ReadonlyMap<Node, readonly Node[]>): Set<Node> {
  const reached = new Set<Node>(start);
  for (const n of reached) for (const next of edges.get(n) ?? []) reached.add(next);
  return reached;
}
