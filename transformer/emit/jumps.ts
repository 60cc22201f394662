import type { Fn, Var } from "../ir/model.js";
import { int } from "../ir/types.js";
import type { Slots } from "./coalesce.js";
import { copies } from "./copies.js";
import { isNumber, negated, simplified, type Known } from "./logic.js";
import type { LoopId, Node } from "./nodes.js";
import { widthOf } from "./pending.js";
import { eachVar, isImpure, literal, mapped, type Choice, type Expr, type TreeBlock, type TreeIf, type TreeLoop } from "./tree.js";
import type { Site, Usage } from "./usage.js";

/** What happens with the values that a block yields. */
interface Continuation {
  /** At the end of the text of the block. Says whether control goes on behind it. */
  end(yields: readonly Expr[], out: Node[]): boolean;
  /** From anywhere: a jump there, if one can be written. */
  jump(yields: readonly Expr[]): Node[] | undefined;
  readonly returns?: boolean;
}

/** Turns blocks with statuses into statements with `break`, `continue` and `return`. */
export class Structure {
  constructor(
    private readonly fn: Fn,
    private readonly usage: Usage,
    private readonly slots: Slots,
    private readonly isInteger: (e: Expr) => boolean,
  ) {}

  run(body: TreeBlock): Node[] {
    const out: Node[] = [];
    const jump = (values: readonly Expr[]): Node[] => [{ kind: "return", values }];
    const end = (values: readonly Expr[], to: Node[]): boolean => {
      if (this.fn.results.length === 0) return true;
      to.push(...jump(values));
      return false;
    };
    this.block(body, new Map(), { end, jump, returns: true }, out);
    return out;
  }

  private block(block: TreeBlock, outer: Known, then: Continuation, out: Node[]): boolean {
    let known = outer;
    for (const [i, s] of block.statements.entries()) {
      const { origin } = s;
      const simple = (e: Expr): Expr => simplified(e, known);
      switch (s.kind) {
        case "bind": {
          const value = simple(s.value);
          if (this.isPutIn(s.result, value)) known = new Map([...known, [s.result, value]]);
          else out.push({ kind: "assign", slot: this.slots.of(s.result), value, origin });
          break;
        }
        case "bindAll": {
          const slots = s.results.map((r) => r && this.slots.of(r));
          out.push({ kind: "destructure", slots, value: s.value, origin });
          break;
        }
        case "if": {
          if (i === block.statements.length - 1 && this.isHandedOn(s, block, then)) {
            return this.branch(s, known, this.handOn(s, block, known, then), out);
          }
          const told = this.statusOf(s, known);
          if (told !== undefined) {
            known = new Map([...known, ...told]);
            break;
          }
          const join = new Join(this, this.slots, this.usage, { s, block, at: i, known, then });
          if (!this.branch(s, known, join, out)) return false;
          known = new Map([...known, ...join.certain()]);
          break;
        }
        case "loop": {
          const after = this.loop(s, { block, at: i, known, then }, out);
          if (after === undefined) return false;
          known = after;
          break;
        }
        default:
          out.push({ kind: "leaf", statement: mapped(s, simple), origin });
          if (s.kind === "effect" && s.throws) return false;
      }
    }
    return then.end(
      block.yields.map((y) => simplified(y, known)),
      out,
    );
  }

  // const status = c ? 1 : 0, which is only compared: each comparison becomes c or !c.
  private isPutIn(result: Var, value: Expr): boolean {
    if (value.kind !== "choice" || !isNumber(value.then) || !isNumber(value.else)) return false;
    const sites = this.usage.of(result);
    const isCompared = (site: Site): boolean =>
      site.user === undefined
        ? site.place === 0 && this.usage.ownerOf(site.block)?.kind === "loop"
        : site.user.kind === "let" && /^[!=]==$/.test(site.user.op);
    return sites.every(isCompared) && this.isStable(value.test);
  }

  // if (c) status = 1; else status = 0;   is put in likewise
  private statusOf(s: TreeIf, known: Known): readonly [Var, Expr][] | undefined {
    const test = simplified(s.test, known);
    if (s.then.statements.length + s.else.statements.length > 0 || test.kind === "literal" || !this.isStable(test)) return undefined;
    if (s.then.throws || s.else.throws) return undefined;
    const found = s.results.flatMap((r, i): [Var, Expr | undefined][] => {
      if (this.usage.count(r) === 0) return [];
      const [then, other] = [s.then, s.else].map((side) => side.yields[i] && simplified(side.yields[i], known));
      if (!isNumber(then) || !isNumber(other)) return [[r, undefined]];
      const value: Expr = { kind: "choice", test, then, else: other, type: r.type };
      return [[r, this.isPutIn(r, value) ? value : undefined]];
    });
    const certain = found.filter((entry): entry is [Var, Expr] => entry[1] !== undefined);
    return certain.length === found.length && found.length > 0 ? certain : undefined;
  }

