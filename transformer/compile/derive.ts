import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { catalogue, excerpt } from "../diagnostics.js";
import { hasRows } from "../differentiate/jacobian-rows.js";
import type { Fn, FnRef } from "../ir/model.js";
import { carriesReal, isNumeric, type Type } from "../ir/types.js";
import { askingOnce } from "../lower/asking-once.js";
import type { LowerContext, LoweredRef } from "../lower/context.js";
import { Classes } from "../lower/facts/classes.js";
import { Types } from "../lower/types.js";
import { reject, Rejected } from "../lower/rejected.js";
import { askedBy } from "../requests/parameters.js";
import { orderKey, type FunctionNode, type Order, type Target } from "../requests/request.js";
import type { Resolver } from "../requests/target.js";
import { refuseOuterWrites } from "./outer-writes.js";
import { refuseStoppedWrites } from "./stopped-writes.js";
import { loweredBy, readsOf, type Reads } from "./reads.js";
import type { GradientOptions, Log, Stages, Trace } from "./stages.js";

/** Takes functions through the stages up to the text. Throws `Rejected` where a function cannot be differentiated. */
export interface Deriver {
  derive(target: Target, name: string): Fn;
  /** The functions read so far. */
  readonly functions: LowerContext["functions"];
  /** All of them, those that were read with other types than their own too. */
  lowered(): readonly LoweredRef[];
  /** Where captured names were found in the source. */
  readonly uses: LowerContext["uses"];
  /** What the derivatives of a function are made of; of one that was refused before that is known, itself. */
  reads(target: Target): Reads;
}

export function createDeriver(
  host: { readonly ts: typeof ts; readonly program: ts.Program },
  resolver: Resolver,
  stages: Stages,
  log: Log,
  trace: Trace,
): Deriver {
  const inner = new Map<FunctionNode, Map<string, FnRef>>();
  const reads = new Map<FunctionNode, Reads>();
  const context: LowerContext = {
    ts: host.ts,
    program: host.program,
    checker: askingOnce(host.program.getTypeChecker()),
    report: (diagnostic) => {
      log.report(diagnostic);
    },
    functions: new Map(),
    instances: new Map(),
    classes: new Classes(host.ts, host.program),
    captured: new Map(),
    uses: new Map(),
    derivative,
    overrideOf: (expression) => resolver.markers.overrideOf(expression),
  };

  function derive({ declaration, orders }: Target, name: string, asked: ReadonlySet<number> | undefined): Fn {
    const rest = declaration.parameters.find((p) => p.dotDotDotToken !== undefined);
    if (rest !== undefined) reject(catalogue.spread, rest, excerpt(rest));
    for (const p of declaration.parameters) {
      const type = context.checker.getTypeAtLocation(p);
      if (new Types(host.ts, context.checker).hidesMembers(type)) reject(catalogue.objectType, p.name, excerpt(p.name), context.checker.typeToString(type));
    }
    const root = stages.lower(declaration, context, asked);
    const [fault] = errorsOf(context, declaration);
    if (fault !== undefined) throw new Rejected(fault);
    trace(name, "lower", root);
    refuseOuterWrites(root, host.program);
    refuseStoppedWrites(root, host.program);
    reads.set(declaration, readsOf(root, declaration, context));
    let fn = stages.optimise(root);
    trace(name, "optimise", fn);
    for (const [k, order] of orders.entries()) {
      const ref = k === 0 ? loweredBy(context).find((one) => one.declaration === declaration && one.fn() === root) : undefined;
      fn = stages.differentiate(fn, { ...gradientOptions(fn, order), ...(ref && { ref }) });
      trace(name, order.kind, fn);
      // The next order works on tidy code: what is removed here is not differentiated again.
      fn = stages.optimise(fn);
      trace(name, "optimise", fn);
    }
    return fn;
  }

  /**
   * A derivative called by differentiated code: innermost first and as a function like any other. What the outer
   * derivative is by comes in by the arguments in `varied`, so these are no constants either.
   */
  function derivative(call: ts.CallExpression, varied?: ReadonlySet<number>): FnRef | undefined {
    const kind = resolver.markers.kindOf(call.expression);
    if (kind === undefined) return undefined;
    const outcome = resolver.derivative(call, kind, new Set());
    if ("refused" in outcome) throw new Rejected(outcome.refused);
    const { declaration, orders } = outcome.ok;
    const ofFunction = inner.get(declaration) ?? new Map<string, FnRef>();
    inner.set(declaration, ofFunction);
    const asked = varied && askedOf(outcome.ok, varied);
    const key = `${orderKey(orders)} ${asked === undefined ? "" : [...asked].join()}`;
    const known = ofFunction.get(key);
    if (known !== undefined) return known;
    const ref = once(declaration.name?.text ?? kind, () => derive(outcome.ok, orderKey(orders), asked), () => {
      const why = "the derivative is needed to compute itself";
      return reject(catalogue.notKnown, call, kind, why);
    });
    ofFunction.set(key, ref);
    return ref;
  }

  return {
    derive: (target, name) => derive(target, name, askedOf(target)),
    functions: context.functions,
    lowered: () => loweredBy(context),
    uses: context.uses,
    reads({ declaration }) {
      return reads.get(declaration) ?? { declarations: new Set([declaration]), files: new Set([declaration.getSourceFile()]) };
    },
  };
}

