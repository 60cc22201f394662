import type { Origin, Var } from "../ir/model.js";
import type { Memory, Reading, Writing } from "./memory.js";
import { isImpure, partsOf, type Bind, type Expr } from "./tree.js";

/** A value that waits to be printed in the place of its use. */
export interface Entry {
  readonly var: Var;
  readonly expr: Expr;
  readonly origin?: Origin | undefined;
  readonly readings: readonly Reading[];
  readonly writings: readonly Writing[];
  /** It is evaluated exactly once, on the path on which it stands. */
  readonly strict: boolean;
  readonly width: number;
  /** It may be printed at several uses. */
  readonly repeat: boolean;
  /** How many uses are left. */
  uses: number;
}

/** What the statement about to be emitted does to the values that wait. */
export interface Action {
  /** Its operands that wait, in the order in which they are evaluated; one that is used twice stands twice. */
  readonly used: readonly Entry[];
  readonly readings: readonly Reading[];
  readonly writings: readonly Writing[];
  readonly strict: boolean;
  /** It will wait itself, so that its operands are evaluated later still. */
  readonly waits: boolean;
}

export function entryOf(v: Var, expr: Expr, uses: number, repeat: boolean, origin: Origin | undefined): Entry {
  const readings: Reading[] = [];
  const writings: Writing[] = [];
  collect(expr, readings, writings);
  const width = widthOf(expr);
  return { var: v, expr, origin, readings, writings, strict: isImpure(expr), width, repeat, uses };
}

/** The values that wait in a block, in the order in which the IR evaluates them. */
export class Pending {
  private readonly entries = new Map<Var, Entry>();

  constructor(
    private readonly memory: Memory,
    private readonly emit: (bind: Bind) => void,
    inherited: readonly Entry[],
  ) {
    for (const e of inherited) this.entries.set(e.var, e);
  }

  get(v: Var): Entry | undefined {
    return this.entries.get(v);
  }

  all(): readonly Entry[] {
    return [...this.entries.values()].filter((e) => e.uses > 0);
  }

  add(e: Entry): void {
    this.entries.set(e.var, e);
  }

  remove(e: Entry): void {
    this.entries.delete(e.var);
  }

  /** Takes one use of a value. */
  take(v: Var): Expr {
    const e = this.entries.get(v);
    if (e === undefined) return v;
    e.uses--;
    if (e.uses <= 0) this.entries.delete(v);
    return e.expr;
  }

  /** Gives a value a name after all, and before it whatever must be evaluated before. */
  materialise(e: Entry): void {
    if (!this.entries.has(e.var) || e.uses <= 0) return;
    for (const earlier of this.before(e)) if (this.clash(earlier, e)) this.materialise(earlier);
    this.entries.delete(e.var);
    this.emit({ kind: "bind", result: e.var, value: e.expr, origin: e.origin });
  }

  /** Names the values that could not be evaluated later than, or together with, the statement. */
  settle(action: Action): void {
    const { used } = action;
    const left = (e: Entry): number => e.uses - used.filter((u) => u === e).length;
    // What is used again later stays where it is: x = da.v + f(da) - da.v
    const isUsedUp = (e: Entry): boolean => used.includes(e) && left(e) <= 0;
    const order = new Map([...this.entries.values()].map((e, i) => [e, i]));
    used.forEach((second, j) => {
      for (const first of used.slice(0, j)) {
        if ((order.get(second) ?? 0) < (order.get(first) ?? 0) && this.clash(second, first)) this.materialise(second);
      }
    });
    for (const e of used) {
      const others = action.waits ? this.after(e) : this.before(e);
      for (const other of others) {
        if (!isUsedUp(other) && this.clash(e, other)) this.materialise(action.waits ? e : other);
      }
    }
    for (const e of this.all()) {
      if (left(e) <= 0 || (action.waits && !e.repeat)) continue;
      if (this.clash(e, action)) this.materialise(e);
    }
  }

  /** Whether two evaluations must stay in their order. */
  clash(a: Footprint, b: Footprint): boolean {
    if (a.strict && b.strict) return true;
    return this.disturbs(a, b) || this.disturbs(b, a);
  }

  private disturbs(writer: Footprint, reader: Footprint): boolean {
    if (writer.writings.length === 0) return false;
    const touched = [...reader.readings, ...reader.writings];
    return touched.some((r) => writer.writings.some((w) => this.memory.conflicts(r, w)));
  }

  private before(e: Entry): readonly Entry[] {
    const all = [...this.entries.values()];
    return all.slice(0, Math.max(0, all.indexOf(e)));
  }

  private after(e: Entry): readonly Entry[] {
    const all = [...this.entries.values()];
    return all.includes(e) ? all.slice(all.indexOf(e) + 1) : [];
  }
}

interface Footprint {
  readonly readings: readonly Reading[];
  readonly writings: readonly Writing[];
  readonly strict: boolean;
}

function collect(e: Expr, readings: Reading[], writings: Writing[]): void {
  if (e.kind === "read" || e.kind === "duplicate") readings.push(e.reads);
  if (e.kind === "source" && e.pure) readings.push({});
  if (e.kind === "source" && !e.pure) writings.push({ grows: true });
  if (e.kind === "fresh" && e.initial === "zerosLike") {
    const [source] = e.args;
    readings.push(source?.kind === "var" ? { of: source, depth: Infinity } : {});
  }
  if (e.kind === "invocation") writings.push({ grows: true });
  if (e.kind === "popped") writings.push(e.writes);
  for (const part of partsOf(e)) collect(part, readings, writings);
}

/** About how many columns an expression takes. */
export function widthOf(e: Expr): number {
  switch (e.kind) {
    case "var":
      return Math.max(1, e.name.length);
    case "literal":
      return e.text?.length ?? String(e.value).length;
    case "read":
      return widthOf(e.of) + (e.key.kind === "field" ? e.key.name.length + 1 : widthOf(e.key) + 2);
    case "choice":
      return widthOf(e.test) + widthOf(e.then) + widthOf(e.else) + 6;
    default: {
      const inner = partsOf(e).reduce((sum, p) => sum + widthOf(p) + 2, 0);
      if (e.kind === "operation") return inner + (/\w/.test(e.op) ? e.op.length : 1);
      if (e.kind === "source") return inner + e.text.join("").length;
      return inner + (e.kind === "invocation" ? e.callee.name.length : e.kind === "fresh" ? 2 : 8);
    }
  }
}
