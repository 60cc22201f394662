import { region, variable } from "../ir/build.js";
import type { Fn, FnRef, Statement } from "../ir/model.js";
import { bool, float64Array, int, real, recordOf, type Type } from "../ir/types.js";
import { setsType } from "./column-sets.js";

const int32Array: Type = { kind: "typed", name: "Int32Array" };

/**
 * Compressed sparse rows, with the colour of each column: columns of one colour have no row in common. In reverse mode rows
 * have colours.
 */
export const sparseType = recordOf([
  { name: "rows", type: int },
  { name: "columns", type: int },
  { name: "starts", type: int32Array },
  { name: "indices", type: int32Array },
  { name: "values", type: float64Array },
  { name: "colours", type: int },
  { name: "colourOf", type: int32Array },
]);
const sparseText = "{ rows: number; columns: number; starts: Int32Array; indices: Int32Array; values: Float64Array; colours: number; colourOf: Int32Array }";

const patternText = `(sets: Map<number, readonly number[]>, names: ArrayLike<number>, columns: number, byRows: boolean): ${sparseText} {
  const rows = names.length;
  const starts = new Int32Array(rows + 1);
  const list: number[] = [];
  for (let k = 0; k < rows; k++) {
    const parts = sets.get(names[k]) ?? (names[k] === 0 ? [] : [names[k]]);
    const found = new Set(parts);
    // The parts come in order. Where the last is a set again, what is added is gone through too.
    const isDeep = parts.length > 0 && parts[parts.length - 1] > columns;
    if (isDeep) for (const name of found) for (const part of sets.get(name) ?? []) found.add(part);
    for (const name of isDeep ? [...found].filter((part) => part <= columns).sort((a, b) => a - b) : parts) list.push(name - 1);
    starts[k + 1] = list.length;
  }
  const indices = Int32Array.from(list);
  // The rows of each column.
  const ends = new Int32Array(columns + 1);
  for (const j of indices) ends[j + 1]++;
  for (let j = 0; j < columns; j++) ends[j + 1] += ends[j];
  const rowsOf = new Int32Array(indices.length);
  const next = ends.slice();
  for (let k = 0; k < rows; k++) for (let p = starts[k]; p < starts[k + 1]; p++) rowsOf[next[indices[p]]++] = k;
  // What is coloured, and where it may meet others: of each the places, and of each place all that are there.
  const count = byRows ? rows : columns;
  const [own, places] = byRows ? [starts, indices] : [ends, rowsOf];
  const [begins, met] = byRows ? [ends, rowsOf] : [starts, indices];
  // What meets many others comes first. Each has the first colour that none of these has.
  const meetings = new Float64Array(count);
  for (let i = 0; i < count; i++) for (let q = own[i]; q < own[i + 1]; q++) meetings[i] += begins[places[q] + 1] - begins[places[q]];
  const order = Array.from(meetings.keys()).sort((a, b) => meetings[b] - meetings[a]);
  const colourOf = new Int32Array(count).fill(-1);
  const taken = new Int32Array(count + 1).fill(-1);
  let colours = 0;
  for (const i of order) {
    for (let q = own[i]; q < own[i + 1]; q++) {
      for (let p = begins[places[q]]; p < begins[places[q] + 1]; p++) {
        const colour = colourOf[met[p]];
        if (colour >= 0) taken[colour] = i;
      }
    }
    let colour = 0;
    while (taken[colour] === i) colour++;
    colourOf[i] = colour;
    colours = Math.max(colours, colour + 1);
  }
  return { rows, columns, starts, indices, values: new Float64Array(indices.length), colours, colourOf };
}
`;

const seedText = `(of: { colours: number; colourOf: Int32Array }, i: number, colour: number): number {
  // Behind the last colour all have a weight, for the check.
  return of.colourOf[i] === colour ? 1 : colour === of.colours ? 1 + ((i * 0.6180339887498949) % 1) : 0;
}
`;

