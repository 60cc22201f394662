import type ts from "typescript";
import { error, warning } from "./diagnostic-entry.js";

export { diagnose, type Entry } from "./diagnostic-entry.js";

/**
 * The catalogue of what can be said against a function. Numbers are permanent: 310x the call, 311x the language,
 * 312x functions, 313x types, 314x arrays and derivatives that are always 0, 315x derivatives of several numbers, 316x
 * rules of the user's own, 317x packages, 319x our own fault. A fixture under `fixtures/errors` is named after each entry.
 */
export const catalogue = {
  notKnown: error(
    3101,
    "not-known-at-build-time",
    (marker: string, why: string) => `${marker} needs a function that is known when the program is built, but ${why}.`,
    (marker: string) =>
      `Write the function where it is used, ${marker}((x) => …), or name one that is declared with 'function' or 'const'.`,
  ),
  noBody: error(
    3102,
    "no-body",
    (name: string, _of: "library" | "program") => `'${name}' has no body in this program, so there is nothing to differentiate.`,
    (name: string, of: "library" | "program") =>
      of === "library" ? `Call it from a function of your own: (x) => ${name}(x).` : `Write '${name}' in TypeScript in a file of the program, or give it a rule: const g = customGrad(${name}, rule).`,
  ),
  fromPackage: error(
    3103,
    "from-a-package",
    (name: string, from: string) => `'${name}' comes from the package '${from}', which is not compiled with the program.`,
    (name: string, from: string) => `Let its source be read, by the option of the plugin "through": [${JSON.stringify(from)}]; write '${name}' in a file of the program; or give it a rule: const g = customGrad(${name}, rule).`,
  ),
  requestedMethod: error(
    3104,
    "requested-method",
    (name: string) => `'${name}' is a member of an object or a class; only functions and lambdas can be differentiated.`,
    (name: string) => `Write '${name}' as a function, and let the member call that.`,
  ),
  wrt: error(
    3105,
    "wrt",
    (why: string) => `${why}.`,
    () => "'wrt' is the number of a parameter, counted from 0, or an array of such numbers: { wrt: 0 }, { wrt: [0, 2] }.",
  ),
  markerAsValue: error(
    3106,
    "marker-as-value",
    (marker: string) => `'${marker}' can only be called with a function: the call is replaced when the program is built.`,
    (marker: string) => `Write ${marker}(f) where the derivative is needed.`,
  ),
  typeParameters: error(
    3107,
    "type-parameters",
    (name: string) => `'${name}' has type parameters, so the types of its numbers are not known.`,
    () => "Write the types that are meant in place of the type parameters.",
  ),
  noPlace: error(
    3108,
    "no-place",
    (name: string, why: string, _advice: string) => `The derivative of '${name}' has no place to stand: ${why}.`,
    (_name: string, _why: string, advice: string) => advice,
  ),
  notScalar: error(
    3109,
    "not-a-scalar",
    (marker: string, name: string) => `${marker} needs a function that returns a number, and '${name}' does not.`,
    () => "Let the function return one number, for example one component of its result.",
  ),
  tryStatement: error(
    3110,
    "try-statement",
    () => "Code in a 'try' statement cannot be differentiated.",
    () => "Move the 'try' to the caller of the differentiated function, or test for the failure with an 'if' before it happens.",
  ),
  forIn: error(
    3111,
    "for-in-statement",
    (over: string) => `A 'for…in' loop over '${over}' cannot be differentiated.`,
    (over: string) => `Loop over the elements of an array: for (let i = 0; i < ${over}.length; i++).`,
  ),
  statement: error(
    3112,
    "unsupported-statement",
    (what: string) => `A ${what} cannot stand in a differentiated function.`,
    (what: string) => `Move the ${what} out of the function.`,
  ),
  expression: error(
    3113,
    "unsupported-expression",
    (text: string) => `'${text}' depends on a differentiated value, and there is no derivative for this kind of expression.`,
    () => "Write it with numbers, arrays, operators, the functions of Math and functions of your own.",
  ),
  objectValue: error(
    3114,
    "object-value",
    (text: string) => `'${text}' cannot be part of an object that holds differentiated values.`,
    () => "Write the object in one piece, as a literal of numbers, arrays, objects of these and functions, and assign no function of it anew.",
  ),
  optionalSpread: error(
    3145,
    "optional-spread",
    (text: string, names: string, _instead: string) => `Whether '${text}' has ${names}, which would replace what is there, is not known when the program is built.`,
    (_, __, instead) => `Write it out: ${instead}.`,
  ),
  pattern: error(
    3115,
    "destructuring-pattern",
    (text: string) => `'${text}' takes apart what is neither an array nor an object with such a member, or is the rest of one whose members may be missing.`,
    () => "Write one declaration for each name.",
  ),
  callback: error(
    3116,
    "callback",
    (text: string) => `'${text}' is a function that reads or writes differentiated values, and is handed on to where it cannot be followed.`,
    () => "Call it, write it in an array literal, or hand it to map, forEach, reduce, filter, find or flatMap of an array or to a function of the program; elsewhere write the loop that calls it.",
  ),
  capturedVariable: error(
    3117,
    "captured-variable",
    (name: string) => `'${name}' is used by a nested function and assigned more than once.`,
    (name: string) => `Copy it into a constant before the nested function is made: const ${name}Now = ${name}.`,
  ),
  outerWrite: error(
    3118,
    "outer-write",
    (name: string) => `A differentiated value is written to '${name}', which lives outside the function.`,
    (name: string) => `Return the value, or write it to a variable of the function. Nothing outside may hold it: '${name}' would be out of step with its derivative.`,
  ),
  assignmentWithin: error(
    3119,
    "assignment-within",
    (name: string, text: string) => `'${text}' assigns '${name}' inside an expression that is not differentiated.`,
    (name: string) => `Assign '${name}' in a statement of its own.`,
  ),
  noRule: error(
    3120,
    "no-rule",
    (name: string) => `'${name}' computes a number from a differentiated value, and has no body in this program and no rule.`,
    (name: string) => `Write '${name}' in TypeScript in a file of the program, give it a rule with customGrad, or call it with constants only: ${name}(stopGradient(x)).`,
  ),
  unknownFunction: error(
    3121,
    "unknown-function",
    (name: string) => `Which function '${name}' is can only be known when the program runs.`,
    (name: string) => `Call a function that is declared with 'function' or 'const'; where '${name}' is one of several, choose between the calls: test ? f(x) : g(x).`,
  ),
  asyncFunction: error(
    3122,
    "async-function",
    (name: string, kind: string) => `'${name}' is ${kind} function and cannot be differentiated.`,
    () => "Differentiate an ordinary function, and call that from this one.",
  ),
  spread: error(
    3123,
    "spread-or-rest",
    (text: string, _instead: string) => `'${text}': arguments and parameters of unknown number cannot be differentiated here.`,
    (_text: string, instead: string) => `${instead}.`,
  ),
  thisValue: error(
    3124,
    "this-value",
    (text: string) => `'${text}' cannot be used in a differentiated function.`,
    () => "Pass what the function needs as a parameter.",
  ),
  method: error(
    3125,
    "method-call",
    (name: string, owner: string) => `Which method '${name}' of '${owner}' is, or whether it is there, is not known when the program is built.`,
    (name: string) => `Call '${name}' on an object of one class of the program, or of a union of classes that is written out (item: A | B), of which no two have one name for a number and for something else; or write it as a function.`,
  ),
  arrayMethod: error(
    3126,
    "array-method",
    (name: string, owner: string) => `'${name}' cannot be called here on '${owner}', which holds differentiated values.`,
    () => "Write it as a loop, or with slice, concat, map, filter, reduce and their like.",
  ),
  recursiveClosure: error(
    3127,
    "recursive-closure",
    (name: string) => `'${name}' is part of a recursion that hands functions on, gives some or keeps them in an object.`,
    (name: string) => `Call functions by their names on the way, or declare '${name}' outside of the function and pass it what it uses.`,
  ),
  mayWrite: error(
    3128,
    "may-write",
    (name: string, text: string) => `'${name}' may write to '${text}', which holds differentiated values, and has no body in this program.`,
    (name: string) => `Pass '${name}' a copy made with slice(), or write it in TypeScript in a file of the program.`,
  ),
  missingReturn: error(
    3129,
    "missing-return",
    (name: string) => `'${name}' may end without returning a number.`,
    () => "Return a number on every path.",
  ),
  anyValue: error(
    3130,
    "any-value",
    (text: string, type: string) => `'${text}' has the type '${type}' and is used as a number.`,
    (text: string) => `Give '${text}' the type number where it is declared.`,
  ),
  objectType: error(
    3131,
    "object-type",
    (name: string, type: string) => `'${name}' has the type '${type}', which holds numbers in a shape that cannot be differentiated.`,
    (name: string) => `Pass the numbers of '${name}' as numbers, arrays, or objects of public fields; an object with private fields or accessors can be made of these in the function.`,
  ),
  notNumber: error(
    3132,
    "not-a-number",
    (text: string, type: string) => `'${text}' has the type '${type}' where a number is needed.`,
    (text: string) => `Turn '${text}' into a number before the differentiated function, or use the type number for it.`,
  ),
  nullValue: error(
    3133,
    "null-value",
    (text: string) => `'${text}': an element of an array that may be null, or what may be null as well as undefined, cannot be differentiated.`,
    () => "Let it be undefined wherever it is missing, or null outside of arrays: number | null.",
  ),
  elementType: error(
    3134,
    "element-type",
    (text: string) => `The type of the elements of '${text}' is not known.`,
    () => "Write the type of the array: const a: number[] = [].",
  ),
  iterable: error(
    3135,
    "iterable",
    (text: string, type: string) => `'for…of' cannot loop over '${text}' of the type '${type}'.`,
    () => "Loop over an array.",
  ),
  construction: error(
    3136,
    "construction",
    (text: string) => `'${text}' would hold differentiated values in an object that cannot be differentiated.`,
    () => "Keep them in a number[] or a Float64Array made by length or from an array.",
  ),
  notArray: error(
    3137,
    "not-an-array",
    (text: string, type: string) => `'${text}' has the type '${type}' where an array of numbers is needed.`,
    (text: string) => `Give '${text}' one array type: number[], a tuple or a typed array.`,
  ),
  otherModule: error(
    3138,
    "name-of-another-module",
    (name: string, file: string) => `'${name}' means nothing in ${file}, where a function of this module is put because it is handed functions.`,
    (name: string) => `Pass '${name}' to the function as a parameter, or write its number in place of it.`,
  ),
  overridden: error(
    3139,
    "overridden-method",
    (name: string, owners: string) => `Which body '${name}' has is known only when the program runs: ${owners === "" ? "none is in the program" : `it may be that of ${owners}`}.`,
    (name: string) => `Let each class that the object may be of have '${name}' as a method, no type parameters, and a name in the file of the function; or decide by a field of the object and call a function of your own.`,
  ),
  resized: error(
    3140,
    "resized-array",
    (text: string, name: string) => `'${text}' may change its length while '${name}' goes through it.`,
    (text: string) => `Write the loop, for (let i = 0; i < ${text}.length; i++), or go through a copy: ${text}.slice().`,
  ),
  noDependence: warning(
    3141,
    "no-dependence",
    (name: string, parameter: string) => `The derivative of '${name}' by '${parameter}' is always 0: no number in its result is computed from '${parameter}'.`,
    (_name: string, parameter: string) => `Leave '${parameter}' out of 'wrt'. Comparisons, lengths and indices that depend on it have no derivative.`,
  ),
  cut: warning(
    3142,
    "cut-derivative",
    (name: string, parameter: string, text: string) => `The derivative of '${name}' by '${parameter}' is always 0: it ends at '${text}', which has no derivative.`,
    (_name: string, parameter: string, text: string) => `Use a smooth function in place of '${text}', or leave '${parameter}' out of 'wrt'.`,
  ),
  writtenMemory: error(
    3143,
    "memory-from-elsewhere",
    (name: string) => `'${name}' gives memory that differentiated values are written to, and where it keeps that is out of reach.`,
    (name: string) => `Take its numbers into an array or an object of the function, const t = ${name}(…), own = [t[0], t[1]], and write to that.`,
  ),
  movedPart: error(
    3144,
    "moved-part",
    (name: string) => `Here it changes which objects '${name}' holds, of a type that contains itself.`,
    () => "Make new objects in place of changing those that are given: { ...node, next: other }.",
  ),
  numberless: error(
    3150,
    "numberless-result",
    (marker: string, name: string) => `${marker} needs a function that returns numbers, and '${name}' returns none.`,
    () => "Let the function return a number, an array of numbers or an object that holds numbers.",
  ),
  mode: error(
    3151,
    "jacobian-mode",
    (why: string) => `${why}.`,
    () => "Leave 'mode' out: forward mode makes a Jacobian of any shape, and reverse mode is taken where it is known to be cheaper.",
  ),
  optionalPart: error(
    3152,
    "optional-part",
    (marker: string, what: string) => `${marker} needs to know which numbers there are, and ${what} may lack some.`,
    () => "Give what may be missing a value of its own, or leave it out of 'wrt'.",
  ),
  sparse: error(
    3153,
    "sparse-jacobian",
    (why: string) => `A sparse Jacobian cannot be made here: ${why}.`,
    () => "Ask for it outside of differentiated code, with { sparse: true } and a function that returns arrays or objects; elsewhere leave 'sparse' out.",
  ),
  singleNumber: error(
    3154,
    "single-number",
    (marker: string, name: string) => `${marker} writes into memory that is given, and this derivative of '${name}' is a single number.`,
    (marker: string) => `Use ${marker.replace("Into", "")}, which returns it.`,
  ),
  stoppedWrite: error(
    3160,
    "write-through-stop",
    (name: string) => `${name === "" ? "What stopGradient gives" : `'${name}', which stopGradient gives,`} is written to here, or what it holds is moved, so that it would be out of step with its derivative.`,
    () => "Write to a copy: stopGradient(a.slice()); for objects and rows copy these too.",
  ),
  customRule: error(
    3161,
    "custom-rule",
    (marker: string, why: string) => `${marker} cannot be used here: ${why}.`,
    (marker: string) => `Write const g = ${marker}(f, ${marker === "implicit" ? "residual" : "rule"}) in the module, with a ${marker === "implicit" ? "residual" : "rule"} that is a function of the program and only reads what it is given, and call g.`,
  ),
  vjp: error(
    3162,
    "vjp",
    (why: string) => `vjp cannot be used here: ${why}.`,
    () => "The pullback runs the function again at a later time: move out of it what may not be done twice, and return numbers, arrays or objects of these.",
  ),
  noTangent: error(
    3163,
    "no-tangent",
    (marker: string, why: string) => `${marker} is forward mode, and ${why}.`,
    () => "Give it one, customGrad(f, rule, { tangent: (t, out, …) => … }), or use reverse mode: grad, or grad of grad.",
  ),
  checkpoint: error(
    3165,
    "checkpoint",
    (what: string, why: string) => `${what} cannot be run again for the derivative: ${why}.`,
    () => "Do without a checkpoint here, or let it give numbers and new arrays that it computes from what it is given alone.",
  ),
  checkpointOption: error(
    3166,
    "checkpoint-option",
    (why: string) => `The option 'checkpoint' cannot be used here: ${why}.`,
    () => 'Write { checkpoint: "sqrt" }, "revolve" or a number in grad, valueAndGrad or gradInto of a function with a long loop.',
  ),
  withoutSource: error(
    3171,
    "package-without-source",
    (name: string, from: string, why: string) => `'${name}' comes from the package '${from}', ${why}.`,
    (name: string) => `Write '${name}' in a file of the program, or give it a rule of your own with customGrad.`,
  ),
  inPackage: error(
    3172,
    "in-a-package",
    (from: string, why: string) => `The source of the package '${from}' cannot be differentiated here. ${why}`,
    (from: string) => `Call the function of '${from}' with constants only, or write it in a file of the program.`,
  ),
  privateName: error(
    3173,
    "private-to-a-package",
    (name: string, from: string) => `'${name}' is private to the package '${from}', and the derivative needs it.`,
    () => "Write the function that uses it in a file of the program.",
  ),
  ownFault: error(
    3190,
    "own-fault",
    (what: string) => `The compiler failed on this call: ${what}`,
    () => "This is a fault of tsgrad and not of your program. Please report it with the function that is differentiated.",
  ),
} as const;

/** Source text as it is shown in a message: on one line, shortened. */
export function excerpt(node: ts.Node, limit = 40): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