/** The parameters of the function that it is differentiated by; nothing where it is all of them. */
function askedOf({ declaration, orders }: Target, varied?: ReadonlySet<number>): ReadonlySet<number> | undefined {
  const own = declaration.parameters.map((p) => p.name.getText());
  const asked = askedBy(orders, own, varied);
  return asked.size === own.length ? undefined : asked;
}

/** What was found against a function and against those that it calls. */
export function errorsOf(context: Pick<LowerContext, "functions">, declaration: ts.FunctionLikeDeclaration): Diagnostic[] {
  return (context.functions.get(declaration)?.diagnostics ?? []).filter((d) => d.severity === "error");
}

function gradientOptions(fn: Fn, { kind, wrt, mode, call }: Order): GradientOptions {
  const [result] = fn.results;
  const ofAny = kind === "jvp" || kind === "jacobian" || kind === "jacobianInto";
  if (result === undefined || (ofAny ? !holdsNumbers(result) : !isNumeric(result)))
    reject(ofAny ? catalogue.numberless : catalogue.notScalar, call.arguments[0] ?? call, kind, fn.name);
  if (result.nullable === true) reject(catalogue.missingReturn, call.arguments[0] ?? call, fn.name);
  const parameters = wrt?.parameters ?? fn.params.map((_, i) => i);
  const numberless = parameters.filter((i) => !carriesReal(fn.params[i]?.type ?? { kind: "opaque" }));
  const [first] = numberless;
  if (wrt !== undefined && first !== undefined)
    reject(catalogue.wrt, call.arguments[1] ?? call, `Parameter ${String(first)}, '${fn.params[first]?.name ?? ""}', holds no numbers`);
  if (numberless.length === parameters.length)
    reject(catalogue.wrt, call, `No parameter of '${fn.name}' holds numbers`);
  const single = wrt === undefined ? fn.params.length === 1 && kind !== "jvp" : wrt.single;
  const [only] = parameters;
  const isNumber = single && only !== undefined && fn.params[only]?.type.kind === "real";
  if (mode === "reverse" && !isNumeric(result) && (isNumber || !hasRows(result)))
    reject(catalogue.mode, call.arguments[1] ?? call, `The Jacobian of '${fn.name}' cannot be made in reverse mode`);
  if (kind.startsWith("hessian") || kind.startsWith("jacobian")) {
    const [lacking] = parameters.filter((i) => mayLack(fn.params[i]?.type ?? result, true));
    if (lacking !== undefined) reject(catalogue.optionalPart, call, kind, `'${fn.params[lacking]?.name ?? ""}'`);
    if (mayLack(result, false)) reject(catalogue.optionalPart, call, kind, "the result");
  }
  return { kind, ...(mode && { mode }), wrt: parameters, single, name: fn.name + kind.charAt(0).toUpperCase() + kind.slice(1) };
}

/** Whether numbers within a value may be missing. A parameter that is left out has its default. */
function mayLack(type: Type, isParameter: boolean): boolean {
  if (!carriesReal(type)) return false;
  if (type.nullable === true && !(isParameter && type.kind === "real")) return true;
  if (type.kind === "array") return mayLack(type.element, false);
  return type.kind === "record" && type.fields.some((f) => mayLack(f.type, false));
}

function holdsNumbers(type: Type): boolean {
  return isNumeric(type) || carriesReal(type);
}

/** A function made at the first call. `again` answers a call from within its making. */
function once(name: string, make: () => Fn, again: () => Fn): FnRef {
  let state: Fn | "making" | undefined;
  return {
    name,
    fn() {
      if (typeof state === "object") return state;
      if (state === "making") return again();
      state = "making";
      try {
        return (state = make());
      } finally {
        // What was refused is refused again, for the same reason.
        if (state === "making") state = undefined;
      }
    },
  };
}
