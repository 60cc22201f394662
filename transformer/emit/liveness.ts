import type { Fn, Var } from "../ir/model.js";
import { eachVar, ownExprs, type Expr, type TreeBlock, type TreeIf, type TreeLoop, type TreeStatement } from "./tree.js";

/** A value handed from one name to another: both may be one variable where they do not live together. */
export interface Pair {
  readonly from: Var;
  readonly to: Var;
  /** How many loops it stands in. */
  readonly depth: number;
}

type Live = Set<Var>;

/**
 * Which names live at the same time. The parameter of a carried value and its result count as one name, the
 * parameter. Only names that take part in a handing over are looked at.
 */
export class Liveness {
  readonly pairs: Pair[] = [];
  /** Results and carried values that nothing reads. */
  readonly dead = new Set<Var>();
  /** Names that must keep a variable of their own: text that is run later may refer to them. */
  readonly kept = new Set<Var>();
  private readonly heads = new Map<Var, Var>();
  private readonly params = new Set<Var>();
  private readonly watched = new Set<Var>();
  private readonly together = new Map<Var, Set<Var>>();
  private readonly inside = new Map<TreeLoop, { used: ReadonlySet<Var>; free: ReadonlySet<Var> }>();

  constructor(fn: Fn, body: TreeBlock) {
    for (const p of fn.params) this.watched.add(p);
    this.prepare(body, 0);
    const live: Live = new Set();
    for (const y of body.yields) this.use(y, live);
    this.block(body, live);
    for (const p of fn.params) this.meet(p, [...live, ...fn.params]);
  }

  /** The name under which a name is known here. */
  head(v: Var): Var {
    return this.heads.get(v) ?? v;
  }

  /** Whether a name is the parameter of a carried value. */
  carries(v: Var): boolean {
    return this.params.has(v);
  }

  meets(a: Var, b: Var): boolean {
    return this.together.get(a)?.has(b) === true;
  }

  private prepare(block: TreeBlock, depth: number): void {
    for (const s of block.statements) {
      if (s.kind === "bindAll") for (const r of s.results) if (r !== undefined) this.kept.add(r);
      this.keepCaptured(s);
      if (s.kind === "if") {
        this.prepare(s.then, depth);
        this.prepare(s.else, depth);
        s.results.forEach((to, i) => {
          this.watched.add(to);
          for (const side of [s.then, s.else]) this.pair(side.yields[i], to, depth);
        });
      } else if (s.kind === "loop") {
        for (const c of s.carried) {
          this.heads.set(c.result, c.param);
          this.params.add(c.param);
          this.watched.add(c.param);
          this.pair(c.init, c.param, depth);
        }
        this.prepare(s.body, depth + 1);
        s.carried.forEach((c, i) => {
          this.pair(s.body.yields[i + 1], c.param, depth + 1);
        });
        if (s.counter !== undefined) this.kept.add(s.counter.var);
        if (s.exit !== undefined) this.kept.add(s.exit);
      }
    }
  }

  // A function within source text sees the variable, not its value of now.
  private keepCaptured(s: TreeStatement): void {
    const keep = (e: Expr): void => {
      if (e.kind === "source" && /=>|\bfunction\b/.test(e.text.join(""))) for (const a of e.args) eachVar(a, (v) => this.keep(v));
      if (e.kind === "operation") e.args.forEach(keep);
    };
    ownExprs(s).forEach(keep);
    if (s.kind === "effect" && /=>|\bfunction\b/.test(s.text.join(""))) {
      for (const a of s.args) eachVar(a, (v) => this.keep(v));
    }
  }

  private keep(v: Var): void {
    this.kept.add(this.head(v));
  }

  private pair(from: Expr | undefined, to: Var, depth: number): void {
    if (from?.kind !== "var" || from.captured === true) return;
    this.watched.add(this.head(from));
    this.pairs.push({ from: this.head(from), to, depth });
  }

  private use(e: Expr, live: Live): void {
    eachVar(e, (v) => {
      const head = this.head(v);
      if (this.watched.has(head)) live.add(head);
    });
  }

  private meet(v: Var, others: Iterable<Var>): void {
    for (const other of others) {
      if (other === v) continue;
      edges(this.together, v).add(other);
      edges(this.together, other).add(v);
    }
  }

  private block(block: TreeBlock, live: Live): void {
    for (let i = block.statements.length - 1; i >= 0; i--) {
      const s = block.statements[i];
      if (s !== undefined) this.statement(s, live);
    }
  }

