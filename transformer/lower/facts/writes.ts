import type ts from "typescript";
import type { Handed } from "../functions.js";
import type { Known } from "../lifted.js";
import { bare, functionIn } from "../syntax.js";
import { isStatic, type Classes } from "./classes.js";
import { holdsFunctions } from "./holders.js";
import { Bodies, returnsOf } from "./bodies.js";

/**
 * One way for a value to get into a variable or into memory, wherever it stands in the function.
 */
export interface Write {
  /** The variable, or the one through which the memory is reached. */
  readonly to: ts.Symbol;
  /** Where the value comes from. Nothing for `++`. */
  readonly value?: ts.Expression | ts.FunctionDeclaration | ts.ClassLikeDeclaration;
  readonly node: ts.Node;
  /**
   * `set`: the variable gets the value. `element`: it gets an element of it. `memory`: the value goes into what the
   * variable refers to.
   */
  readonly kind: "set" | "element" | "memory";
  /** Of a pattern: the place of the variable in it. */
  readonly part?: number;
  /** Of `x += e` and the like: the operator, and the old value counts as well. */
  readonly operator?: ts.SyntaxKind;
}

/** Methods of arrays, maps and sets that write to what they are called on. */
export const mutators: ReadonlySet<string> = new Set(
  "push pop shift unshift splice fill sort reverse copyWithin set add delete clear".split(" "),
);

/** Those of them that put nothing new into it, whatever they are given. */
export const reorders: ReadonlySet<string> = new Set("sort toSorted reverse toReversed copyWithin delete clear".split(" "));

/**
 * Collects all writes of a function, nested functions included, and those of the functions that it hands functions to or
 * gets functions from: these are lowered where they are called.
 */
