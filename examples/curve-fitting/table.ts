import type { Fit } from "./fits.js";

/** The columns of the table: texts on the left, numbers on the right. */
export const head = ["data", "method", "derivatives by", "iteration", "values", "derivatives", "products", "digits"];
const texts = 3;

export function cellsOf({ set, method, iteration, evaluations, digits }: Fit): string[] {
  const { values, derivatives, products } = evaluations;
  const counts = [values, derivatives, products].map((n) => (n === 0 ? "" : n.toFixed(0)));
  return [set, method.name, method.derivatives, String(iteration ?? "–"), ...counts, digits.toFixed(1)];
}

export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, i) => (i < texts ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "));
}