  private statement(s: TreeStatement, live: Live): void {
    if (s.kind === "if") return this.branch(s, live);
    if (s.kind === "loop") return this.loop(s, live);
    if (s.kind === "bind") this.define(s.result, live, s.value);
    if (s.kind === "bindAll") for (const r of s.results) if (r !== undefined) this.define(r, live);
    for (const e of ownExprs(s)) this.use(e, live);
  }

  private define(v: Var, live: Live, value?: Expr): void {
    const head = this.head(v);
    if (!this.watched.has(head)) return;
    live.delete(head);
    const same = value?.kind === "var" ? this.head(value) : undefined;
    this.meet(
      head,
      [...live].filter((other) => other !== same),
    );
  }

  private branch(s: TreeIf, live: Live): void {
    const after = new Set(live);
    const results = s.results.flatMap((r, i) => (after.has(r) ? [{ r, i }] : []));
    for (const r of s.results) if (!after.has(r)) this.dead.add(r);
    live.clear();
    for (const side of [s.then, s.else]) {
      const inner: Live = new Set(side.throws ? [] : after);
      if (!side.throws) {
        for (const { r, i } of results) {
          const y = side.yields[i];
          const same = y?.kind === "var" ? this.head(y) : undefined;
          this.meet(
            r,
            [...after].filter((other) => other !== same),
          );
          inner.delete(r);
        }
        for (const { i } of results) {
          const y = side.yields[i];
          if (y !== undefined) this.use(y, inner);
        }
      }
      this.block(side, inner);
      for (const v of inner) live.add(v);
    }
    this.use(s.test, live);
  }

  private loop(s: TreeLoop, live: Live): void {
    const { used, free } = this.within(s);
    const after = new Set(live);
    const carried = s.carried.flatMap((c, i) => (after.has(c.param) || used.has(c.param) ? [{ ...c, i }] : []));
    for (const c of s.carried) if (!after.has(c.param) && !used.has(c.param)) this.dead.add(c.param);
    const end = new Set([...after, ...free, ...carried.map((c) => c.param)]);
    const inner = new Set(end);
    for (const c of carried) inner.delete(c.param);
    for (const i of [-1, ...carried.map((c) => c.i)]) {
      const y = s.body.yields[i + 1];
      if (y !== undefined) this.use(y, inner);
    }
    this.block(s.body, inner);
    for (const c of carried) {
      this.meet(c.param, end);
      this.meet(c.param, inner);
    }
    live.clear();
    for (const v of [...after, ...free]) live.add(v);
    for (const c of carried) live.delete(c.param);
    if (s.counter !== undefined) {
      this.use(s.counter.start, live);
      for (const c of carried) this.meet(c.param, live);
    }
    for (const c of carried) this.use(c.init, live);
  }

  /** The names read in a loop's turns, and those of them that are bound outside. */
  private within(s: TreeLoop): { used: ReadonlySet<Var>; free: ReadonlySet<Var> } {
    const known = this.inside.get(s);
    if (known !== undefined) return known;
    const used: Live = new Set();
    const defined = new Set<Var>(s.carried.map((c) => c.param));
    if (s.counter !== undefined) this.use(s.counter.bound, used);
    this.collect(s.body, used, defined);
    const found = { used, free: new Set([...used].filter((v) => !defined.has(v))) };
    this.inside.set(s, found);
    return found;
  }

  private collect(block: TreeBlock, used: Live, defined: Set<Var>): void {
    for (const y of block.yields) this.use(y, used);
    for (const s of block.statements) {
      for (const e of ownExprs(s)) this.use(e, used);
      if (s.kind === "bind") defined.add(this.head(s.result));
      else if (s.kind === "bindAll") {
        for (const r of s.results) if (r !== undefined) defined.add(this.head(r));
      } else if (s.kind === "if") {
        for (const r of s.results) defined.add(r);
        this.collect(s.then, used, defined);
        this.collect(s.else, used, defined);
      } else if (s.kind === "loop") {
        for (const c of s.carried) defined.add(c.param);
        const inner = this.within(s);
        for (const v of inner.used) used.add(v);
        this.collect(s.body, new Set(), defined);
      }
    }
  }
}

function edges(map: Map<Var, Set<Var>>, v: Var): Set<Var> {
  let set = map.get(v);
  if (set === undefined) map.set(v, (set = new Set()));
  return set;
}
