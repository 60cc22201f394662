import { region, variable } from "../ir/build.js";
import type { Fn, FnRef, Statement } from "../ir/model.js";
import { bool, float64Array, int, real, recordOf, type Type } from "../ir/types.js";
import { setsType } from "./column-sets.js";

export const int32Array: Type = { kind: "typed", name: "Int32Array" };

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
  { name: "key", type: { kind: "opaque", text: "number[]" } },
]);
const sparseText = "{ rows: number; columns: number; starts: Int32Array; indices: Int32Array; values: Float64Array; colours: number; colourOf: Int32Array; key: number[] }";

const patternText = `(out: ${sparseText}, sets: Map<number, readonly number[]>, names: ArrayLike<number>, columns: number, byRows: boolean): void {
  const rows = names.length;
  const starts = new Int32Array(rows + 1);
  const list: number[] = [];
  for (let k = 0; k < rows; k++) {
    const name = names[k];
    const parts = name > columns ? (sets.get(name) ?? []) : name > 0 ? [name] : [];
    if (parts.length === 0 || parts[parts.length - 1] <= columns) {
      for (const part of parts) list.push(part - 1);
    } else {
      // The parts come in order, and the last is a set again: what is added is gone through too.
      const found = new Set(parts);
      for (const part of found) for (const inner of sets.get(part) ?? []) found.add(inner);
      for (const part of [...found].sort((a, b) => a - b)) if (part <= columns) list.push(part - 1);
    }
    starts[k + 1] = list.length;
  }
  // The rows of each column.
  const bounds = new Int32Array(columns + 1);
  for (const j of list) bounds[j]++;
  for (let j = 0; j < columns; j++) bounds[j + 1] += bounds[j];
  const rowsOf = new Int32Array(list.length);
  // From the last row to the first, which leaves where each column begins.
  for (let k = rows - 1; k >= 0; k--) for (let p = starts[k + 1] - 1; p >= starts[k]; p--) rowsOf[--bounds[list[p]]] = k;
  // What is coloured, and where it may meet others: of each the places, and of each place all that are there.
  const count = byRows ? rows : columns;
  const [own, places] = byRows ? [starts, list] : [bounds, rowsOf];
  const [begins, met] = byRows ? [bounds, rowsOf] : [starts, list];
  const taken = new Int32Array(count + 1).fill(-1);
  // Where this is the pattern of out, which is coloured so that what meets differs, it is left.
  let isSame = out.rows === rows && out.columns === columns && out.values.length === list.length && out.colourOf.length === count && out.colours <= count;
  for (let k = 0; isSame && k <= rows; k++) isSame = out.starts[k] === starts[k];
  for (let p = 0; isSame && p < list.length; p++) isSame = out.indices[p] === list[p];
  for (let i = 0; isSame && i + 1 < begins.length; i++) {
    for (let p = begins[i]; p < begins[i + 1]; p++) {
      const colour = out.colourOf[met[p]];
      isSame &&= colour >= 0 && colour < out.colours && taken[colour] !== i;
      taken[colour] = i;
    }
  }
  if (isSame) return;
  // What meets many others comes first. Each has the first colour that none of these has.
  const meetings = new Float64Array(count);
  for (let i = 0; i < count; i++) for (let q = own[i]; q < own[i + 1]; q++) meetings[i] += begins[places[q] + 1] - begins[places[q]];
  const order = Array.from(meetings.keys()).sort((a, b) => meetings[b] - meetings[a]);
  const colourOf = new Int32Array(count).fill(-1);
  let colours = 0;
  taken.fill(-1);
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
  Object.assign(out, { rows, columns, starts, indices: new Int32Array(list), values: new Float64Array(list.length), colours, colourOf, key: [] });
}
`;

const emptyText = `(): ${sparseText} {
  return { rows: 0, columns: 0, starts: new Int32Array(1), indices: new Int32Array(0), values: new Float64Array(0), colours: 0, colourOf: new Int32Array(0), key: [] };
}
`;

const keptText = `(out: { key: readonly number[] }, key: readonly number[]): boolean {
  return out.key.length === key.length && key.every((part, i) => Object.is(part, out.key[i]));
}
`;

const seedText = `(of: { colourOf: Int32Array }, i: number, colour: number): number {
  return of.colourOf[i] === colour ? 1 : 0;
}
`;

const scatterText = `(of: ${sparseText}, first: number, changes: readonly ArrayLike<number>[]): void {
  for (let k = 0; k < of.rows; k++) {
    for (let p = of.starts[k]; p < of.starts[k + 1]; p++) {
      const colour = of.colourOf[of.indices[p]] - first;
      if (colour >= 0 && colour < changes.length) of.values[p] = changes[colour][k];
    }
  }
}
`;

const gatherText = `(of: ${sparseText}, colour: number, change: ArrayLike<number>): void {
  for (let k = 0; k < of.rows; k++) {
    if (of.colourOf[k] === colour) for (let p = of.starts[k]; p < of.starts[k + 1]; p++) of.values[p] = change[of.indices[p]];
  }
}
`;

interface Written {
  readonly params: readonly (readonly [name: string, type: Type])[];
  readonly result?: Type;
  readonly text: string;
}

/** A function that is written as it is, for the IR one of which nothing is known but what it takes and gives. */
function written(name: string, { params, result: type, text }: Written, more: Partial<Statement> = {}): FnRef {
  const own = params.map(([param, of]) => variable(param, of));
  const result = type && variable("result", type);
  const call: Statement = { kind: "opaque", ...(result && { result }), text: [`${name}(`, ...own.slice(1).map(() => ", "), ")"].slice(own.length > 0 ? 0 : 1), args: own, ...more } as Statement;
  const fn: Fn = { name, params: own, captures: [], body: { region: region(name), statements: [call], yields: result ? [result] : [] }, results: type ? [type] : [], written: text };
  return { name, fn: () => fn };
}

const anyNumbers: Type = { kind: "array", element: real };

/** `renewPattern(out, sets, names, columns, byRows)` gives `out` the pattern of rows by the names of their sets, coloured, unless it has that. */
export function patternFunction(): FnRef {
  return written("renewPattern", { params: [["out", sparseType], ["sets", setsType], ["names", anyNumbers], ["columns", int], ["byRows", bool]], text: patternText });
}

/** `isKept(out, key)`: whether `out` has the pattern of this key. */
export function keptFunction(): FnRef {
  return written("isKept", { params: [["out", sparseType], ["key", anyNumbers]], result: bool, text: keptText }, { pure: true, readsOnly: true });
}

/** `emptyJacobian()`: one without rows and columns. */
export function emptyFunction(): FnRef {
  return written("emptyJacobian", { params: [], result: sparseType, text: emptyText }, { pure: true, readsOnly: true, fresh: true });
}

/** `seedOf(of, i, colour)`: how column i changes in the pass of a colour, or what row i counts. */
export function seedFunction(): FnRef {
  return written("seedOf", { params: [["of", sparseType], ["i", int], ["colour", int]], result: real, text: seedText }, { pure: true, readsOnly: true });
}

/** `scatter(of, first, changes)` puts what passes give to its places, the first the pass of the colour `first`. */
export function scatterFunction(): FnRef {
  return written("scatter", { params: [["of", sparseType], ["first", int], ["changes", { kind: "array", element: anyNumbers }]], text: scatterText });
}

/** `gather(of, colour, change)` puts the gradient of the rows of a colour to its places. */
export function gatherFunction(): FnRef {
  return written("gather", { params: [["of", sparseType], ["colour", int], ["change", anyNumbers]], text: gatherText });
}
