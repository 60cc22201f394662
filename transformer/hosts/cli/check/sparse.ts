import { call, type Callable } from "../../../../src/check/evaluate.js";
import { copyArguments } from "../../../../src/check/shape.js";
import type { SparseJacobian } from "../../../../src/jacobian.js";
import { numbersIn } from "./results.js";
import { gradientLike, rowsLike, type Wrt } from "./shapes.js";

/** A sparse Jacobian as the rows that it stands for. */
export function dense(f: Callable, sparse: Callable, wrt: Wrt): Callable {
  return (...args: never[]) => {
    const own = call(f, copyArguments(args));
    const { rows, columns, starts, indices, values } = call(sparse, args) as SparseJacobian;
    const made = numbersIn(own).length;
    if (rows !== made) throw new Error(`there are ${String(rows)} rows, and the result holds ${String(made)} numbers`);
    let k = 0;
    return rowsLike(own, () => {
      const row = new Float64Array(columns);
      for (let p = starts[k] ?? NaN; p < (starts[k + 1] ?? NaN); p++) row[indices[p] ?? NaN] = values[p] ?? NaN;
      k++;
      return gradientLike(args, wrt, row.values());
    });
  };
}

/** What is written into a sparse Jacobian without a place, and once more where it has the places and other values. */
export function writtenSparse(made: (out: SparseJacobian, args: readonly unknown[]) => void): Callable {
  return (...args: never[]) => {
    const none = new Int32Array(0);
    const out: SparseJacobian = { rows: 0, columns: 0, starts: new Int32Array(1), indices: none, values: new Float64Array(0), colours: 0, colourOf: none, key: [] };
    made(out, args);
    out.values.fill(7);
    made(out, args);
    return out;
  };
}
