import { Builder, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Block, Fn, FnRef, Statement, Var } from "../ir/model.js";
import { arrayOf, int, real, tupleOf } from "../ir/types.js";

const vector = arrayOf(real);
const matrix = arrayOf(vector);

/** The solution of a transposed linear system, as a function of emitted code. */
const text = `(a: readonly ArrayLike<number>[], b: ArrayLike<number>): number[] {
  const n = b.length;
  // The transposed matrix, with the right side behind it.
  const m = Array.from({ length: n }, (_, i) => [...Array.from({ length: n }, (_, j) => a[j][i]), b[i]]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i][k]) > Math.abs(m[pivot][k])) pivot = i;
    [m[k], m[pivot]] = [m[pivot], m[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = m[i][k] / m[k][k];
      for (let j = k; j <= n; j++) m[i][j] -= factor * m[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = m[i][n];
    for (let j = i + 1; j < n; j++) sum -= m[i][j] * x[j];
    x[i] = sum / m[i][i];
  }
  return x;
}
`;

/**
 * `solveTransposed(a, b)` gives the x of aᵀ x = b. Its derivative is a solution of the system itself, and so of any order:
 *
 *     x = solveTransposed(a, b)   becomes   u = solveTransposed(aᵀ, dx); db += u; da[i][j] -= x[i] * u[j]
 */
export function linearSolve(): FnRef {
  const [a, b] = [variable("a", matrix), variable("b", vector)];
  const result = variable("x", vector);
  const call: Statement = { kind: "opaque", result, text: ["solveTransposed(", ", ", ")"], args: [a, b], pure: true, readsOnly: true, fresh: true };
  const fn: Fn = { name: "solveTransposed", params: [a, b], captures: [], body: { region: region("solve"), statements: [call], yields: [result] }, results: [vector], written: text };
  const ref: FnRef = { name: "solveTransposed", fn: () => fn, custom: { pullback: { name: "solveTransposedRule", fn: () => (rule ??= ruleOf(ref)) }, tangent: { name: "solveTransposedTangent", fn: () => (tangent ??= tangentOf(ref)) } } };
  let rule: Fn | undefined;
  let tangent: Fn | undefined;
  return ref;
}

function ruleOf(solve: FnRef): Fn {
  const [g, x, a, rhs] = [variable("g", vector), variable("x", vector), variable("a", matrix), variable("b", vector)];
  const b = new Builder();
  const n = b.load(x, lengthField);
  const transposed = rows(n, b, (i, j, inner) => inner.load(inner.load(a, j), i));
  const u = variable("u", vector);
  b.call(solve, [transposed, g], [u]);
  const da = rows(n, b, (i, j, inner) => inner.let("neg", [inner.let("*", [inner.load(x, i), inner.load(u, j)])]));
  const pair = b.allocate(tupleOf([matrix, vector]), { kind: "elements", elements: [da, u] });
  return { name: "solveTransposedRule", params: [g, x, a, rhs], captures: [], body: b.block(region("rule"), [pair]), results: [pair.type] };
}

// dx is the solution of aᵀ dx = db - daᵀ x
function tangentOf(solve: FnRef): Fn {
  const t = variable("t", tupleOf([matrix, vector]));
  const [x, a, rhs] = [variable("x", vector), variable("a", matrix), variable("b", vector)];
  const b = new Builder();
  const [da, db] = [b.load(t, { kind: "field", name: "0" }, "da"), b.load(t, { kind: "field", name: "1" }, "db")];
  const n = b.load(x, lengthField);
  const rest = b.allocate(vector, { kind: "fill", length: n, value: literal(0) }, "rest");
  counted(n, b, (i, outer) => {
    outer.store(rest, i, outer.load(db, i));
    counted(n, outer, (j, inner) => {
      inner.accumulate(rest, i, inner.let("neg", [inner.let("*", [inner.load(inner.load(da, j), i), inner.load(x, j)])]));
    });
  });
  const dx = variable("dx", vector);
  b.call(solve, [a, rest], [dx]);
  return { name: "solveTransposedTangent", params: [t, x, a, rhs], captures: [], body: b.block(region("tangent"), [dx]), results: [vector] };
}

/** A square matrix, row by row. */
function rows(n: Atom, b: Builder, element: (i: Var, j: Var, b: Builder) => Atom): Var {
  const made = b.allocate(matrix, { kind: "elements", elements: [] }, "rows");
  counted(n, b, (i, outer) => {
    const row = outer.allocate(vector, { kind: "fill", length: n, value: literal(0) }, "row");
    counted(n, outer, (j, inner) => {
      inner.store(row, j, element(i, j, inner));
    });
    outer.push(made, row);
  });
  return made;
}

// for (let i = 0; i < n; i++) { … }
export function counted(n: Atom, b: Builder, turn: (i: Var, b: Builder) => void): void {
  const i = variable("i", int);
  const inner = new Builder(b.origin);
  turn(i, inner);
  const body: Block = inner.block(region("turn"), [zero]);
  b.add({ kind: "loop", counter: { var: i, start: zero, test: "<", bound: n, step: 1 }, carried: [], body });
}

