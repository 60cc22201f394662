import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import type { Fn } from "../ir/model.js";
import { sameType, type Type } from "../ir/types.js";
import type { LowerContext, LoweredRef } from "./context.js";
import { holdsInstances } from "./facts/holders.js";
import { lowerOnce, type Lowered } from "./function.js";
import type { Captured, Lifted } from "./lifted.js";
import { Rejected } from "./rejected.js";
import type { TypeArguments } from "./type-arguments.js";

/** The types with which a function is read that takes several: of its parameters and of what it returns. */
export interface Signature {
  readonly params: readonly Type[];
  readonly returns: Type | undefined;
  /** The parameters that are differentiated; without it all may be. */
  readonly varied?: ReadonlySet<number>;
  /** Something differentiated is put into the memory that it gives. */
  readonly written?: boolean;
  /** The parameters that are given copies of objects of classes, which have no methods. */
  readonly copies?: ReadonlySet<number>;
  /** What its type parameters stand for, and as types of the IR. */
  readonly generic?: { readonly given: TypeArguments; readonly kinds: readonly Type[] };
  /** The functions that it is given. */
  readonly handed?: readonly Handed[];
  /** Of a method: what `this` is, which becomes its first parameter. */
  readonly receiver?: Type;
  /** What it takes of the function that it is declared in. */
  readonly lifted?: Lifted;
}

/** A function that another is given and read for: it is no parameter of it, but what it sees of its surroundings is. */
export interface Handed {
  readonly index: number;
  readonly fn: ts.FunctionLikeDeclaration | ts.PropertyAccessExpression | ts.Identifier;
  readonly captured: readonly Omit<Captured, "isVaried">[];
}

/** The function behind a declaration, lowered at the first call of `fn`. */
export function refTo(context: LowerContext, declaration: ts.FunctionLikeDeclaration, signature?: Signature): LoweredRef {
  if (signature === undefined) {
    const known = context.functions.get(declaration);
    if (known !== undefined) return known;
    const ref = new Ref(context, declaration, undefined);
    context.functions.set(declaration, ref);
    return ref;
  }
  const list = context.instances.get(declaration) ?? [];
  const known = list.find((entry) => isSame(entry.signature, signature));
  if (known !== undefined) return known.ref;
  const ref = new Ref(context, declaration, signature);
  context.instances.set(declaration, [...list, { signature, ref }]);
  return ref;
}

function isSame(a: Signature, b: Signature): boolean {
  const same = (x: Type | undefined, y: Type | undefined): boolean => (x === undefined || y === undefined ? x === y : sameType(x, y));
  const places = (of: ReadonlySet<number> | undefined): string => (of === undefined ? "all" : [...of].sort().join());
  const sameHanded = (x: Handed, y: Handed | undefined): boolean =>
    y !== undefined && x.index === y.index && x.fn === y.fn && x.captured.every((c, i) => c.symbol === y.captured[i]?.symbol && c.isCell === y.captured[i]?.isCell && same(c.type, y.captured[i]?.type));
  const handed = (s: Signature): readonly Handed[] => s.handed ?? [];
  const kinds = (s: Signature): readonly Type[] => s.generic?.kinds ?? [];
  if (kinds(a).length !== kinds(b).length || !kinds(a).every((k, i) => same(k, kinds(b)[i]))) return false;
  if (handed(a).length !== handed(b).length || !handed(a).every((h, i) => sameHanded(h, handed(b)[i]))) return false;
  const captured = (s: Signature): Lifted["captured"] => s.lifted?.captured ?? [];
  const sameCaptured = captured(a).every((c, i) => c.symbol === captured(b)[i]?.symbol && c.isVaried === captured(b)[i]?.isVaried && same(c.type, captured(b)[i]?.type));
  if ((a.lifted === undefined) !== (b.lifted === undefined) || captured(a).length !== captured(b).length || !sameCaptured) return false;
  const known = (s: Signature): Lifted["functions"] => s.lifted?.functions ?? [];
  if (known(a).length !== known(b).length || !known(a).every((k, i) => k.symbol === known(b)[i]?.symbol && k.fn === known(b)[i]?.fn)) return false;
  return same(a.receiver, b.receiver) && places(a.varied) === places(b.varied) && places(a.copies ?? new Set()) === places(b.copies ?? new Set()) && (a.written ?? false) === (b.written ?? false) && same(a.returns, b.returns) && a.params.length === b.params.length && a.params.every((p, i) => same(p, b.params[i]));
}

