import { isWhole } from "../ir/atoms.js";
import { literal, zero } from "../ir/build.js";
import { allCells, effectsOf } from "../ir/effects.js";
import { reachable, type Memory, type MemoryClass } from "../ir/memory.js";
import type { Atom, Fn, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { int, isFlat, isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { isZeros } from "./first-summand.js";
import { isLength } from "./whole-numbers.js";

/**
 * Lists that are all made with one length have it under every name:
 *
 *     y = [a, b]; for (…) { …; y = [f(y), g(y)]; n = y.length; dy = zeros like y }   becomes   … n = 2; dy = new Array(2).fill(0)
 */
export function withLengthsOfLists(fn: Fn, memory: Memory): Fn {
  const statements = statementsOf(fn.body);
  if (!statements.some((s) => isLength(s) || isZeros(s))) return fn;
  const lengths = new LengthsOfLists(fn, memory);
  const names = new Map<Atom, Atom>();
  const zeros = new Set<Statement>();
  for (const s of statements) {
    if (isLength(s) && s.of.kind === "var" && s.of.type.nullable !== true) {
      const length = lengths.of(s.of);
      if (length !== undefined) names.set(s.result, literal(length, int));
    } else if (isZeros(s) && s.result.type.kind === "array" && s.result.type.length === undefined && lengths.of(s.result) !== undefined) zeros.add(s);
  }
  if (names.size === 0 && zeros.size === 0) return fn;
  const made = (s: Statement): readonly Statement[] => (s.kind === "allocate" && zeros.has(s) ? [{ ...s, initial: { kind: "fill", length: literal(lengths.of(s.result), int), value: zero } }] : [s]);
  return { ...fn, body: rewriteBlock(replaceStatements(fn.body, made), { atom: (a) => names.get(a) ?? a }) };
}

/** How long all memory of a class is made, where that is one number which is written in the source and nothing changes it. */
class LengthsOfLists {
  private readonly made = new Map<MemoryClass, Set<number>>();
  private readonly unknown: Set<MemoryClass>;
  /** Memory that is as long as other memory. */
  private readonly like: (readonly [MemoryClass, MemoryClass])[] = [];
  /** The lists that lengths are of. */
  private readonly measured = new Map<Atom, Atom>();
  private readonly written: ReadonlySet<MemoryClass>;

  constructor(
    fn: Fn,
    private readonly memory: Memory,
  ) {
    this.written = effectsOf(fn.body.statements, memory).writes;
    const functions = reachable(fn);
    this.unknown = new Set([...fn.params, ...functions.flatMap((f) => f.captures), ...memory.outside].flatMap((a) => allCells(a, memory)));
    const all = functions.flatMap(({ body }) => statementsOf(body));
    for (const s of all) if (isLength(s)) this.measured.set(s.result, s.of);
    for (const s of all) this.visit(s);
    for (let size = -1; size !== this.unknown.size + this.count(); ) {
      size = this.unknown.size + this.count();
      for (const [to, from] of this.like) {
        if (this.unknown.has(from) || this.written.has(from.cell("length"))) this.unknown.add(to);
        else this.made.get(from)?.forEach((n) => { this.note(to, n); });
      }
    }
  }

  of(list: Var): number | undefined {
    const own = this.memory.classOf(list);
    if (this.unknown.has(own) || this.written.has(own.cell("length"))) return undefined;
    const [length, ...others] = this.made.get(own) ?? [];
    return others.length === 0 ? length : undefined;
  }

  private visit(s: Statement): void {
    switch (s.kind) {
      case "allocate": {
        const { initial, result } = s;
        const own = this.memory.classOf(result);
        if (initial.kind === "elements") return this.note(own, initial.elements.length);
        if (initial.kind === "fill" && isWhole(initial.length)) return this.note(own, Number(initial.length.value));
        if (initial.kind === "fill") {
          const of = this.measured.get(initial.length);
          return void (of?.kind === "var" ? this.like.push([own, this.memory.classOf(of)]) : this.unknown.add(own));
        }
        return this.likeOther(result, initial.source);
      }
      case "copy":
        return s.from === undefined && s.to === undefined && s.depth <= 1 ? this.likeOther(s.result, s.of) : this.lose(s.result);
      case "let":
        // A view is of another length.
        return s.op === "identity" ? undefined : this.lose(s.result);
      case "opaque":
        return s.result && this.lose(s.result);
      default:
        return;
    }
  }

  private likeOther(result: Var, of: Atom): void {
    if (of.kind !== "var" || !isReference(of.type) || of.type.kind === "record" || result.type.kind === "record") return this.lose(result);
    if (!isFlat(result.type)) this.loseElements(result);
    this.like.push([this.memory.classOf(result), this.memory.classOf(of)]);
  }
  private note(own: MemoryClass, length: number): void {
    const known = this.made.get(own);
    if (known === undefined) this.made.set(own, new Set([length]));
    else known.add(length);
  }
  /** Of nothing that a name leads to it is known how long it is. */
  private lose(v: Var): void {
    if (isReference(v.type)) allCells(v, this.memory).forEach((cell) => { this.unknown.add(cell); });
  }
  private loseElements(v: Var): void {
    const own = this.memory.classOf(v);
    for (const cell of allCells(v, this.memory)) if (cell !== own) this.unknown.add(cell);
  }
  private count(): number {
    let count = 0;
    for (const { size } of this.made.values()) count += size;
    return count;
  }
}
