import { gradient } from "../differentiate/index.js";
import { emitFunction } from "../emit/index.js";
import { checkFn } from "../ir/check.js";
import { lowerFunction } from "../lower/index.js";
import { optimise } from "../optimise/index.js";
import type { Stages } from "./stages.js";
import { alwaysZero } from "./zeros.js";

/** The stages of the compiler. What each makes is checked: a function that is not well formed is a fault of ours. */
export const ownStages: Stages = {
  lower: (declaration, context, asked) => checkFn(lowerFunction(declaration, context, asked), "lower"),
  differentiate: (fn, options) => checkFn(gradient(fn, options), options.kind),
  optimise: (fn, isCalled) => checkFn(optimise(fn, isCalled), "optimise"),
  emit: emitFunction,
  zeros: alwaysZero,
};
