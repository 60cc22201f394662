import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { catalogue, diagnose, excerpt } from "../diagnostics.js";
import type { Fn, FnRef, Var } from "../ir/model.js";
import { isNull as mayBeNull, isNumeric, isReference, nullable, opaque, type Type } from "../ir/types.js";
import type { Override } from "../requests/markers.js";
import type { Closure } from "./closures.js";
import { filler } from "./branch.js";
import type { LowerContext } from "./context.js";
import { lowerItems } from "./control.js";
import { returnsOf } from "./facts/bodies.js";
import { factsOf } from "./facts/facts.js";
import type { Handed, Signature } from "./functions.js";
import { hoist } from "./hoist.js";
import type { Target } from "./jumps.js";
import { Lowering } from "./lowering.js";
import { bindParameter, checkParameter, ownParameters, parameterType, parameterVariable } from "./parameters.js";
import { NotInteger, reject, Rejected } from "./rejected.js";
import { returnValue } from "./statements/leaving.js";
import { bare } from "./syntax.js";
import { Types } from "./types.js";

/** What lowering a function gave: the function, unless something is wrong with it. */
export interface Lowered {
  readonly fn: Fn | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly callees: ReadonlySet<FnRef>;
}

/**
 * Lowers the body of one function. A variable that was taken for an integer and turns out to be none makes it start
 * again with what it has learnt.
 */
export function lowerOnce(context: LowerContext, declaration: ts.FunctionLikeDeclaration, name: string, signature?: Signature): Lowered {
  const notIntegers = new Set<ts.Symbol>();
  for (;;) {
    try {
      const lowered = attempt(context, declaration, name, signature, notIntegers);
      for (const diagnostic of lowered.diagnostics) context.report(diagnostic);
      return lowered;
    } catch (error) {
      if (!(error instanceof NotInteger)) throw error;
      notIntegers.add(error.variable);
    }
  }
}

function attempt(
  context: LowerContext,
  declaration: ts.FunctionLikeDeclaration,
  name: string,
  signature: Signature | undefined,
  notIntegers: ReadonlySet<ts.Symbol>,
): Lowered {
  const diagnostics: Diagnostic[] = [];
  let failed = false;
  const report = (error: unknown): void => {
    if (!(error instanceof Rejected)) throw error;
    failed = true;
    if (error.diagnostic !== undefined) diagnostics.push(error.diagnostic);
  };
  const types = new Types(context, signature?.generic?.given);
  const isOverride = (callee: ts.Expression, override: Override): boolean => context.overrideOf?.(callee) === override;
  const facts = factsOf(context, types, declaration, notIntegers, signature ?? {}, isOverride);
  const l = new Lowering(context, declaration, facts, types, report, signature?.lifted);
  const guarded = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  const fn = guarded(() => lowerBody(l, declaration, name, signature, guarded));
  if (failed && diagnostics.length === 0) {
    // Every rejection has a reason, which may have been given where the cause is.
    const place = declaration.name ?? declaration;
    const entry = signature?.written === true ? catalogue.writtenMemory : catalogue.expression;
    diagnostics.push(diagnose(entry, place, excerpt(place)));
  }
  return { fn: failed ? undefined : fn, diagnostics, callees: l.callees };
}

