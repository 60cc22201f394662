import { grad, gradInto, valueAndGrad, type Index, type Wrt } from "tsgrad";
import { same, type Equal } from "./equal.js";

declare const f: (w: readonly number[], name: string, b: number, p?: { x: number }) => number;
declare const rest: (x: number, ...xs: number[]) => number;

// A position gives one gradient, a list of positions a tuple.
const byArray = grad(f, { wrt: 0 });
same<Equal<ReturnType<typeof byArray>, number[]>>(byArray);
const byNumber = grad(f, { wrt: 2 });
same<Equal<ReturnType<typeof byNumber>, number>>(byNumber);
const byOptional = grad(f, { wrt: 3 });
same<Equal<ReturnType<typeof byOptional>, { x: number } | undefined>>(byOptional);
const byTwo = grad(f, { wrt: [0, 2] });
same<Equal<ReturnType<typeof byTwo>, [number[], number]>>(byTwo);
const turned = grad(f, { wrt: [2, 0] });
same<Equal<ReturnType<typeof turned>, [number, number[]]>>(turned);
const listOfOne = grad(f, { wrt: [0] });
same<Equal<ReturnType<typeof listOfOne>, [number[]]>>(listOfOne);
const positions = [0, 2] as const;
const byConstant = grad(f, { wrt: positions });
same<Equal<ReturnType<typeof byConstant>, [number[], number]>>(byConstant);
const byNothingSaid = grad(f, {});
same<Equal<ReturnType<typeof byNothingSaid>, [w: number[], name: undefined, b: number, p: { x: number } | undefined]>>(byNothingSaid);
const byRest = grad(rest, { wrt: 2 });
same<Equal<ReturnType<typeof byRest>, number>>(byRest);
const both = valueAndGrad(f, { wrt: [0, 2] });
same<Equal<ReturnType<typeof both>, [value: number, gradient: [number[], number]]>>(both);

// The parameters stay what they are.
same<Equal<Parameters<typeof byArray>, Parameters<typeof f>>>(byArray, f);
same<Equal<Parameters<typeof byTwo>, Parameters<typeof f>>>(byTwo, f);

// @ts-expect-error there are four parameters, 0 to 3
grad(f, { wrt: 4 });
// @ts-expect-error positions are not negative
grad(f, { wrt: -1 });
// @ts-expect-error positions are whole
grad(f, { wrt: 0.5 });
// @ts-expect-error one of the positions does not exist
grad(f, { wrt: [0, 4] });
declare const some: number;
// @ts-expect-error which position it is has to be known
grad(f, { wrt: some });
// @ts-expect-error parameters are named by position
grad(f, { wrt: "w" });
// @ts-expect-error parameters are named by position
valueAndGrad(f, { wrt: ["w"] });
// @ts-expect-error there is one parameter
gradInto((x: number[]) => x.length, { wrt: 1 });

same<Equal<Index<[number, string, number?]>, 0 | 1 | 2>>();
same<Equal<Index<[x: number]>, 0>>();
same<Equal<Index<number[]>, number>>();
same<Equal<Wrt<[number, number]>, 0 | 1 | readonly (0 | 1)[]>>();
