import { grad, gradInto, valueAndGrad } from "tsgrad";
import { same, type Equal } from "./equal.js";

declare const scalar: (x: number) => number;
declare const two: (x: number, y: number) => number;
declare const mixed: (w: readonly number[], name: string, b: number) => number;
declare const vector: (x: Float32Array) => number;
declare const optional: (x: number, y?: number) => number;
declare const optionalList: (x: number, xs?: number[]) => number;
declare const onlyOptionalList: (xs?: readonly number[]) => number;
declare const rest: (x: number, ...xs: number[]) => number;
declare const onlyRest: (...xs: number[]) => number;
function defaults(x: number[], k = 2): number {
  return (x[0] ?? 0) * k;
}
function generic<T extends number>(x: T, y: T[]): number {
  return x + y.length;
}
function overloaded(x: string): number;
function overloaded(x: number, y: number): number;
function overloaded(x: number | string, y?: number): number {
  return Number(x) + (y ?? 0);
}

// One parameter has its gradient, several have a tuple, in their own shapes.
const ofScalar = grad(scalar);
same<Equal<typeof ofScalar, (x: number) => number>>(ofScalar);
const ofTwo = grad(two);
same<Equal<ReturnType<typeof ofTwo>, [x: number, y: number]>>(ofTwo);
same<Equal<Parameters<typeof ofTwo>, [x: number, y: number]>>(ofTwo);
const ofMixed = grad(mixed);
same<Equal<ReturnType<typeof ofMixed>, [w: number[], name: undefined, b: number]>>(ofMixed);
same<Equal<Parameters<typeof ofMixed>, [w: readonly number[], name: string, b: number]>>(ofMixed);
const ofVector = grad(vector);
same<Equal<ReturnType<typeof ofVector>, Float64Array>>(ofVector);

// What may be left out of a call has a gradient all the same.
const ofOptional = grad(optional);
same<Equal<ReturnType<typeof ofOptional>, [x: number, y: number]>>(ofOptional);
ofOptional(1);
// Of an array or object that is left out there is none.
const ofOptionalList = grad(optionalList);
same<Equal<ReturnType<typeof ofOptionalList>, [x: number, xs: number[] | undefined]>>(ofOptionalList);
const byOptionalList = grad(optionalList, { wrt: 1 });
same<Equal<ReturnType<typeof byOptionalList>, number[] | undefined>>(byOptionalList);
const ofOnlyOptionalList = grad(onlyOptionalList);
same<Equal<ReturnType<typeof ofOnlyOptionalList>, number[] | undefined>>(ofOnlyOptionalList);
const ofDefaults = grad(defaults);
same<Equal<ReturnType<typeof ofDefaults>, [x: number[], k: number]>>(ofDefaults);
ofDefaults([1]);
const ofRest = grad(rest);
same<Equal<ReturnType<typeof ofRest>, [x: number, ...xs: number[]]>>(ofRest);
ofRest(1, 2, 3);
const ofOnlyRest = grad(onlyRest);
same<Equal<ReturnType<typeof ofOnlyRest>, number[]>>(ofOnlyRest);

// Of overloads the last counts; type parameters are what they extend.
const ofOverloaded = grad(overloaded);
same<Equal<ReturnType<typeof ofOverloaded>, [x: number, y: number]>>(ofOverloaded);
const ofGeneric = grad(generic<number>);
same<Equal<ReturnType<typeof ofGeneric>, [x: number, y: number[]]>>(ofGeneric);

// Lambdas, methods and functions of functions.
const ofLambda = grad((p: { x: number; name: string }) => p.x);
same<Equal<ReturnType<typeof ofLambda>, { x: number }>>(ofLambda);
const model = { loss: (w: [number, number]): number => w[0] * w[1] };
const ofMethod = grad(model.loss);
same<Equal<ReturnType<typeof ofMethod>, [number, number]>>(ofMethod);
const second = grad(grad(scalar));
same<Equal<typeof second, (x: number) => number>>(second);
const third = grad(grad(grad(scalar)));
same<Equal<typeof third, (x: number) => number>>(third);
const byOneAgain = grad(grad(two, { wrt: 0 }));
same<Equal<ReturnType<typeof byOneAgain>, [x: number, y: number]>>(byOneAgain);
const here: number = grad(scalar)(3);

// The value comes first.
const both = valueAndGrad(two);
same<Equal<ReturnType<typeof both>, [value: number, gradient: [x: number, y: number]]>>(both);
const bothOfOne = valueAndGrad(vector);
same<Equal<ReturnType<typeof bothOfOne>, [value: number, gradient: Float64Array]>>(bothOfOne);

// What cannot be meant is a type error.
// @ts-expect-error there is no function
grad();
// @ts-expect-error a number is no function
grad(3);
// @ts-expect-error the function returns an array
grad((x: number) => [x]);
// @ts-expect-error the function returns a text
grad((x: number) => String(x));
// @ts-expect-error the function returns nothing
grad((x: number) => void x);
// @ts-expect-error the function may return nothing
grad((x: number): number | undefined => (x > 0 ? x : undefined));
// @ts-expect-error the function returns a promise
grad(async (x: number) => Promise.resolve(x));
// @ts-expect-error an array has no second derivative as a scalar has
grad(grad((x: number[]) => x.length));
// @ts-expect-error the value of valueAndGrad is no number
grad(valueAndGrad(scalar));
// @ts-expect-error the gradient takes what the function takes
ofScalar("1");
// @ts-expect-error two arguments are missing
ofMixed([1]);
// @ts-expect-error there is no option of that name
grad(scalar, { by: 0 });

// Of what has no gradient nothing can be used.
declare const ofMap: (x: Map<string, number>, k: number) => number;
const withoutMap = grad(ofMap);
same<Equal<ReturnType<typeof withoutMap>, [x: never, k: number]>>(withoutMap);
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is refused
declare const ofAny: (x: any) => number;
// @ts-expect-error `any` has no gradient
const anything: number = grad(ofAny)(1);
declare const ofUnknown: (x: unknown, y: number) => number;
// @ts-expect-error `unknown` has no gradient
const unknowable: number = grad(ofUnknown)(1, 2)[0];
const knowable: number = grad(ofUnknown)(1, 2)[1];

export { anything, here, knowable, unknowable };
export const intoScalar = gradInto(scalar);
