import { call, type Callable } from "../../../../src/check/evaluate.js";
import { copyArguments } from "../../../../src/check/shape.js";
import type { SparseJacobian } from "../../../../src/jacobian.js";
import { placesIn, refuseOther } from "./results.js";
import { gradientLike, rowsLike, type Wrt } from "./shapes.js";

/** What gives a sparse Jacobian, in either form, as a function that gives the rows of a dense one. */
export function densely(kind: "jacobian" | "jacobianInto", f: Callable, made: Callable, wrt: Wrt): Callable {
  return (...args: never[]) => {
    const own = call(f, copyArguments(args));
    const sparse = kind === "jacobian" ? (call(made, args) as SparseJacobian) : written(made, args, own);
    const rows = placesIn(own).length;
    if (sparse.rows !== rows) throw new Error(`the Jacobian has ${String(sparse.rows)} rows where the function gives ${String(rows)} numbers`);
    let k = 0;
    return rowsLike(own, () => gradientLike(args, wrt, rowOf(sparse, k++)));
  };
}

/** What the form that writes makes of a Jacobian of other sizes. */
function written(made: Callable, args: readonly unknown[], own: unknown): SparseJacobian {
  const nothing = (): Int32Array => new Int32Array(0);
  const out: SparseJacobian = { rows: -1, columns: -1, starts: nothing(), indices: nothing(), values: new Float64Array(0), colours: 0, colourOf: nothing() };
  refuseOther(call(made, [out, ...args]), own);
  return out;
}

/** The numbers of a row, with those that are not there. */
function rowOf({ columns, starts, indices, values }: SparseJacobian, k: number): Iterator<number> {
  const row = new Float64Array(columns);
  for (let p = starts[k] ?? 0; p < (starts[k + 1] ?? 0); p++) row[indices[p] ?? columns] = values[p] ?? NaN;
  return row.values();
}