  /** Whether an expression gives the same for the rest of its block, at little cost. */
  private isStable(e: Expr): boolean {
    if (e.kind === "var") return this.usage.counters.has(e) || this.slots.isStable(e);
    if (e.kind === "operation") return /^([!=]==|[<>]=?|!)$/.test(e.op) && e.args.every((a) => this.isStable(a));
    return e.kind === "literal";
  }

  // The block ends in this `if` and yields what it gives: each side carries on for itself where that saves a status
  // or returns.
  private isHandedOn(s: TreeIf, block: TreeBlock, then: Continuation): boolean {
    if (s.returns && then.returns === true) return true;
    return block.yields.some((y) => y.kind === "var" && s.results.includes(y) && this.usage.statuses.has(y));
  }

  private handOn(s: TreeIf, block: TreeBlock, known: Known, then: Continuation): Continuation {
    const composed = (yields: readonly Expr[]): readonly Expr[] => {
      const all = new Map([...known, ...bindings(s.results, yields)]);
      return block.yields.map((y) => simplified(y, all));
    };
    const { returns = false } = then;
    return { end: (y, out) => then.end(composed(y), out), jump: (y) => then.jump(composed(y)), returns };
  }

  // if (c) { …; break; } else { rest }   becomes   if (c) { …; break; } rest
  private branch(s: TreeIf, known: Known, next: Continuation, out: Node[]): boolean {
    const test = simplified(s.test, known);
    if (test.kind === "literal") return this.block(test.value === true ? s.then : s.else, known, next, out);
    const { origin } = s;
    const then: Node[] = [];
    const other: Node[] = [];
    const thenGoesOn = this.block(s.then, known, next, then);
    const otherGoesOn = this.block(s.else, known, next, other);
    const not = (): Expr => negated(test, this.isInteger);
    if (thenGoesOn && otherGoesOn) {
      const skip = then.length === 0 && isLong(other) ? this.skip(s.then, known, next) : undefined;
      if (skip === undefined) out.push({ kind: "branch", test, then, else: other, origin });
      else out.push({ kind: "branch", test, then: skip, else: [], origin }, ...other);
    } else if (thenGoesOn || (!otherGoesOn && other.length === 1 && then.length > 1)) {
      out.push({ kind: "branch", test: not(), then: other, else: [], origin }, ...then);
    } else {
      out.push({ kind: "branch", test, then, else: [], origin }, ...other);
    }
    return thenGoesOn || otherGoesOn;
  }

  // if (c) continue; rest
  private skip(side: TreeBlock, known: Known, next: Continuation): Node[] | undefined {
    if (side.statements.length > 0) return undefined;
    const nodes = next.jump(side.yields.map((y) => simplified(y, known)));
    return nodes?.length === 1 && nodes[0]?.kind === "continue" ? nodes : undefined;
  }

  private loop(s: TreeLoop, rest: Rest, out: Node[]): Known | undefined {
    const { known } = rest;
    const simple = (e: Expr): Expr => simplified(e, known);
    const params = s.carried.map((c) => c.param);
    const { exit } = s;
    const tells = exit !== undefined && this.usage.count(exit) > 0 ? exit : undefined;
    const id: LoopId = { label: s.label };
    const codes = new Set<number | undefined>(s.counter === undefined ? [] : [0]);
    const move = (values: readonly Expr[]): Node[] => copies(this.slots, params, values);
    const told = (status: Expr): Node[] =>
      tells === undefined ? [] : [{ kind: "assign", slot: this.slots.of(tells), value: status }];
    const leave = (status: Expr & { value: number }, values: readonly Expr[]): Node[] => {
      if (tells !== undefined) {
        const results = s.carried.map((c) => c.result);
        const yields = this.foresee(rest, new Map([[tells, status], ...bindings(results, values)]));
        const jump = yields && rest.then.jump(yields);
        if (jump !== undefined) return jump;
      }
      codes.add(status.value);
      return [...move(values), ...told(status), { kind: "break", id }];
    };
    // if (c) { …; break; } …
    const choose = ({ test, then, else: other }: Choice, values: readonly Expr[], to: Node[]): boolean => {
      const side = (status: Expr): Node[] => {
        if (!isNumber(status)) throw new Error("a status that is no number");
        return status.value === 0 ? [...move(values), { kind: "continue", id }] : leave(status, values);
      };
      to.push({ kind: "branch", test, then: side(then), else: [] }, ...side(other));
      return false;
    };
    const turn: Continuation = {
      end: ([status, ...values], to) => {
        if (isNumber(status)) {
          to.push(...(status.value === 0 ? move(values) : leave(status, values)));
          return status.value === 0;
        }
        if (status === undefined) throw new Error("a turn without a status");
        if (status.kind === "choice" && isNumber(status.then) && isNumber(status.else)) return choose(status, values, to);
        // The status is only known when the turn has run.
        codes.add(undefined);
        let kept = status;
        if (!this.isStable(status)) {
          kept = { kind: "var", name: "", type: int };
          to.push({ kind: "assign", slot: this.slots.of(kept), value: status });
        }
        const test: Expr = { kind: "operation", op: "!==", args: [kept, literal(0, int)], type: { kind: "bool" } };
        to.push(...move(values), { kind: "branch", test, then: [...told(kept), { kind: "break", id }], else: [] });
        return true;
      },
      jump: ([status, ...values]) => {
        if (!isNumber(status)) return undefined;
        return status.value === 0 ? [...move(values), { kind: "continue", id }] : leave(status, values);
      },
    };
    const body: Node[] = [];
    this.block(s.body, known, turn, body);
    out.push(...move(s.carried.map((c) => simple(c.init))));
    if (s.counter !== undefined && codes.size > 1) out.push(...told(literal(0, int)));
    const { origin } = s;
    if (s.counter === undefined) out.push({ kind: "while", id, body, origin });
    else {
      const { test, step } = s.counter;
      const start = simple(s.counter.start);
      const bound = simple(s.counter.bound);
      out.push({ kind: "for", id, slot: this.slots.of(s.counter.var), start, test, bound, step, body, origin });
    }
    if (codes.size === 0) return undefined;
    const [code] = codes;
    return tells !== undefined && codes.size === 1 && code !== undefined
      ? new Map([...known, [tells, literal(code, int)]])
      : known;
  }

