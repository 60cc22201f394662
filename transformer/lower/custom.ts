import type ts from "typescript";
import { catalogue, excerpt } from "../diagnostics.js";
import { Builder, region, variable } from "../ir/build.js";
import { effectsOf, allCells } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { CustomRule, Fn, FnRef, Statement, Var } from "../ir/model.js";
import { carriesReal, isRecursive, nullable, type Type } from "../ir/types.js";
import type { LowerContext, LoweredRef } from "./context.js";
import type { Override } from "../requests/markers.js";
import { refTo } from "./functions.js";
import { reject } from "./rejected.js";
import { bare, functionIn, isConst, symbolAt } from "./syntax.js";
import { Types } from "./types.js";

/** A function with a rule of the user's own, by the `const` that it is bound to. */
export interface CustomRef extends LoweredRef {
  readonly custom: CustomRule;
}

/** The call `customGrad(f, rule)` that an expression is, or is bound to. */
export function customCallOf(context: LowerContext, callee: ts.Expression): ts.CallExpression | undefined {
  return overridingCall(context, callee, isRuleGiver);
}

/** The call `checkpoint(f)` that an expression is, or is bound to. */
export function checkpointCallOf(context: LowerContext, callee: ts.Expression): ts.CallExpression | undefined {
  return overridingCall(context, callee, (override) => override === "checkpoint");
}

function overridingCall(context: LowerContext, callee: ts.Expression, isMeant: (override: Override | undefined) => boolean): ts.CallExpression | undefined {
  const { ts, checker } = context;
  const isCall = (e: ts.Expression): e is ts.CallExpression => ts.isCallExpression(e) && isMeant(context.overrideOf?.(e.expression));
  const node = bare(ts, callee);
  if (isCall(node)) return node;
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  if (!ts.isIdentifier(name)) return undefined;
  const symbol = symbolAt(ts, checker, name);
  const known = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = known?.valueDeclaration;
  const isBound = declaration !== undefined && ts.isVariableDeclaration(declaration) && isConst(ts, declaration);
  const value = isBound && declaration.initializer !== undefined ? bare(ts, declaration.initializer) : undefined;
  return value !== undefined && isCall(value) ? value : undefined;
}

/** The function behind `const g = customGrad(f, rule)`, once for each. */
export function customRef(context: LowerContext, call: ts.CallExpression): CustomRef {
  const known = context.customs.get(call);
  if (known !== undefined) return known;
  const { name, declaration } = boundTo(context, call);
  const [f, rule, options] = call.arguments;
  if (f === undefined || rule === undefined) return reject(catalogue.customRule, call, "customGrad", "it is given no rule");
  let made: Fn | undefined;
  const ref: CustomRef = {
    name: name.text,
    declaration,
    special: false,
    running: false,
    diagnostics: [],
    fn: () => (made ??= opaqueFunction(context, f, name.text)),
    custom: context.overrideOf?.(call.expression) === "implicit" ? implicitly(context, call, rule) : { ...ruleRef(context, rule), ...tangentOf(context, options) },
  };
  context.customs.set(call, ref);
  return ref;
}

/** The `const` of a module or of a block around the function that is differentiated. */
function boundTo({ ts }: LowerContext, call: ts.CallExpression): { readonly name: ts.Identifier; readonly declaration: ts.VariableDeclaration } {
  let at: ts.Node = call.parent;
  while (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || ts.isSatisfiesExpression(at)) at = at.parent;
  if (!ts.isVariableDeclaration(at) || !ts.isIdentifier(at.name) || !isConst(ts, at)) return reject(catalogue.customRule, call, "customGrad", "it has no name of its own");
  return { name: at.name, declaration: at };
}

/** The rule, which is differentiated for derivatives of higher order. */
function ruleRef(context: LowerContext, rule: ts.Expression): { readonly pullback: FnRef; readonly source: FnRef } {
  const declaration = functionOf(context, rule);
  if (declaration === undefined) return reject(catalogue.customRule, rule, "customGrad", `'${excerpt(rule)}' is not a function that is known when the program is built`);
  const ref = refTo(context, declaration);
  return { pullback: { name: ref.name, fn: () => onlyReading(ref.fn(), rule), of: ref }, source: ref };
}

/** The rule of `implicit(solve, residual)` is made of the residual. */
function implicitly(context: LowerContext, call: ts.CallExpression, residual: ts.Expression): CustomRule {
  const declaration = functionOf(context, residual);
  if (declaration === undefined) return reject(catalogue.customRule, residual, "implicit", `'${excerpt(residual)}' is not a function that is known when the program is built`);
  const source = refTo(context, declaration);
  let made: Fn | undefined;
  return { pullback: { name: `${source.name}Rule`, fn: () => (made ??= context.implicitRule?.(solving(source.fn(), call)) ?? source.fn()) }, source };
}