const scatterText = `(of: ${sparseText}, first: number, changes: readonly ArrayLike<number>[]): boolean {
  for (let k = 0; k < of.rows; k++) {
    for (let p = of.starts[k]; p < of.starts[k + 1]; p++) {
      const colour = of.colourOf[of.indices[p]] - first;
      if (colour >= 0 && colour < changes.length) of.values[p] = changes[colour][k];
    }
  }
  if (of.colours < first || of.colours >= first + changes.length) return true;
  // The change along all columns at once is that of the values, or they are not all.
  const along = changes[of.colours - first];
  for (let k = 0; k < of.rows; k++) {
    let rest = along[k];
    let size = 0;
    for (let p = of.starts[k]; p < of.starts[k + 1]; p++) {
      const part = of.values[p] * (1 + ((of.indices[p] * 0.6180339887498949) % 1));
      rest -= part;
      size += Math.abs(part);
    }
    if (!(Math.abs(rest) <= 1e-12 * size)) return false;
  }
  return true;
}
`;

const gatherText = `(of: ${sparseText}, colour: number, change: ArrayLike<number>): boolean {
  if (colour < of.colours) {
    for (let k = 0; k < of.rows; k++) {
      if (of.colourOf[k] === colour) for (let p = of.starts[k]; p < of.starts[k + 1]; p++) of.values[p] = change[of.indices[p]];
    }
    return true;
  }
  // The change of all rows at once is that of the values, or they are not all.
  const rest = Float64Array.from(change);
  const size = new Float64Array(of.columns);
  for (let k = 0; k < of.rows; k++) {
    for (let p = of.starts[k]; p < of.starts[k + 1]; p++) {
      const part = of.values[p] * (1 + ((k * 0.6180339887498949) % 1));
      rest[of.indices[p]] -= part;
      size[of.indices[p]] += Math.abs(part);
    }
  }
  return rest.every((r, j) => Math.abs(r) <= 1e-12 * size[j]);
}
`;

interface Written {
  readonly params: readonly (readonly [name: string, type: Type])[];
  readonly result: Type;
  readonly text: string;
}

/** A function that is written as it is, for the IR one of which nothing is known but what it takes and gives. */
function written(name: string, { params, result: type, text }: Written, more: Partial<Statement> = {}): FnRef {
  const own = params.map(([param, of]) => variable(param, of));
  const result = variable("result", type);
  const call: Statement = { kind: "opaque", result, text: [`${name}(`, ...own.slice(1).map(() => ", "), ")"], args: own, ...more } as Statement;
  const fn: Fn = { name, params: own, captures: [], body: { region: region(name), statements: [call], yields: [result] }, results: [type], written: text };
  return { name, fn: () => fn };
}

const anyNumbers: Type = { kind: "array", element: real };

/** `sparsePattern(sets, names, columns, byRows)`: the pattern of rows by the names of their sets, coloured; all values are 0. */
export function patternFunction(): FnRef {
  return written("sparsePattern", { params: [["sets", setsType], ["names", anyNumbers], ["columns", int], ["byRows", bool]], result: sparseType, text: patternText }, { pure: true, readsOnly: true, fresh: true });
}

/** `seedOf(of, i, colour)`: how column i changes in the pass of a colour, or what row i counts. */
export function seedFunction(): FnRef {
  return written("seedOf", { params: [["of", sparseType], ["i", int], ["colour", int]], result: real, text: seedText }, { pure: true, readsOnly: true });
}

/**
 * `scatter(of, first, changes)` puts what passes give to its places, the first the pass of the colour `first`. Whether the
 * pattern holds all that changes is known when the pass behind the last colour is there.
 */
export function scatterFunction(): FnRef {
  return written("scatter", { params: [["of", sparseType], ["first", int], ["changes", { kind: "array", element: anyNumbers }]], result: bool, text: scatterText });
}

/** `gather(of, colour, change)` puts the gradient of the rows of a colour to its places, and checks as `scatter` does. */
export function gatherFunction(): FnRef {
  return written("gather", { params: [["of", sparseType], ["colour", int], ["change", anyNumbers]], result: bool, text: gatherText });
}