  /** What the block will yield once these values are known, if nothing has to be done for it. */
  foresee(rest: Rest, found: Known): readonly Expr[] | undefined {
    return foresee(rest.block, rest.at + 1, new Map([...rest.known, ...found]));
  }
}

/** What follows a statement: the rest of its block, and then what follows the block. */
interface Rest {
  readonly block: TreeBlock;
  readonly at: number;
  readonly known: Known;
  readonly then: Continuation;
}

/** Both sides of an `if` come together behind it. A side with a status that the rest only hands on jumps there. */
class Join implements Continuation {
  private readonly codes = new Map<Var, Set<number | undefined>>();

  constructor(
    private readonly structure: Structure,
    private readonly slots: Slots,
    private readonly usage: Usage,
    private readonly rest: Rest & { readonly s: TreeIf },
  ) {}

  end(yields: readonly Expr[], out: Node[]): boolean {
    const { results } = this.rest.s;
    const statuses = results.flatMap((r, i) => (this.usage.statuses.has(r) ? [{ r, y: yields[i] }] : []));
    if (statuses.some(({ y }) => isNumber(y))) {
      const nodes = this.jump(yields);
      if (nodes !== undefined) {
        out.push(...nodes);
        return false;
      }
    }
    for (const { r, y } of statuses) {
      const codes = this.codes.get(r) ?? new Set();
      this.codes.set(r, codes.add(isNumber(y) ? y.value : undefined));
    }
    out.push(...copies(this.slots, results, yields));
    return true;
  }

  jump(yields: readonly Expr[]): Node[] | undefined {
    const all = this.structure.foresee(this.rest, new Map(bindings(this.rest.s.results, yields)));
    return all && this.rest.then.jump(all);
  }

  /** The statuses that are the same on every path that comes here. */
  certain(): readonly [Var, Expr][] {
    return [...this.codes].flatMap(([r, codes]): [Var, Expr][] => {
      const [code] = codes;
      return codes.size === 1 && code !== undefined ? [[r, literal(code, int)]] : [];
    });
  }
}

function bindings(names: readonly Var[], values: readonly Expr[]): [Var, Expr][] {
  return names.flatMap((name, i): [Var, Expr][] => {
    const value = values[i];
    return value === undefined ? [] : [[name, value]];
  });
}

const WIDEST_REPEATED = 24;

function foresee(block: TreeBlock, from: number, known: Map<Var, Expr>): readonly Expr[] | undefined {
  if (block.throws) return undefined;
  const passedOver = new Set<Var>();
  for (const s of block.statements.slice(from)) {
    if (s.kind === "bind" && !isImpure(s.value)) {
      const value = simplified(s.value, known);
      if (value.kind === "literal" || value.kind === "var") known.set(s.result, value);
      else if (isSmall(value)) known.set(s.result, value);
      else passedOver.add(s.result);
    } else if (s.kind === "if") {
      const test = simplified(s.test, known);
      if (test.kind !== "literal") return undefined;
      const yields = foresee(test.value === true ? s.then : s.else, 0, known);
      if (yields === undefined) return undefined;
      for (const [r, value] of bindings(s.results, yields)) known.set(r, value);
    } else return undefined;
  }
  const yields = block.yields.map((y) => simplified(y, known));
  const isAtHand = (e: Expr): boolean => {
    let found = !isImpure(e) && widthOf(e) <= WIDEST_REPEATED;
    eachVar(e, (v) => (found &&= !passedOver.has(v)));
    return found;
  };
  return yields.every(isAtHand) ? yields : undefined;
}

/** Arithmetic on what is at hand: it may be written on each way out. */
function isSmall(e: Expr): boolean {
  if (e.kind === "operation") return /^[-+]$/.test(e.op) && e.type.kind === "int" && e.args.every(isSmall);
  return e.kind === "var" || e.kind === "literal";
}

function isLong(nodes: readonly Node[]): boolean {
  return nodes.length > 1;
}
