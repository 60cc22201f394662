/** The data: `[{ function, input, output }]`, a value and a gradient in turn. Known answers come with each input. */
export interface Entry<Input> {
  readonly function: string;
  readonly input: Input;
  readonly output: unknown;
}
export interface Llsq {
  readonly x: readonly number[];
  readonly n: number;
}
export interface LogSumExp {
  readonly x: readonly number[];
}
export interface Gmm {
  readonly d: number;
  readonly k: number;
  readonly n: number;
  readonly m: number;
  readonly gamma: number;
  readonly x: Rows;
  readonly alpha: readonly number[];
  readonly mu: Rows;
  readonly q: Rows;
  readonly l: Rows;
}
export interface GmmGradient {
  readonly alpha: readonly number[];
  readonly mu: Rows;
  readonly q: Rows;
  readonly l: Rows;
}
export interface Lstm {
  readonly main_params: Rows;
  readonly extra_params: Rows;
  readonly state: Rows;
  readonly sequence: Rows;
}
export interface Ba {
  readonly cam: readonly number[];
  readonly x: readonly number[];
  readonly w: number;
  readonly feat: readonly [number, number];
}
export interface BaValue {
  readonly reproj_error: { readonly elements: readonly [number, number] };
  readonly w_err: { readonly element: number };
}
/** By rows of a sparse matrix: 15 of each residual (11 camera, 3 point, 1 weight), then one of the weight's own error. */
export interface BaGradient {
  readonly vals: readonly number[];
}
export type Rows = readonly (readonly number[])[];