export class Writes {
  readonly all: Write[] = [];
  readonly bodies: Bodies;
  private readonly roots: ts.Node[];
  private readonly calls: ts.CallExpression[] = [];
  /** What each call is known to call, or to hand to a method. */
  private readonly known = new Map<ts.Node, Set<ts.Node>>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly checker: ts.TypeChecker,
    private readonly symbolOf: (name: ts.Node) => ts.Symbol | undefined,
    private readonly classes: Classes,
    root: ts.FunctionLikeDeclaration,
    handed: readonly Handed[],
    /** Variables of the functions around it that are known functions. */
    known: readonly Known[],
    private readonly isCheckpoint: (callee: ts.Expression) => boolean,
  ) {
    this.roots = [root];
    const given = handed.map(({ index, fn }) => ({ fn, p: root.parameters[index], to: root.parameters[index] && symbolOf(root.parameters[index].name) }));
    this.bodies = new Bodies(compiler, checker, symbolOf, classes, this.roots, this.all, new Set([...given.flatMap(({ to }) => to ?? []), ...known.map(({ symbol }) => symbol)]), isCheckpoint);
    for (const { symbol: to, fn } of known) {
      if (!compiler.isFunctionLike(fn)) continue;
      if (compiler.isFunctionDeclaration(fn) || compiler.isArrowFunction(fn) || compiler.isFunctionExpression(fn)) this.all.push({ to, value: fn, node: to.valueDeclaration ?? fn, kind: "set" });
      this.roots.push(fn);
    }
    for (const { fn, p, to } of given) {
      if (p === undefined || to === undefined || !compiler.isFunctionLike(fn)) continue;
      if (compiler.isFunctionDeclaration(fn) || compiler.isArrowFunction(fn) || compiler.isFunctionExpression(fn)) this.all.push({ to, value: fn, node: p, kind: "set" });
      if (compiler.isArrowFunction(fn) || compiler.isFunctionExpression(fn)) this.roots.push(fn);
    }
    for (let size = -1, visited = 0; size !== this.all.length; ) {
      size = this.all.length;
      for (; visited < this.roots.length; visited++) this.visit(this.roots[visited] as ts.Node);
      for (const call of this.calls) this.called(call);
    }
    this.bodies.settle();
  }

  private readonly visit = (node: ts.Node): void => {
    const { compiler: c } = this;
    if (c.isParameter(node) && c.isParameterPropertyDeclaration(node, node.parent)) this.bodies.member(node);
    if (c.isIdentifier(node)) this.bodies.constant(node);
    if (c.isVariableDeclaration(node) || c.isParameter(node)) this.declared(node);
    else if (c.isBinaryExpression(node) && isAssignment(c, node.operatorToken.kind)) {
      const plain = node.operatorToken.kind === c.SyntaxKind.EqualsToken;
      this.assigned(node.left, node.right, node, "set", plain ? undefined : node.operatorToken.kind);
    } else if (isUpdate(c, node)) this.assigned(node.operand, undefined, node, "set", node.operator);
    else if (c.isForOfStatement(node) && !c.isVariableDeclarationList(node.initializer)) {
      this.assigned(node.initializer, node.expression, node, "element");
    } else if (c.isCallExpression(node)) {
      this.calls.push(node);
      this.mutation(node);
      const derived = node.expression.kind === c.SyntaxKind.SuperKeyword ? this.classes.around(node) : undefined;
      const base = derived && this.classes.base(derived);
      if (base !== undefined && base !== "unknown") this.constructed(node, base);
    } else if (c.isNewExpression(node)) {
      const made = this.classes.named(node.expression);
      if (made !== undefined) this.constructed(node, made);
    } else if (c.isPropertyAccessExpression(node)) {
      this.accessed(node);
    } else if (c.isObjectLiteralElement(node) || c.isPropertyDeclaration(node)) {
      this.bodies.member(node);
    } else if (c.isFunctionDeclaration(node) && node.name && this.bodies.isNested(node)) {
      this.variable(node.name, { value: node, node, kind: "set" });
    }
    c.forEachChild(node, this.visit);
  };

  private mutation(node: ts.CallExpression): void {
    if (!this.compiler.isPropertyAccessExpression(node.expression)) return;
    const { expression, name } = node.expression;
    if (!mutators.has(name.text)) return;
    if (node.arguments.length === 0 || reorders.has(name.text)) this.memory(expression, undefined, node);
    else for (const value of node.arguments) this.memory(expression, value, node);
  }

  private called(call: ts.CallExpression): void {
    const { compiler: c } = this;
    if (this.isCheckpoint(call.expression)) return;
    for (const callee of this.bodies.of(call.expression)) {
      if (!this.isOwn(callee, call) || !this.isNew(call, callee)) continue;
      this.passed(callee, call.arguments, call);
      if (c.isMethodDeclaration(callee) && !isStatic(c, callee) && c.isPropertyAccessExpression(call.expression)) this.received(callee, call.expression.expression, call);
    }
    if (!c.isPropertyAccessExpression(call.expression)) return;
    for (const argument of call.arguments) {
      for (const callee of this.bodies.of(argument)) if (this.bodies.isNested(callee) && this.isNew(call, callee)) this.handed(call, call.expression, argument, callee);
    }
  }

  /** Whether a function is lowered where it is called: it is nested, or it is handed functions, or gives them. */
  private isOwn(callee: ts.FunctionLikeDeclaration, call: ts.CallExpression): boolean {
    if (this.bodies.isNested(callee)) return true;
    if (this.roots.includes(callee)) return callee !== this.roots[0];
    if (callee.body === undefined || !((this.compiler.isMethodDeclaration(callee) && !isStatic(this.compiler, callee)) || handlesFunctions(this.compiler, this.checker, call))) return false;
    this.roots.push(callee);
    return true;
  }

  private isNew(call: ts.Node, callee: ts.Node): boolean {
    const known = this.known.get(call) ?? new Set();
    this.known.set(call, known);
    return known.size !== known.add(callee).size;
  }

  /** The elements of an array become the parameters of a function that is handed to a method of it. */
  private handed(call: ts.CallExpression, method: ts.PropertyAccessExpression, argument: ts.Node, callee: ts.FunctionLikeDeclaration): void {
    const { compiler: c } = this;
    const of = method.expression;
    callee.parameters.forEach((p, i) => {
      // The index and the array are behind the element; before it, in a fold, is what has been made so far.
      const isFold = method.name.text === "reduce" || method.name.text === "reduceRight";
      if (i > (isFold ? 1 : 0)) return;
      const isFrom = method.name.text === "from" && c.isIdentifier(of) && /^(Array|(Float|Int|Uint)\d+(Clamped)?Array)$/.test(of.text);
      for (const value of isFrom ? call.arguments.filter((a) => a !== argument) : [of]) this.bound(p.name, value, call, "element");
      if (isFold && i === 0) for (const value of [...call.arguments.slice(1), ...returnsOf(c, callee)]) this.bound(p.name, value, call, "set");
    });
  }

  /** The arguments of a function that is lowered here become its parameters. */
  private passed(callee: ts.FunctionLikeDeclaration, args: readonly ts.Expression[], call: ts.Node): void {
    const { compiler: c } = this;
    const spread = args.findIndex((a) => c.isSpreadElement(a));
    callee.parameters.forEach((p, i) => {
      const isRest = p.dotDotDotToken !== undefined;
      // What is spread may be at any place from there on.
      const given = spread >= 0 && spread <= i ? args.slice(spread) : isRest ? args.slice(i) : args.slice(i, i + 1);
      for (const value of given) {
        if (isRest) this.collected(p.name, value, call);
        else if (c.isSpreadElement(value)) this.bound(p.name, value.expression, call, "element");
        else this.bound(p.name, value, call, "set");
      }
    });
  }

  /** A value that is one of the elements of a rest parameter, which may be a pattern. */
  private collected(name: ts.BindingName, value: ts.Expression, node: ts.Node): void {
    if (this.compiler.isIdentifier(name)) return this.variable(name, { value, node, kind: "memory" });
    for (const e of name.elements) {
      if (this.compiler.isOmittedExpression(e)) continue;
      if (e.dotDotDotToken !== undefined) this.collected(e.name, value, node);
      else if (this.compiler.isSpreadElement(value)) this.bound(e.name, value.expression, node, "element");
      else this.bound(e.name, value, node, "set");
      if (e.initializer !== undefined) this.bound(e.name, e.initializer, node, "set");
    }
  }

  /** What a method is called on becomes its `this`, which is kept under its class. */
  private received(member: ts.ClassElement, receiver: ts.Expression, node: ts.Node): void {
    const to = this.compiler.isClassLike(member.parent) ? this.symbolOf(member.parent) : undefined;
    if (to !== undefined) this.all.push({ to, value: receiver, node, kind: "set" });
  }

  /** o.x where a getter or a setter has a body. */
  private accessed(node: ts.PropertyAccessExpression): void {
    const { compiler: c } = this;
    for (const d of this.symbolOf(node.name)?.declarations ?? []) {
      for (const body of c.isAccessor(d) ? this.bodies.members(d) : []) {
        if (!this.roots.includes(body)) this.roots.push(body);
        this.received(body, node.expression, node);
        const assignment = node.parent;
        const isSet = c.isBinaryExpression(assignment) && assignment.left === node && isAssignment(c, assignment.operatorToken.kind);
        if (isSet) this.passed(body, [assignment.right], assignment);
      }
    }
  }

  /** new A(…), super(…): the constructor, and the fields that the class gives values to. */
  private constructed(node: ts.NewExpression | ts.CallExpression, made: ts.ClassLikeDeclaration): void {
    const { compiler: c } = this;
    const own = this.symbolOf(made);
    if (own !== undefined) this.all.push({ to: own, value: node, node, kind: "set" });
    for (const at of this.classes.chain(made) ?? []) {
      const to = this.symbolOf(at);
      const base = this.classes.base(at);
      if (to === undefined) return;
      if (base !== undefined && base !== "unknown") this.all.push({ to, value: base, node, kind: "set" });
      for (const m of at.members) {
        if (!c.isPropertyDeclaration(m) || isStatic(c, m) || m.initializer === undefined) continue;
        this.bodies.member(m);
        if (!this.roots.includes(m.initializer)) this.roots.push(m.initializer);
        this.all.push({ to, value: m.initializer, node: m, kind: "memory" });
      }
      const constructor = at.members.find((m) => c.isConstructorDeclaration(m) && m.body !== undefined);
      if (constructor === undefined || !c.isConstructorDeclaration(constructor)) continue;
      if (!this.roots.includes(constructor)) this.roots.push(constructor);
      this.passed(constructor, node.arguments ?? [], node);
      for (const p of constructor.parameters) if (c.isIdentifier(p.name) && c.isParameterPropertyDeclaration(p, constructor)) this.all.push({ to, value: p.name, node: p, kind: "memory" });
      return;
    }
  }

  private declared(node: ts.VariableDeclaration | ts.ParameterDeclaration): void {
    const { compiler: c } = this;
    const list = node.parent;
    const over = c.isVariableDeclarationList(list) && c.isForOfStatement(list.parent) ? list.parent.expression : undefined;
    const value = over ?? node.initializer;
    if (value !== undefined) this.bound(node.name, value, node, over === undefined ? "set" : "element");
  }

  private bound(name: ts.BindingName, value: ts.Expression, node: ts.Node, kind: Write["kind"], place?: number): void {
    if (this.compiler.isIdentifier(name)) return this.variable(name, { value, node, kind, ...(place !== undefined && { part: place }) });
    const literal = this.elementsOf(value, kind);
    name.elements.forEach((e, i) => {
      if (this.compiler.isOmittedExpression(e)) return;
      // A rest holds what the value holds.
      if (e.dotDotDotToken !== undefined) return this.bound(e.name, value, e, kind);
      const part = literal?.[i];
      this.bound(e.name, part ?? value, e, part === undefined ? "element" : "set", part === undefined ? (place ?? i) : undefined);
      if (e.initializer !== undefined) this.bound(e.name, e.initializer, e, "set");
    });
  }

  private assigned(
    to: ts.Expression,
    value: ts.Expression | undefined,
    node: ts.Node,
    kind: Write["kind"],
    operator?: ts.SyntaxKind,
  ): void {
    const { compiler: c } = this;
    const target = bare(c, to);
    // A default of a pattern is an assignment as well, and seen as one.
    if (c.isBinaryExpression(target)) return this.assigned(target.left, value, node, kind, operator);
    if (c.isIdentifier(target)) {
      this.variable(target, { node, kind, ...(value && { value }), ...(operator !== undefined && { operator }) });
    } else if (c.isArrayLiteralExpression(target)) {
      const literal = value && this.elementsOf(value, kind);
      target.elements.forEach((e, i) => {
        if (c.isSpreadElement(e)) this.assigned(e.expression, value, node, kind);
        else if (!c.isOmittedExpression(e)) this.assigned(e, literal?.[i] ?? value, node, literal?.[i] ? "set" : "element");
      });
    } else if (c.isObjectLiteralExpression(target)) {
      for (const p of target.properties) {
        if (c.isPropertyAssignment(p)) this.assigned(p.initializer, value, node, "element");
        else if (c.isSpreadAssignment(p)) this.assigned(p.expression, value, node, "element");
        else if (c.isShorthandPropertyAssignment(p)) {
          this.assigned(p.name, value, node, "element");
          if (p.objectAssignmentInitializer !== undefined) this.assigned(p.name, p.objectAssignmentInitializer, node, "set");
        }
      }
    } else this.memory(target, value, node);
  }

  /** The elements of an array literal without spread, so that `[a, b] = [b, a]` is two writes. */
  private elementsOf(value: ts.Expression, kind: Write["kind"]): readonly ts.Expression[] | undefined {
    const { compiler: c } = this;
    const literal = bare(c, value);
    if (kind !== "set" || !c.isArrayLiteralExpression(literal)) return undefined;
    return literal.elements.some((e) => c.isSpreadElement(e)) ? undefined : literal.elements;
  }

  private variable(name: ts.Identifier, write: Omit<Write, "to">): void {
    const to = this.symbolOf(name);
    if (to !== undefined) this.all.push({ ...write, to });
  }

  private memory(place: ts.Expression, value: ts.Expression | undefined, node: ts.Node): void {
    // a.length = n writes to the array, though what is made with a length does not hold it.
    for (const to of rootsOf(this.compiler, this.symbolOf, this.compiler.isPropertyAccessExpression(place) ? place.expression : place)) {
      this.all.push({ to, node, kind: "memory", ...(value && { value }) });
    }
  }
}

