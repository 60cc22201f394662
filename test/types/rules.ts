import { checkpoint, customGrad, grad, gradInto, hessian, implicit, stopGradient, valueAndGrad } from "tsgrad";
import { same, type Equal } from "./equal.js";

declare const f: (x: number, y: number) => number;
declare const norm: (a: readonly number[]) => number;
declare const polar: (p: { x: number; y: number; tag: string }) => { r: number; t: number };
declare const power: (x: number, n?: number) => number;

// What is held constant keeps its type.
same<Equal<ReturnType<typeof stopGradient<readonly number[]>>, readonly number[]>>(stopGradient([1]));

// A function that is run again is the same function.
same<Equal<typeof power, ReturnType<typeof checkpoint<typeof power>>>>(checkpoint(power));
same<Equal<ReturnType<typeof polar>, { r: number; t: number }>>(checkpoint(polar)({ x: 1, y: 2, tag: "" }));
// @ts-expect-error -- no function
checkpoint(3);
// @ts-expect-error -- a number where an array is wanted
checkpoint(norm)(3);

// How much of long loops is kept is said by name or by number, and changes no type.
const byRoot = grad(f, { checkpoint: "sqrt" });
same<Equal<ReturnType<typeof byRoot>, [x: number, y: number]>>(byRoot(1, 2));
grad(f, { wrt: 1, checkpoint: "revolve" })(1, 2).toFixed();
valueAndGrad(f, { checkpoint: 100 })(1, 2)[1][0].toFixed();
gradInto(f, { checkpoint: "sqrt" })([0, 0], 1, 2).toFixed();
// @ts-expect-error -- misspelt
grad(f, { checkpoint: "root" });
// @ts-expect-error -- an option of gradients
hessian(f, { checkpoint: "sqrt" });

// A function with a rule keeps its own type, and the rule is given types by it.
const product = customGrad(f, (g, out, x, y) => {
  same<Equal<[typeof g, typeof out, typeof x, typeof y], [number, number, number, number]>>([g, out, x, y]);
  return [g * y, g * x];
});
same<Equal<Parameters<typeof product>, [x: number, y: number]>>([1, 2]);
same<Equal<ReturnType<typeof product>, number>>(product(1, 2));
const unit = customGrad(norm, (g, out, a) => a.map((x) => (g * x) / out));
same<Equal<typeof unit, typeof norm>>(unit);
const coordinates = customGrad(polar, (g, out, p) => ({ x: (g.r * p.x) / out.r, y: (g.t * p.y) / out.r }));
same<Equal<ReturnType<typeof coordinates>, { r: number; t: number }>>(coordinates({ x: 1, y: 2, tag: "" }));
const written = customGrad(power, (g, _out, x, n) => [g * (n ?? 2) * x, 0]);
same<Equal<typeof written, typeof power>>(written);
customGrad(Math.round, (g) => g);
customGrad(f, (g, _out, x, y) => [g * y, g * x], { tangent: (t, _out, x, y) => t[0] * y + t[1] * x });
same<Equal<ReturnType<typeof product>, number>>(grad(product)(1, 2)[0]);

// @ts-expect-error -- one partial for two parameters
customGrad(f, (g, _out, x) => [g * x]);
// @ts-expect-error -- a number for two parameters
customGrad(f, (g) => g);
// @ts-expect-error -- a number where an array is wanted
customGrad(norm, (g) => g);
// @ts-expect-error -- the wrong field
customGrad(polar, (g) => ({ x: g.r, z: g.t }));
// @ts-expect-error -- more parameters than the function has
customGrad(norm, (g, _out, a: readonly number[], b: number) => a.map((x) => g * x * b));
// @ts-expect-error -- the adjoint of a record is a record
customGrad(polar, (g: number) => ({ x: g, y: g }));
// @ts-expect-error -- a tangent that is no number
customGrad(f, (g) => [g, g], { tangent: (t) => t });
// @ts-expect-error -- no function
customGrad(3, (g: number) => g);

// A solution keeps its type, and its residual is given types by it.
declare const root: (a: number, n?: number) => number;
declare const meeting: (r: number, p: { k: number }) => number[];
const solved = implicit(root, (x, a) => x * x - a);
same<Equal<typeof solved, typeof root>>(solved);
const met = implicit(meeting, ([x, y], r, p) => [x * x + y * y - r, x - p.k]);
same<Equal<typeof met, typeof meeting>>(met);
// @ts-expect-error -- a residual of one number for a solution of several
implicit(meeting, ([x], r) => x - r);
// @ts-expect-error -- a residual of several numbers for a solution of one
implicit(root, (x, a) => [x, a]);
// @ts-expect-error -- a solution that is no number
implicit((a: string) => a, () => 0);
