import { lengthField, one, region, variable, zero } from "../ir/build.js";
import type { Allocate, Atom, Block, Fn, Initial, Literal, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock, withBlocks } from "../ir/rewrite.js";
import { elementType, int, isFlat, keepsBits } from "../ir/types.js";
import { operands, statementsOf, withInner } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import { JoinedLoops } from "./joined-loops.js";
import type { Arrays } from "./own-arrays.js";
import type { Lengths } from "./same-lengths.js";
import { isLength } from "./whole-numbers.js";

/**
 * An array of which each turn of a loop, or of some that can be one, has a place of its own is as many numbers:
 *
 *     db = new Array(n).fill(0); for (i…) db[i] += dc[i] * k; for (i…) da[i] += db[i]
 *     becomes   for (i…) { db = [0]; db[0] += dc[i] * k; da[i] += db[0] }
 *
 * where scalar replacement leaves no array. So is a list of objects or rows. Only of what is not differentiated again: names of the first loop are taken
 * for those of the second.
 */
export function withOwnPlaces(fn: Fn, arrays: Arrays): Fn {
  const own = new Set([...arrays.own, ...arrays.lists]);
  const places = new OwnPlaces(arrays.lengths, new JoinedLoops({ ...arrays, own }), own);
  const body = places.block(fn.body);
  return places.replaced.size === 0 ? fn : { ...fn, body: rewriteBlock(body, { atom: (a) => places.lengthOf(a) }) };
}

class OwnPlaces {
  readonly replaced = new Set<Var>();
  private readonly names = new Map<Atom, Atom>();

  constructor(
    private readonly lengths: Lengths,
    private readonly loops: JoinedLoops,
    private readonly own: Set<Var>,
  ) {}

  lengthOf(a: Atom): Atom {
    const known = this.names.get(a);
    return known === undefined ? a : this.lengthOf(known);
  }

  block(block: Block): Block {
    let statements: readonly Statement[] = block.statements;
    // The places of one may be what keeps the loops of another apart.
    for (let count = -1; count !== this.replaced.size; ) {
      count = this.replaced.size;
      for (const list of this.own) {
        const made = keepsBits(list.type) ? statements.filter(isZeros).find((s) => s.result === list) : undefined;
        if (made !== undefined) statements = this.without(made, statements) ?? statements;
      }
    }
    return { ...block, statements: statements.map((s) => withBlocks(s, (b) => this.block(b))) };
  }

  /** The statements of a block without an array that is made there; nothing where it is needed. */
  private without(made: Zeros, statements: readonly Statement[]): readonly Statement[] | undefined {
    const { result: list } = made;
    const isUser = (s: Statement): boolean => withInner(s).some((t) => t !== made && operands(t).includes(list) && !isLength(t));
    let present = statements;
    for (;;) {
      const [first, second] = [...present.keys()].filter((k) => isUser(present[k] as Statement));
      const loop = first === undefined ? undefined : present[first];
      if (loop?.kind !== "loop" || !this.hasOwnPlace(loop, list)) return undefined;
      if (second === undefined) return this.inTurns(made, loop, present);
      const joined = this.loops.join(present, first as number, second);
      if (joined === undefined) return undefined;
      present = joined;
    }
  }

  /** Whether a loop gets to the place of its turn only, and that is there. */
  private hasOwnPlace({ counter, body }: Loop, list: Var): boolean {
    const range = counter && this.lengths.rangeOf(counter);
    // A typed array of 2.5 elements has 2: its length is known by itself alone.
    if (range === undefined || range.high === list || range.high !== this.lengths.ofArray(list)) return false;
    return statementsOf(body).every((s) => !operands(s).includes(list) || isLength(s) || (isPlace(s) && s.key === counter?.var));
  }

  private inTurns(made: Zeros, loop: Loop, statements: readonly Statement[]): readonly Statement[] {
    const { result: list, initial, origin } = made;
    const own: Var = { ...list, type: list.type.kind === "typed" ? list.type : { kind: "array", element: elementType(list.type) } };
    this.replaced.add(list);
    this.own.add(own);
    const measured = statements.map((s) => (s === loop ? { ...loop, body: inTurn(loop.body, made, own) } : s));
    // n = db.length   becomes   the length that it was made with
    const length = initial.kind === "fill" ? initial.length : variable("n", int, origin);
    const load: Statement[] = initial.kind === "fill" ? [] : [{ kind: "load", result: length as Var, of: initial.source, key: lengthField, ...(origin && { origin }) }];
    const instead = (s: Statement): readonly Statement[] => {
      if (s === made) return load;
      if (!isLength(s) || s.of !== list) return [s];
      this.names.set(s.result, length);
      return [];
    };
    const block = replaceStatements({ region: region("places"), statements: measured, yields: [] }, instead);
    return rewriteBlock(block, { atom: (a) => this.lengthOf(a) }).statements;
  }
}

/** The body of a loop in which the place of a list that is its turn's own is the only one of a list of the turn. */
function inTurn(body: Block, { result: list, initial, origin }: Zeros, own: Var): Block {
  const atPlace = replaceStatements(body, (s) => [isPlace(s) && !isLength(s) && s.of === list ? { ...s, of: own, key: zero } : s]);
  const value = initial.kind === "fill" ? initial.value : zero;
  const only: Initial = value.value === undefined ? { kind: "fill", length: one, value } : { kind: "elements", elements: [value] };
  const place: Allocate = { kind: "allocate", result: own, initial: only, ...(origin && { origin }) };
  return { ...atPlace, statements: [place, ...atPlace.statements] };
}

type Zeros = Allocate & { readonly initial: { readonly kind: "fill"; readonly length: Atom; readonly value: Literal } | { readonly kind: "zerosLike"; readonly source: Var } };

function isZeros(s: Statement): s is Zeros {
  if (s.kind !== "allocate") return false;
  const { initial } = s;
  return (initial.kind === "fill" && initial.value.kind === "literal") || (initial.kind === "zerosLike" && initial.source.kind === "var" && isFlat(s.result.type));
}
