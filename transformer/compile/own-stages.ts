import { withCheckpoints } from "../differentiate/checkpoints.js";
import { derivative } from "../differentiate/index.js";
import { implicitRule } from "../differentiate/implicit.js";
import { repeatable } from "../differentiate/recorded.js";
import { pullbackOf } from "../differentiate/vjp.js";
import { emitFunction } from "../emit/index.js";
import { checkFn } from "../ir/check.js";
import { callOfCustom } from "../lower/custom.js";
import { lowerFunction } from "../lower/index.js";
import { optimise } from "../optimise/index.js";
import type { Stages } from "./stages.js";
import { alwaysZero } from "./zeros.js";

/** The stages of the compiler. What each makes is checked: a function that is not well formed is a fault of ours. */
export const ownStages: Stages = {
  lower: (declaration, context, asked, custom, lifted) => checkFn(custom === undefined ? lowerFunction(declaration, context, asked, lifted) : callOfCustom(context, custom), "lower"),
  differentiate: (fn, options) => checkFn(derivative(fn, options), options.kind),
  pullback: (fn, { wrt, single }) => checkFn(pullbackOf(repeatable(fn), { wrt, single, name: `${fn.name}Pullback` }), "pullback"),
  implicit: (residual) => checkFn(implicitRule(residual), "implicit"),
  withCheckpoints: (fn, how, wrt) => {
    const cut = withCheckpoints(fn, how, wrt);
    return cut && checkFn(cut, "checkpoints");
  },
  optimise: (fn, isCalled, isLast) => checkFn(optimise(fn, isCalled, isLast), "optimise"),
  emit: emitFunction,
  zeros: alwaysZero,
};