/** Whether a call hands functions on or gives some, be it in objects or arrays, or calls what may be handed some. */
export function handlesFunctions(compiler: typeof ts, checker: ts.TypeChecker, call: ts.CallExpression): boolean {
  const holds = (type: ts.Type): boolean => holdsFunctions(compiler, checker, type);
  if ([call, ...call.arguments].some((node) => holds(checker.getTypeAtLocation(node)))) return true;
  const parameters = checker.getResolvedSignature(call)?.declaration?.parameters ?? [];
  return parameters.some((p) => holds(checker.getTypeAtLocation(p)));
}

/**
 * The variables through which a reference may be reached. Calls: what is given to them, and what the function gives. Parts that are
 * `plain`, numbers for instance, lead to no memory.
 */
export function rootsOf(
  c: typeof ts,
  symbolOf: (name: ts.Node) => ts.Symbol | undefined,
  expression: ts.Node,
  isPlain: (part: ts.Expression) => boolean = () => false,
): readonly ts.Symbol[] {
  const roots: ts.Symbol[] = [];
  const seen = new Set<ts.Node>();
  // A function leads to what it gives, by whatever name it is called: g().push(1), where   const g = () => list
  const given = (fn: ts.SignatureDeclaration): void => {
    if (seen.has(fn) || !("body" in fn)) return;
    seen.add(fn);
    returnsOf(c, fn).forEach(visit);
  };
  const visit = (node: ts.Node): void => {
    if (node !== expression && (c.isIdentifier(node) || c.isElementAccessExpression(node) || c.isPropertyAccessExpression(node)) && isPlain(node)) return;
    if (c.isIdentifier(node)) {
      const symbol = symbolOf(node);
      // Array and Object of the library hold nothing.
      const isLibrary = symbol?.flags !== undefined && (symbol.flags & c.SymbolFlags.Interface) !== 0 && symbol.declarations?.[0]?.getSourceFile().isDeclarationFile === true;
      if (symbol !== undefined && symbol.flags & c.SymbolFlags.Variable && !isLibrary) roots.push(symbol);
      for (const d of symbol?.declarations ?? []) {
        const fn = c.isFunctionDeclaration(d) ? d : c.isVariableDeclaration(d) ? functionIn(c, d.initializer) : undefined;
        if (fn !== undefined) given(fn);
      }
    } else if (node.kind === c.SyntaxKind.ThisKeyword || node.kind === c.SyntaxKind.SuperKeyword || c.isClassLike(node)) {
      const symbol = symbolOf(node);
      if (symbol !== undefined) roots.push(symbol);
    } else if (c.isNewExpression(node)) {
      const symbol = symbolOf(node);
      if (symbol !== undefined) roots.push(symbol);
      node.arguments?.forEach(visit);
    } else if (c.isElementAccessExpression(node)) visit(node.expression);
    else if (c.isPropertyAccessExpression(node)) {
      // Made with the length of an array, and not of the array.
      const isLength = node.name.text === "length" && symbolOf(node.name)?.declarations?.[0]?.getSourceFile().isDeclarationFile === true;
      if (!isLength) visit(node.expression);
    } else if (c.isConditionalExpression(node)) {
      visit(node.whenTrue);
      visit(node.whenFalse);
    } else if (c.isFunctionLike(node)) given(node);
    else c.forEachChild(node, visit);
  };
  visit(expression);
  return roots;
}

export function isAssignment(c: typeof ts, kind: ts.SyntaxKind): boolean {
  return kind >= c.SyntaxKind.FirstAssignment && kind <= c.SyntaxKind.LastAssignment;
}

export function isUpdate(c: typeof ts, node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (c.isPostfixUnaryExpression(node)) return true;
  if (!c.isPrefixUnaryExpression(node)) return false;
  return node.operator === c.SyntaxKind.PlusPlusToken || node.operator === c.SyntaxKind.MinusMinusToken;
}
