import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Loop, Statement, Var } from "../ir/model.js";
import { isNull, keepsBits } from "../ir/types.js";
import { blocksOf, bound, boundWithin, statementsOf } from "../ir/walk.js";
import { keepToTheirPlaces } from "./by-turn.js";
import type { Arrays } from "./own-arrays.js";

/** The longest term that is followed. */
const longest = 300;

/** What a loop leaves at the place of each turn, as terms: the same term is the same value. */
export interface Left {
  /** What it stores there, and nothing writes after it. */
  readonly stored: ReadonlyMap<Var, string>;
  /** What arrays hold there when the turn ends, as far as that is known. */
  readonly held: ReadonlyMap<Var, string>;
  /** Of what a turn computes and reads itself, whatever branches and loops within do. */
  readonly terms: ReadonlyMap<Atom, string>;
}

/**
 * What arrays hold, followed through the statements of a block. A term is made of the number of the turn `i`, of names from
 * outside of the loop, of elements by the version of their memory, and of names for what is not followed further.
 */
export class Contents {
  private readonly versions = new Map<MemoryClass, number>();
  private readonly contents = new Map<string, string>();
  private readonly names = new Map<unknown, number>();
  private readonly made: ReadonlySet<Var>;

  private readonly memory: Memory;

  constructor(
    block: Block,
    private readonly arrays: Arrays,
  ) {
    this.memory = arrays.memory;
    this.made = new Set(block.statements.flatMap((s) => blocksOf(s).flatMap((b) => statementsOf(b).flatMap(bound))));
  }

  /** Whether an array is named outside of the blocks within. */
  isOutside(array: Var): boolean {
    return !this.made.has(array);
  }

  /** How often what lies there may have been written. */
  versionOf(cell: MemoryClass): number {
    return this.versions.get(cell) ?? 0;
  }

  /** Goes on behind a statement of the block. */
  after(s: Statement): Left | undefined {
    const { writes } = effectsOf([s], this.memory);
    const left = s.kind === "loop" ? this.turn(s, writes) : undefined;
    for (const cell of writes) this.versions.set(cell, (this.versions.get(cell) ?? 0) + 1);
    if (s.kind === "loop" && left !== undefined) {
      const range = this.rangeOf(s);
      for (const [array, term] of left.held) {
        const cell = this.memory.elementsOf(array);
        if (cell !== undefined) this.contents.set(this.placeOf(array, cell, range), term);
      }
    }
    return left;
  }

  private turn(loop: Loop, writes: ReadonlySet<MemoryClass>): Left | undefined {
    const { counter, exit, body } = loop;
    const status = body.yields[0];
    const range = this.rangeOf(loop);
    if (counter === undefined || exit !== undefined || status === undefined || !isLiteral(status, 0) || range === undefined) return undefined;
    const byTurn = new Set([...writes].filter((cell) => keepToTheirPlaces([{ loop, turn: counter.var }], cell, this.memory, this.arrays.made, false)));
    const inside = new Set<Atom>(statementsOf(body).flatMap((s) => [...bound(s), ...boundWithin(s)]));
    const terms = new Map<Atom, string>([[counter.var, "i"], ...loop.carried.map((c) => [c.param, this.name(c.param)] as const)]);
    // What the turn has written so far to its place of some memory: by which name, and what; another name where that is not known.
    const written = new Map<MemoryClass, { readonly array: Var; readonly term: string } | undefined>();
    const held = new Map<Var, string>();
    const termOf = (a: Atom): string => {
      if (a.kind === "literal") return `${a.type.kind} ${isNull(a.type) ? "null" : Object.is(a.value, -0) ? "-0" : String(a.value)}`;
      return terms.get(a) ?? this.name(a);
    };
    const set = (v: Var, term: string): void => void (term.length <= longest && terms.set(v, term));
    for (const s of body.statements) {
      const cells = effectsOf([s], this.memory).writes;
      if (s.kind === "let") set(s.result, `${s.op}(${s.args.map(termOf).join(", ")})`);
      else if (s.kind === "load" && s.of.kind === "var" && !inside.has(s.of)) {
        const cell = this.memory.cellOf(s.of, s.key);
        if (cell === undefined) continue;
        const isSteady = !writes.has(cell);
        if (s.key !== counter.var) {
          if (isSteady) set(s.result, `${this.placeOf(s.of, cell)}${s.key.kind === "field" ? `.${s.key.name}` : `[${termOf(s.key)}]`}`);
          continue;
        }
        if (!isSteady && !byTurn.has(cell)) continue;
        const before = written.get(cell);
        if (!written.has(cell)) set(s.result, this.contents.get(this.placeOf(s.of, cell, range)) ?? `${this.placeOf(s.of, cell)}[i]`);
        else if (before?.array === s.of) set(s.result, before.term);
        held.set(s.of, termOf(s.result));
      }
      for (const cell of cells) {
        for (const array of [...held.keys()]) if (this.memory.elementsOf(array) === cell) held.delete(array);
        written.set(cell, undefined);
      }
      if (s.kind === "store" && s.key === counter.var && s.of.kind === "var" && !inside.has(s.of)) {
        const cell = this.memory.elementsOf(s.of);
        if (cell === undefined || !byTurn.has(cell) || !keepsBits(s.of.type)) continue;
        written.set(cell, { array: s.of, term: termOf(s.value) });
        held.set(s.of, termOf(s.value));
      }
    }
    const stored = new Map<Var, string>();
    for (const value of written.values()) if (value !== undefined) stored.set(value.array, value.term);
    return { stored, held, terms };
  }

  private rangeOf({ counter }: Loop): string | undefined {
    const range = counter && this.arrays.lengths.rangeOf(counter);
    return range && `${String(range.low)}..${typeof range.high === "number" ? String(range.high) : this.name(range.high)}`;
  }

  /** Memory as it is now, of which a cell is looked at; of an array also at the places of a range. */
  private placeOf(of: Var, cell: MemoryClass, range?: string): string {
    return `${this.name(of)}@${String(this.versionOf(cell))}${range === undefined ? "" : ` ${range}`}`;
  }

  private name(of: unknown): string {
    let n = this.names.get(of);
    if (n === undefined) this.names.set(of, (n = this.names.size));
    return `v${String(n)}`;
  }
}