class Ref implements LoweredRef {
  readonly name: string;
  private state: Lowered | undefined;
  private isRunning = false;
  private instances: boolean | undefined;

  constructor(
    private readonly context: LowerContext,
    readonly declaration: ts.FunctionLikeDeclaration,
    private readonly signature: Signature | undefined,
  ) {
    this.name = signature?.receiver === undefined ? functionName(context, declaration) : methodName(context, declaration);
  }

  /**
   * Whether the source's own function does not serve: it has other parameters than its declaration, or it takes objects of
   * classes, for which plain objects stand in derivatives.
   */
  get special(): boolean {
    const { handed, receiver, lifted } = this.signature ?? {};
    return handed !== undefined || receiver !== undefined || lifted !== undefined || this.takesInstances();
  }

  private takesInstances(): boolean {
    const { ts: compiler, checker } = this.context;
    return (this.instances ??= this.declaration.parameters.some((p) => holdsInstances(compiler, checker, checker.getTypeAtLocation(p))));
  }

  get running(): boolean {
    return this.isRunning;
  }

  /** What was found against this function and those that it calls. */
  get diagnostics(): readonly Diagnostic[] {
    const found = new Set<Diagnostic>();
    const seen = new Set<Ref>();
    const visit = (ref: Ref): void => {
      if (seen.has(ref)) return;
      seen.add(ref);
      for (const diagnostic of ref.state?.diagnostics ?? []) found.add(diagnostic);
      for (const callee of ref.state?.callees ?? []) if (callee instanceof Ref) visit(callee);
    };
    visit(this);
    return [...found];
  }

  fn(): Fn {
    if (this.state === undefined) {
      if (this.isRunning) throw new Error(`${this.name} is not lowered yet`);
      this.isRunning = true;
      try {
        this.state = lowerOnce(this.context, this.declaration, this.name, this.signature);
      } finally {
        this.isRunning = false;
      }
      for (const callee of this.state.callees) {
        // What is wrong with a callee is among its diagnostics.
        if (callee instanceof Ref && callee.state === undefined) callee.attempt();
      }
    }
    const { fn } = this.state;
    if (fn === undefined) throw new Rejected(this.diagnostics.find((d) => d.severity === "error"));
    return fn;
  }

  private attempt(): void {
    try {
      this.fn();
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
    }
  }
}

/** `areaOfCircle` */
function methodName(context: LowerContext, method: ts.FunctionLikeDeclaration): string {
  const owner = context.classes.around(method)?.name?.text ?? "";
  return `${functionName(context, method)}Of${owner.charAt(0).toUpperCase()}${owner.slice(1)}`;
}

/** The name by which a function is declared or bound. */
export function functionName(context: LowerContext, declaration: ts.FunctionLikeDeclaration): string {
  const { ts: compiler } = context;
  if (declaration.name !== undefined && compiler.isIdentifier(declaration.name)) return declaration.name.text;
  let outer: ts.Node = declaration.parent;
  const isAround = (node: ts.Node): boolean =>
    compiler.isParenthesizedExpression(node) || compiler.isAsExpression(node) || compiler.isSatisfiesExpression(node) || (compiler.isCallExpression(node) && context.overrideOf?.(node.expression) === "checkpoint");
  while (isAround(outer)) outer = outer.parent;
  if (compiler.isVariableDeclaration(outer) && compiler.isIdentifier(outer.name)) return outer.name.text;
  return compiler.isFunctionDeclaration(declaration) || compiler.isExportAssignment(outer) ? "default" : "lambda";
}