/** A residual of as many numbers as its first parameter has. */
function solving(fn: Fn, call: ts.CallExpression): Fn {
  const [x] = fn.params;
  const [result] = fn.results;
  const isList = (type: Type | undefined): boolean => type?.kind === "typed" || (type?.kind === "array" && type.element.kind === "real");
  const fits = x !== undefined && result !== undefined && (result.kind === "real" ? x.type.kind === "real" : isList(result) && isList(x.type));
  return fits ? fn : reject(catalogue.customRule, call, "implicit", "its residual does not give a number for a number, or an array of numbers for such an array");
}

function isRuleGiver(override: Override | undefined): boolean {
  return override === "customGrad" || override === "implicit";
}

/** Refuses rules that write to what they are given. */
function onlyReading(fn: Fn, rule: ts.Expression): Fn {
  const memory = new Memory(reachable(fn));
  const { writes } = effectsOf(fn.body.statements, memory);
  const written = fn.params.find((p) => allCells(p, memory).some((cell) => writes.has(cell)));
  return written === undefined ? fn : reject(catalogue.customRule, rule, "customGrad", `its rule writes to '${written.name}'`);
}

function functionOf({ ts, checker }: LowerContext, expression: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  const written = functionIn(ts, expression);
  const name = bare(ts, expression);
  if (written !== undefined || !ts.isIdentifier(name)) return written;
  const symbol = symbolAt(ts, checker, name);
  const known = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  for (const d of known?.declarations ?? []) {
    if (ts.isFunctionDeclaration(d) && d.body !== undefined) return d;
    if (ts.isVariableDeclaration(d) && isConst(ts, d)) return functionIn(ts, d.initializer);
  }
  return undefined;
}

/** `{ tangent: (t, out, ...args) => … }` */
function tangentOf(context: LowerContext, options: ts.Expression | undefined): { readonly tangent?: FnRef } {
  const { ts } = context;
  if (options === undefined) return {};
  const literal = bare(ts, options);
  const property = ts.isObjectLiteralExpression(literal) ? literal.properties.find((p) => p.name?.getText() === "tangent") : undefined;
  if (property !== undefined && ts.isMethodDeclaration(property)) return { tangent: refTo(context, property) };
  const value = property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  if (value === undefined) return reject(catalogue.customRule, options, "customGrad", "its options are not written out as { tangent: (t, out, …) => … }");
  return { tangent: ruleRef(context, value).source };
}

// function g(x, y) { return (text of g)(x, y) }
// Nothing looks into f: it gives its result from its arguments alone, as new memory, and does nothing else.
function opaqueFunction(context: LowerContext, f: ts.Expression, name: string): Fn {
  const { checker } = context;
  const types = new Types(context);
  const signature = checker.getTypeAtLocation(f).getCallSignatures().at(-1);
  if (signature === undefined || signature.typeParameters !== undefined) return reject(catalogue.customRule, f, "customGrad", `'${excerpt(f)}' has no types of its own for its numbers`);
  const params = parametersOf(context, types, f, signature);
  const returned = types.from(checker.getReturnTypeOfSignature(signature));
  if (returned.nullable === true || !(returned.kind === "real" || carriesReal(returned))) reject(catalogue.customRule, f, "customGrad", `'${excerpt(f)}' returns no numbers`);
  if ([...params.map((p) => p.type), returned].some((type) => isRecursive(type))) reject(catalogue.customRule, f, "customGrad", `'${excerpt(f)}' takes or gives objects that contain themselves`);
  const origin = { file: f.getSourceFile().fileName, pos: f.getStart(), end: f.getEnd() };
  const result = variable("out", returned, origin);
  const text = [`${name}(`, ...params.slice(1).map(() => ", "), params.length === 0 ? "" : ")"];
  const call: Statement = { kind: "opaque", result, text: params.length === 0 ? [`${name}()`] : text, args: params, pure: true, readsOnly: true, fresh: true, origin };
  return { name, params, captures: [], body: { region: region(name), statements: [call], yields: [result] }, results: [returned], origin };
}

function parametersOf({ ts, checker }: LowerContext, types: Types, f: ts.Expression, signature: ts.Signature): readonly Var[] {
  return signature.parameters.flatMap((symbol): readonly Var[] => {
    const type = checker.getTypeOfSymbolAtLocation(symbol, f);
    const declaration = symbol.valueDeclaration;
    const isRest = declaration !== undefined && ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
    if (isRest) return reject(catalogue.spread, f, excerpt(f), "Give a rule to a function of a known number of parameters: one array in the place of many numbers");
    const isOptional = declaration !== undefined && ts.isParameter(declaration) && (declaration.questionToken !== undefined || declaration.initializer !== undefined);
    const found: Type = types.from(type);
    return [variable(symbol.name, isOptional ? nullable(found) : found)];
  });
}

/** A function that does nothing but call one with a rule of its own, to be differentiated. */
export function callOfCustom(context: LowerContext, call: ts.CallExpression): Fn {
  const ref = customRef(context, call);
  const fn = ref.fn();
  const params = fn.params.map((p): Var => ({ ...p }));
  const b = new Builder(fn.origin);
  const results = fn.results.map((type) => variable("out", type, fn.origin));
  b.call(ref, params, results);
  return { ...fn, params, body: b.block(region(fn.name), results) };
}
