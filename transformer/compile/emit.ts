import type ts from "typescript";
import type { Emitted } from "../compilation.js";
import type { Placement } from "../placement.js";
import type { Derivative } from "../placement/derivatives.js";
import { freeName, identifiersIn } from "../placement/names.js";
import type { EmitOptions, Program, Stages, Trace } from "./stages.js";

/** The names of the language that emitted code uses. */
const globals = ["Math", "Array", "Number", "Error", "Object", "Infinity", "NaN", "undefined", "arguments", "eval"];
const arrays = ["Float64Array", "Float32Array", "Int32Array", "Uint8Array"];

/** The text of a derivative and of the functions that stand beside it. */
export function emitDerivative(
  compiler: typeof ts,
  derivative: Derivative,
  { root, others }: Program,
  declarations: Iterable<ts.Node>,
  placement: Placement,
  stages: Stages,
  trace: Trace,
): { root: Emitted; others: Emitted[] } {
  const { target, name } = derivative;
  const container = placement.containerOf(derivative);
  const reserved = new Set([...globals, ...arrays, name]);
  for (const declaration of declarations) identifiersIn(compiler, declaration, reserved);
  const form = target.home.kind === "beside" ? "declaration" : "arrow";
  const emit = (fn: Program["root"], options: EmitOptions): Emitted => {
    const emitted = stages.emit(fn, options);
    trace(options.name, "emit", emitted);
    return emitted;
  };
  return {
    root: emit(root, { name, form, reserved }),
    others: others.map((fn) => {
      const own = freeName(fn.name, (n) => reserved.has(n) || placement.claims.has(container, n));
      placement.claims.add(container, own);
      return emit(fn, { name: own, form: "declaration", reserved });
    }),
  };
}