function lowerBody(
  l: Lowering,
  declaration: ts.FunctionLikeDeclaration,
  name: string,
  signature: Signature | undefined,
  guarded: <T>(run: () => T) => T | undefined,
): Fn {
  const { body } = declaration;
  if (body === undefined) return reject(catalogue.noBody, declaration, name, "program");
  refuseAsync(l, declaration, name);
  const declared = ownParameters(l.ts, declaration);
  const isOwn = signature === undefined || signature.varied !== undefined || signature.written === true;
  if (isOwn) for (const p of declared) guarded(() => checkParameter(l, p));
  const handed = signature?.handed ?? [];
  const params = declared.flatMap((p, i) => (handed.some((h) => h.index === i) ? [] : [parameterVariable(l, p, i, signature?.params[i] ?? parameterType(l.types, l.checker, p))]));
  const self = signature?.receiver && l.variable("self", signature.receiver);
  const further = [...handed.flatMap((h) => bindHanded(l, h, declared[h.index])), ...bindCaptured(l, signature?.lifted?.captured ?? [])];
  const receiver = signature?.lifted?.receiver;
  if (self !== undefined) l.receiver = self;
  else if (receiver !== undefined) l.receiver = l.values.get(receiver);
  for (const { symbol, fn } of signature?.lifted?.functions ?? []) l.values.set(symbol, l.closures.variable(closureOf(l, fn)));
  const returns = signature === undefined ? returnType(l.context, declaration) : signature.returns;
  const target: Target = returns === undefined ? { name: "return" } : { name: "return", returns };
  l.returns.push({ node: declaration, target });
  declared.filter((_, i) => !handed.some((h) => h.index === i)).forEach((p, i) => {
    const given = params[i];
    if (given !== undefined) guarded(() => l.fromStatement(p, () => bindParameter(l, p, given)));
  });
  hoist(l, body);
  if (l.ts.isBlock(body)) lowerItems(l, [...body.statements], new Set([target]));
  else guarded(() => l.fromStatement(body, () => returnValue(l, body, new Set([target]))));
  const result = returns === undefined ? undefined : (l.values.get(target) ?? filler(returns));
  const yields = result === undefined ? [] : [result];
  return {
    name,
    params: [...(self ? [self] : []), ...params, ...further],
    captures: [...l.captures.values()],
    body: { region: { name }, statements: l.statements, yields },
    results: yields.map((y) => resultType(returns ?? y.type, y.type)),
    origin: { file: declaration.getSourceFile().fileName, pos: declaration.getStart(), end: declaration.getEnd() },
  };
}

/** A function that is given becomes known under its name, and what it sees becomes parameters. */
function bindHanded(l: Lowering, { fn, captured }: Handed, p: ts.ParameterDeclaration | undefined): readonly Var[] {
  const further = bindCaptured(l, captured);
  const name = p && l.symbol(p.name);
  if (name !== undefined) l.values.set(name, l.closures.variable(closureOf(l, fn)));
  return further;
}

function closureOf(l: Lowering, fn: Handed["fn"]): Closure {
  const isLibrary = l.ts.isPropertyAccessExpression(fn) || l.ts.isIdentifier(fn);
  return isLibrary ? { kind: "library", node: fn } : { kind: "written", declaration: fn, values: new Map(l.values), calls: [] };
}

function bindCaptured(l: Lowering, captured: Handed["captured"]): readonly Var[] {
  return captured.map(({ symbol, type, isCell }) => {
    const v = l.variable(symbol.name, type);
    l.cells.set(symbol, isCell);
    l.values.set(symbol, v);
    return v;
  });
}

function refuseAsync(l: Lowering, declaration: ts.FunctionLikeDeclaration, name: string): void {
  const isAsync = declaration.modifiers?.some((m) => m.kind === l.ts.SyntaxKind.AsyncKeyword) ?? false;
  if (isAsync || declaration.asteriskToken !== undefined) {
    reject(catalogue.asyncFunction, declaration.name ?? declaration, name, isAsync ? "an async" : "a generator");
  }
}

/** The type of what a function returns; nothing for a procedure. */
export function returnType(context: LowerContext, declaration: ts.FunctionLikeDeclaration, types = new Types(context)): Type | undefined {
  const { ts, checker } = context;
  const signature = checker.getSignatureFromDeclaration(declaration);
  if (signature === undefined) return undefined;
  const type = checker.getReturnTypeOfSignature(signature);
  const { Void, Never, Undefined } = ts.TypeFlags;
  return type.flags & (Void | Never | Undefined) ? undefined : resultOf(ts, declaration, types.from(type));
}

/** What a function gives, by its type; one that returns `null` in place of an object, whatever its type says, may give anything. */
export function resultOf(compiler: typeof ts, declaration: ts.FunctionLikeDeclaration, type: Type): Type {
  const isNull = (node: ts.Expression): boolean => bare(compiler, node).kind === compiler.SyntaxKind.NullKeyword;
  return isReference(type) && !mayBeNull(type) && returnsOf(compiler, declaration).some(isNull) ? nullable(opaque) : type;
}

/** Where the written type says nothing (`any`), the value's own does. A number is real to whoever calls. */
function resultType(written: Type, found: Type): Type {
  if (written.kind === "opaque" && !written.text) return isNumeric(found) ? { ...found, kind: "real" } : found;
  return written;
}
