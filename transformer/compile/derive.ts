import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { catalogue, excerpt } from "../diagnostics.js";
import { NotSparse } from "../differentiate/column-sets.js";
import { hasRows } from "../differentiate/jacobian-rows.js";
import type { Fn, FnRef, Origin } from "../ir/model.js";
import { NotRepeatable } from "../differentiate/recorded.js";
import { NoBlocks } from "../differentiate/blocks.js";
import { NoTangent } from "../differentiate/tangent-custom.js";
import { carriesReal, isNumeric, isRecursive, type Type } from "../ir/types.js";
import { askingOnce } from "../lower/asking-once.js";
import { customRef } from "../lower/custom.js";
import { refTo } from "../lower/functions.js";
import type { Lifting, LowerContext, LoweredRef, PulledBack } from "../lower/context.js";
import { loweredRef } from "../lower/index.js";
import type { Lifted } from "../lower/lifted.js";
import { Classes } from "../lower/facts/classes.js";
import { Types } from "../lower/types.js";
import { reject, Rejected } from "../lower/rejected.js";
import { askedBy } from "../requests/parameters.js";
import { orderKey, type FunctionNode, type Order, type Target } from "../requests/request.js";
import type { Packages } from "../through.js";
import type { Resolver } from "../requests/target.js";
import { refuseOuterWrites } from "./outer-writes.js";
import { refuseMovedParts } from "./moved-parts.js";
import { refuseRest, withRest } from "./rest-parameter.js";
import { markShared } from "./shared-outside.js";
import { refuseStoppedWrites } from "./stopped-writes.js";
import { refuseAt } from "./refuse-at.js";
import { refuseUnrepeatable } from "./unrepeatable.js";
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
  { ts: compiler, packages }: { readonly ts: typeof ts; readonly packages: Packages },
  resolver: Resolver,
  stages: Stages,
  log: Log,
  trace: Trace,
): Deriver {
  const { program } = packages;
  const inner = new Map<LoweredRef | ts.CallExpression, Map<string, FnRef>>();
  const reads = new Map<FunctionNode, Reads>();
  const context: LowerContext = {
    ts: compiler,
    program,
    checker: askingOnce(program.getTypeChecker()),
    packages,
    report: (diagnostic) => {
      log.report(diagnostic);
    },
    functions: new Map(),
    instances: new Map(),
    customs: new Map(),
    classes: new Classes(compiler, program),
    captured: new Map(),
    assigned: new Map(),
    uses: new Map(),
    lifted: new Map(),
    derivative,
    pulledBack,
    implicitRule: (residual) => stages.implicit?.(stages.optimise(residual)) ?? residual,
    overrideOf: (expression) => resolver.markers.overrideOf(expression),
  };

  function derive(target: Target, name: string, asked: ReadonlySet<number> | undefined, { isCalled = true, lifted }: { readonly isCalled?: boolean; readonly lifted?: Lifted | undefined } = {}): Fn {
    const { declaration, orders, custom, home } = target;
    refuseRest(compiler, target, isCalled);
    for (const p of declaration.parameters) {
      const type = context.checker.getTypeAtLocation(p);
      if (new Types(context).hidesMembers(type)) reject(catalogue.objectType, p.name, excerpt(p.name), context.checker.typeToString(type));
    }
    const root = stages.lower(declaration, context, asked, custom, lifted);
    const [fault] = errorsOf(context, declaration);
    if (fault !== undefined) throw new Rejected(fault);
    trace(name, "lower", root);
    const read = readsOf(root, declaration, context);
    markShared(root, read.declarations, context);
    refuseOuterWrites(root, asked, program);
    refuseStoppedWrites(root, program);
    refuseMovedParts(root, program);
    refuseUnrepeatable(root, program);
    reads.set(declaration, read);
    let fn = stages.optimise(root);
    trace(name, "optimise", fn);
    const [first] = orders;
    if (first !== undefined && fn.results.some((type) => carriesReal(type))) for (const warning of stages.zeros?.(fn, first, program) ?? []) log.report(warning);
    for (const [i, order] of orders.entries()) {
      if (orders[i - 1]?.sparse === true) reject(catalogue.sparse, order.call, `${order.kind} of it is asked for, and its pattern has no derivative`);
      if (orders[i - 1]?.kind === "vjp") reject(catalogue.vjp, order.call, `${order.kind} of it is asked for, and a pullback has no derivative`);
      const self: FnRef = i > 0 ? own(fn) : { ...own(root), ...(lifted === undefined && { of: custom === undefined ? refOf(declaration) : customRef(context, custom) }) };
      fn = differentiated(cutIntoBlocks(fn, order, name), order, self);
      trace(name, order.kind, fn);
      if (order.kind === "vjp" && home.kind === "beside") continue;
      // The next order works on tidy code: what is removed here is not differentiated again.
      fn = stages.optimise(fn);
      trace(name, "optimise", fn);
    }
    return isCalled ? fn : withRest(fn, target);
  }

  /** The function with its long loops in blocks, where that is asked for. */
  function cutIntoBlocks(fn: Fn, order: Order, name: string): Fn {
    const { checkpoint, wrt, call } = order;
    if (checkpoint === undefined) return fn;
    const refused = (why: string): never => reject(catalogue.checkpointOption, call.arguments[1] ?? call, why);
    try {
      const cut = stages.withCheckpoints?.(fn, checkpoint, wrt?.parameters ?? [...fn.params.keys()]) ?? refused(`'${fn.name}' has no loop that hands on more than sums from turn to turn`);
      refuseUnrepeatable(cut, program, () => "This loop");
      trace(name, "checkpoints", cut);
      return cut;
    } catch (error) {
      if (error instanceof NoBlocks) return refuseAt(catalogue.checkpoint, error.loop.origin, program, "This loop", error.message);
      throw error;
    }
  }

  function own(fn: Fn): FnRef {
    return { name: fn.name, fn: () => fn };
  }
  function refOf(declaration: FunctionNode): FnRef {
    return loweredBy(context).find((ref) => ref.declaration === declaration && !ref.special) ?? refTo(context, declaration);
  }
  function differentiated(fn: Fn, order: Order, self: FnRef): Fn {
    return repeating(order, () => stages.differentiate(fn, gradientOptions(fn, order, self)));
  }
  /** What cannot be run again, or carried forward, is the user's to mend. */
  function repeating(order: Order, run: () => Fn): Fn {
    try {
      return run();
    } catch (error) {
      if (error instanceof NotSparse) return reject(catalogue.sparse, order.call.arguments[0] ?? order.call, error.message);
      if (error instanceof NoTangent) return reject(catalogue.noTangent, order.call, order.kind, error.message);
      if (!(error instanceof NotRepeatable)) throw error;
      if (error.at !== undefined) return refuseAt(catalogue.checkpoint, error.at, program, isLoop(error.at) ? "This loop" : "This call", error.message);
      if (order.sparse === true) return reject(catalogue.sparse, order.call.arguments[0] ?? order.call, error.message);
      return reject(catalogue.vjp, order.call.arguments[0] ?? order.call, error.message);
    }
  }

  function isLoop({ file, pos }: Origin): boolean {
    return /^(?:for|while|do)\b/.test(program.getSourceFile(file)?.text.slice(pos, pos + 6) ?? "");
  }

  /**
   * A derivative called by differentiated code: innermost first and as a function like any other. What the outer
   * derivative is by comes in by the arguments in `varied`, so these are no constants either.
   */
  function derivative(call: ts.CallExpression, varied?: ReadonlySet<number>, lifting?: Lifting): FnRef | undefined {
    const kind = resolver.markers.kindOf(call.expression);
    if (kind === undefined) return undefined;
    if (kind === "vjp") reject(catalogue.vjp, call, "within a differentiated function it is called where a pattern takes apart what it gives, const [value, pullback] = vjp(f)(x)");
    const outcome = resolver.derivative(call, kind, new Set());
    if ("refused" in outcome) throw new Rejected(outcome.refused);
    const { declaration, orders, custom } = outcome.ok;
    if (orders.some(({ sparse }) => sparse === true)) reject(catalogue.sparse, call, "it is called within a differentiated function, and its pattern has no derivative");
    const asked = varied && askedOf(outcome.ok, varied);
    const lifted = custom === undefined ? lifting?.(declaration) : undefined;
    const root = custom ?? loweredRef(declaration, context, lifted && asked, lifted);
    const ofFunction = inner.get(root) ?? new Map<string, FnRef>();
    inner.set(root, ofFunction);
    const key = `${orderKey(orders)} ${asked === undefined ? "" : [...asked].join()}`;
    const known = ofFunction.get(key);
    if (known !== undefined) return known;
    const ref = once(declaration.name?.text ?? kind, () => derive(outcome.ok, orderKey(orders), asked, { lifted }), () => {
      const why = "the derivative is needed to compute itself";
      return reject(catalogue.notKnown, call, kind, why);
    });
    ofFunction.set(key, ref);
    return ref;
  }

  /** The function of a `vjp`, and the gradient of ⟨g, f(…)⟩. What cannot be run again is refused. */
  function pulledBack(call: ts.CallExpression, lifting?: Lifting): PulledBack | undefined {
    if (resolver.markers.kindOf(call.expression) !== "vjp") return undefined;
    const outcome = resolver.derivative(call, "vjp", new Set());
    if ("refused" in outcome) throw new Rejected(outcome.refused);
    const order = outcome.ok.orders.at(-1);
    const before = { ...outcome.ok, orders: outcome.ok.orders.slice(0, -1) };
    if (order === undefined || before.orders.some(({ kind }) => kind === "vjp")) return reject(catalogue.vjp, call, "a pullback has no derivative");
    const name = outcome.ok.declaration.name?.text ?? "vjp";
    const value = once(name, () => derive(before, orderKey(before.orders), undefined, { lifted: before.custom === undefined ? lifting?.(before.declaration) : undefined }), () => reject(catalogue.notKnown, call, "vjp", "it is needed to compute itself"));
    const fn = value.fn();
    const options = gradientOptions(fn, order, value);
    let pullback: Fn | undefined;
    return { value, pullback: { name: `${name}Pullback`, fn: () => (pullback ??= stages.optimise(repeating(order, () => stages.pullback?.(fn, options) ?? fn))) } };
  }

  return {
    derive: (target, name) => derive(target, name, askedOf(target), { isCalled: false }),
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

function gradientOptions(fn: Fn, { kind, wrt, mode, sparse, call }: Order, self: FnRef): GradientOptions {
  const [result] = fn.results;
  if (kind === "vjp" && result !== undefined && isRecursive(result)) reject(catalogue.vjp, call.arguments[0] ?? call, `'${fn.name}' returns objects that contain themselves`);
  if (kind === "vjp" && (result === undefined || !carriesReal(result))) reject(catalogue.vjp, call.arguments[0] ?? call, `'${fn.name}' returns no numbers`);
  const ofAny = kind === "jvp" || kind === "jacobian" || kind === "jacobianInto";
  if (result === undefined || (ofAny ? !holdsNumbers(result) : kind !== "vjp" && !isNumeric(result)))
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
  if (isNumber && isNumeric(result) && (kind === "hessianInto" || kind === "jacobianInto")) reject(catalogue.singleNumber, call, kind, fn.name);
  if (mode === "reverse" && sparse !== true && !isNumeric(result) && (isNumber || !hasRows(result)))
    reject(catalogue.mode, call.arguments[1] ?? call, `The Jacobian of '${fn.name}' cannot be made in reverse mode`);
  if (kind.startsWith("hessian") || kind.startsWith("jacobian")) {
    const [lacking] = parameters.filter((i) => mayLack(fn.params[i]?.type ?? result, true));
    if (lacking !== undefined) reject(catalogue.optionalPart, call, kind, `'${fn.params[lacking]?.name ?? ""}'`);
    if (mayLack(result, false)) reject(catalogue.optionalPart, call, kind, "the result");
  }
  if (sparse === true && isNumeric(result)) reject(catalogue.sparse, call, `'${fn.name}' returns one number`);
  return { kind, ...(mode && { mode }), ...(sparse && { sparse }), wrt: parameters, single, name: fn.name + kind.charAt(0).toUpperCase() + kind.slice(1), self };
}

/** Whether numbers within a value may be missing. A parameter that is left out has its default. */
function mayLack(type: Type, isParameter: boolean): boolean {
  if (!carriesReal(type)) return false;
  if (isRecursive(type) || (type.nullable === true && !(isParameter && type.kind === "real"))) return true;
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
