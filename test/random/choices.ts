import fc from "fast-check";

/**
 * What decides about one statement: the choices made in its own text, and the genes of the blocks within it. A program
 * is a pure function of such a tree, so that fast-check can shrink it: a gene that is taken away takes its statement
 * along and leaves the others as they are.
 */
export interface Gene {
  readonly picks: readonly number[];
  readonly bodies: readonly (readonly Gene[])[];
}

/** What decides about a whole program. */
export interface Genome {
  readonly head: readonly number[];
  readonly helpers: readonly (readonly Gene[])[];
  readonly body: readonly Gene[];
  readonly result: readonly number[];
}

const picks = fc.array(fc.nat(9999), { minLength: 15, maxLength: 40, size: "max" });

function genes(depth: number, maxLength: number): fc.Arbitrary<Gene[]> {
  const none = fc.constant<Gene[]>([]);
  const inner = depth === 0 ? none : fc.oneof({ arbitrary: genes(depth - 1, 4), weight: 4 }, none);
  const gene = fc.record({ picks, bodies: fc.tuple(inner, inner, inner) });
  return fc.array(gene, { maxLength, size: "max" });
}

export const genomes: fc.Arbitrary<Genome> = fc.record({
  head: fc.array(fc.nat(9999), { minLength: 60, maxLength: 60, size: "max" }),
  helpers: fc.array(genes(1, 4), { maxLength: 3, size: "max" }),
  body: genes(2, 9),
  result: picks,
});

/** Takes one choice after another; where there are none left, always the first and simplest. */
export class Choices {
  #at = 0;
  readonly #picks: readonly number[];

  constructor(from: readonly number[]) {
    this.#picks = from;
  }

  below(n: number): number {
    const pick = this.#picks[this.#at++] ?? 0;
    return n <= 1 ? 0 : pick % n;
  }
  of<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to choose from");
    return list[this.below(list.length)] as T;
  }
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }
  weighted<T extends { readonly weight: number }>(rows: readonly T[]): T {
    let at = this.below(rows.reduce((sum, row) => sum + row.weight, 0));
    for (const row of rows) {
      if (at < row.weight) return row;
      at -= row.weight;
    }
    throw new Error("nothing to choose from");
  }
}
