/** A data set of the NIST collection of reference data for nonlinear regression. */
export interface DataSet {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The two sets of parameters to start from, the nearer one last. */
  readonly starts: readonly [number[], number[]];
  /** The parameters of the best fit, to eleven digits. */
  readonly certified: readonly number[];
}

/** Reads a file of the collection: a table of parameters, `b1 = start start certified deviation`, and one of the data, `y x`. */
export function parse(text: string): DataSet {
  const lines = text.split(/\r?\n/);
  const name = /Dataset Name:\s*(\w+)/.exec(text)?.[1];
  const parameters = lines.flatMap((line) => /^\s*b\d+ =(.*)$/.exec(line)?.slice(1).map(numbersIn) ?? []);
  const head = lines.findLastIndex((line) => /^Data:\s+y\s+x/.test(line));
  const data = lines.slice(head + 1).map(numbersIn).filter((row) => row.length > 0);
  if (name === undefined || head < 0 || parameters.length === 0 || data.some((row) => row.length !== 2)) {
    throw new Error("this is no file of NIST's nonlinear regression with one predictor");
  }
  const column = (rows: number[][], i: number): number[] => rows.map((row) => row[i]);
  return {
    name,
    x: column(data, 1),
    y: column(data, 0),
    starts: [column(parameters, 0), column(parameters, 1)],
    certified: column(parameters, 2),
  };
}

function numbersIn(line: string): number[] {
  return line.trim().split(/\s+/).filter((word) => word !== "").map(Number);
}

/** How many digits of all parameters are right: -log10 of the largest relative error, from 0 to 11. */
export function digits(parameters: readonly number[], certified: readonly number[]): number {
  const errors = certified.map((c, i) => Math.abs((parameters[i] - c) / c));
  return Math.max(0, -Math.log10(Math.max(...errors, 1e-11)) || 0);
}
