import { assertGrad, checkGrad, grad, numericalGrad, type CheckReport } from "tsgrad";
import { same, type Equal } from "./equal.js";

declare const f: (w: readonly number[], b: number) => number;
declare const scalar: (x: number) => number;
declare const defaults: (x: number, k?: number) => number;

// Any gradient function will do, with the shape that `grad` gives.
const report = checkGrad(f, grad(f), [[1, 2], 3]);
same<Equal<typeof report, CheckReport>>(report);
checkGrad(f, (w, b) => [w.map(() => b), 0], [[1], 2]);
checkGrad(f, numericalGrad(f), [[1], 2]);
checkGrad(f, grad(f, { wrt: 0 }), [[1], 2], { wrt: 0 });
checkGrad(f, grad(f, { wrt: [1, 0] }), [[1], 2], { wrt: [1, 0], tolerance: 1e-4, directions: 0, elements: Infinity, seed: 7 });
checkGrad(f, (w: readonly number[], b: number) => [w.slice(), b], [[1], 2]);
checkGrad(f, (_w, b) => b, [[1], 2], { wrt: 1 });
checkGrad((x: number[]) => x.length, (x) => x.map(() => 0), [[1, 2]]);
checkGrad(scalar, Math.cos, [1]);
checkGrad(defaults, grad(defaults), [1]);
same<Equal<ReturnType<typeof assertGrad<[number]>>, void>>();
assertGrad(scalar, grad(scalar), [1], { tolerance: 1e-8 });

// @ts-expect-error the point is missing
checkGrad(f, grad(f));
// @ts-expect-error the arguments stand in an array
checkGrad(scalar, grad(scalar), 1);
// @ts-expect-error there are two arguments
checkGrad(f, grad(f), [[1]]);
// @ts-expect-error the second argument is a number
checkGrad(f, grad(f), [[1], "2"]);
// @ts-expect-error the gradient is a tuple
checkGrad(f, (w: readonly number[]) => w.slice(), [[1], 2]);
// @ts-expect-error the second gradient is missing
checkGrad(f, (w) => [w.slice()], [[1], 2]);
// @ts-expect-error the gradient is by both, and `wrt` names one
checkGrad(f, grad(f), [[1], 2], { wrt: 0 });
// @ts-expect-error there are two parameters
checkGrad(f, grad(f), [[1], 2], { wrt: 2 });
// @ts-expect-error there is no option of that name
checkGrad(scalar, grad(scalar), [1], { epsilon: 1 });
// @ts-expect-error the function returns an array
checkGrad((x: number) => [x], () => 0, [1]);
// @ts-expect-error the same for the form that throws
assertGrad(f, grad(f), [1, 2]);

// Differences have the types of gradients; what is left out of a call cannot be varied.
const numerical = numericalGrad(f);
same<Equal<ReturnType<typeof numerical>, [w: number[], b: number]>>(numerical);
const forward = numericalGrad(f, { method: "forward", h: 1e-3, wrt: 1 });
same<Equal<ReturnType<typeof forward>, number>>(forward);
same<Equal<Parameters<ReturnType<typeof numericalGrad<[x: number, k?: number]>>>, [x: number, k: number]>>();
// @ts-expect-error there is no such method
numericalGrad(f, { method: "backward" });
// @ts-expect-error a step is a number
numericalGrad(f, { h: "1" });
