import type ts from "typescript";
import type { Container, Emitted } from "../compilation.js";
import { reachable } from "../ir/memory.js";
import type { Fn } from "../ir/model.js";
import { withPlainNumbers } from "../optimise/inline.js";
import { settled } from "../optimise/surrogates.js";
import type { Packages } from "../through.js";
import type { Beside, Placement } from "../placement.js";
import type { Derivative } from "../placement/derivatives.js";
import { freeName, identifiersIn } from "../placement/names.js";
import { functionsBeside } from "./beside.js";
import type { Deriver } from "./derive.js";
import { createSight } from "./sight.js";
import type { Stages, Trace } from "./stages.js";

/** The names of the language that emitted code uses. */
const globals = ["Math", "Array", "Number", "Error", "Object", "Set", "Map", "Infinity", "NaN", "undefined"];
const arrays = ["Float64Array", "Float32Array", "Int32Array", "Uint8Array"];

/** The text of a derivative and of the functions that it calls, each with the place where it stands. */
export function emitDerivative(
  host: { readonly ts: typeof ts; readonly program: ts.Program; readonly packages: Packages },
  derivative: Derivative,
  root: Fn,
  { lowered, reads, uses }: Deriver,
  placement: Placement,
  stages: Stages,
  trace: Trace,
): { root: Emitted; others: Beside[] } {
  const { target, name } = derivative;
  const container = placement.containerOf(derivative, namesBeside(root));
  const reserved = new Set([...globals, ...arrays, "RangeError", "arguments", "eval", name]);
  for (const declaration of reads(target).declarations) identifiersIn(host.ts, declaration, reserved);
  const at = { packages: host.packages, placement, container, reserved, stages };
  const { names, others } = functionsBeside(root, derivative, lowered(), at);
  const sight = createSight(host, derivative, placement, uses);
  const written: Beside[] = [];
  // What is the same for all functions stands once in each block.
  const shared = (where: Container, wish: string, write: (name: string) => string): string => {
    const key = write(wish);
    const standing = placement.standing(where, key) ?? written.find((w) => w.container === where && w.likeness === key)?.name;
    if (standing !== undefined) return standing;
    const as = freeName(wish, (n) => reserved.has(n) || placement.isTaken(where, n));
    reserved.add(as);
    placement.claims.add(where, as);
    written.push({ container: where, name: as, likeness: key, emitted: { text: `function ${as}${write(as)}`, spans: [] } });
    return as;
  };
  const emit = (fn: Fn, as: string, form: "declaration" | "arrow", where: Container): Emitted => {
    // A lambda in its place sees what a function that stands in the block around it does not.
    const place = form === "arrow" ? placement.placeOf(derivative) : where;
    sight.checkGlobals(place, [...globals, ...arrays]);
    sight.checkCaptured(fn, place);
    const by = where.getSourceFile();
    const captured = new Map(fn.captures.map((v) => [v, sight.nameAt(v, by)]));
    for (const name of captured.values()) reserved.add(name.replace(/\..*$/, ""));
    const isKnown = (constant: string): boolean => by.fileName === fn.origin?.file && sight.isOfModule(constant, place);
    if (fn.written !== undefined) return { text: `function ${as}${fn.written}`, spans: [] };
    const emitted = stages.emit(settled(withPlainNumbers(fn, isKnown)), {
      name: as,
      form,
      reserved,
      isType: (name, declared) => sight.isType(name, declared, place),
      shared: (wish, write) => shared(where, wish, write),
      callee: (ref) => names(ref, by),
      captured: (v) => captured.get(v) ?? v.name,
    });
    trace(as, "emit", emitted);
    // The files of packages are none of the program's: nothing in them is pointed to.
    return { ...emitted, spans: emitted.spans.filter((span) => !host.packages.isSource(span.file)) };
  };
  const emitted = emit(root, name, target.home.kind === "beside" ? "declaration" : "arrow", container);
  const beside = others.map(({ fn, name: as, container: where, likeness }): Beside => ({ container: where, name: as, likeness, emitted: emit(fn, as, "declaration", where) }));
  return { root: emitted, others: [...beside, ...written] };
}

/** The names from outside that functions use which a derivative calls. */
function namesBeside(root: Fn): readonly string[] {
  return reachable(root).flatMap((fn) => (fn === root ? [] : fn.captures.map(({ name }) => name)));
}
