import type { Verdict } from "./verdict.js";

/** One derivative that was compared: by an element of the arguments, or along a random direction. */
export interface CheckedDerivative {
  /** Where the element stands, `args[0][3].x`; `direction 1` for a direction. */
  readonly path: string;
  readonly generated: number;
  /** The derivative from differences; `NaN` where there is none. */
  readonly numerical: number;
  /** How far off the numerical derivative may be itself. */
  readonly error: number;
  readonly difference: number;
  readonly verdict: Verdict;
  /** What is known beyond the verdict, for example the two derivatives at a kink. */
  readonly note?: string;
}

/** What {@link checkGrad} found. It is plain data; `String(report)` is the table. */
export interface CheckReport {
  /** Whether no derivative is wrong, there are no problems, and there was something to compare. */
  readonly ok: boolean;
  /** The name of the function. */
  readonly name: string;
  /** Its value at the arguments. */
  readonly value: number;
  readonly elements: readonly CheckedDerivative[];
  /** The derivatives along random directions, in which all elements vary at once. */
  readonly directions: readonly CheckedDerivative[];
  /** How many elements there are; more than `elements` holds where only a sample of them was compared. */
  readonly size: number;
  /** What is wrong beside single derivatives, in sentences. */
  readonly problems: readonly string[];
  toString(): string;
}

/** Completes a report: `ok` follows from the rest. */
export function makeReport(found: Omit<CheckReport, "ok" | "toString">): CheckReport {
  const report: CheckReport = { ok: !isWrong(found) && comparesAny(found), ...found };
  // Not enumerable, so that a report is data to JSON and to test runners.
  return Object.defineProperty(report, "toString", { value: () => formatReport(report) });
}

/** Whether something speaks against the gradient. */
export function isWrong({ elements, directions, problems }: Omit<CheckReport, "ok" | "toString">): boolean {
  return problems.length > 0 || [...elements, ...directions].some(({ verdict }) => verdict === "wrong");
}

/** Whether there is a derivative from differences in the report: without any, nothing speaks for the gradient either. */
export function comparesAny({ elements, directions }: Omit<CheckReport, "ok" | "toString">): boolean {
  return [...elements, ...directions].some(({ error }) => Number.isFinite(error));
}

const mostRows = 40;

/**
 * The report as a table: element, generated, numerical, difference, verdict. Of many rows those which are not `ok` come first and the
 * rest is counted.
 *
 * @example
 * console.log(formatReport(checkGrad(f, grad(f), [1, 3])));
 * // gradient of f, value 124: 2 of 2 elements ok
 * //   element  generated  numerical  difference  verdict
 * //   args[0]         44         44           0  ok
 * //   args[1]         66         66           0  ok
 */
export function formatReport(report: CheckReport): string {
  const rows = [...report.elements, ...report.directions];
  const told = rows.length <= mostRows ? rows : pick(rows);
  const lines = [headline(report), ...report.problems.map((problem) => `  ${problem}`)];
  if (!isWrong(report) && !comparesAny(report)) lines.push("  nothing was compared, so nothing is known of the gradient");
  if (told.length > 0) {
    lines.push(...table([["element", "generated", "numerical", "difference", "verdict"], ...told.map(cells)]));
  }
  if (told.length < rows.length) lines.push(`  … and ${rows.length - told.length} more`);
  return lines.join("\n");
}

function headline({ name, value, elements, size }: CheckReport): string {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of elements) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const said = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
  const sampled = elements.length < size ? `, ${elements.length} of ${size} elements compared` : "";
  return `gradient of ${name}, value ${value}${sampled}: ${said === "" ? "no element compared" : said}`;
}

function pick(rows: readonly CheckedDerivative[]): CheckedDerivative[] {
  const rank = ({ verdict }: CheckedDerivative): number => (verdict === "wrong" ? 0 : verdict === "ok" ? 2 : 1);
  const chosen = new Set([...rows].sort((a, b) => rank(a) - rank(b)).slice(0, mostRows));
  return rows.filter((row) => chosen.has(row));
}

function cells({ path, generated, numerical, difference, verdict, note }: CheckedDerivative): string[] {
  const judged = note === undefined ? verdict : `${verdict}: ${note}`;
  return [path, figure(generated, 10), figure(numerical, 10), figure(difference, 2), judged];
}

function figure(x: number, digits: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : String(x);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => {
    const aligned = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : column < row.length - 1 ? cell.padStart(width) : cell;
    });
    return `  ${aligned.join("  ")}`;
  });
}
