import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { isNumeric, isReference } from "../../ir/types.js";
import { nestedFunction } from "../facts/assigned.js";
import { isAssignment, mutators } from "../facts/writes.js";
import type { Lowering } from "../lowering.js";
import { reject, Rejected } from "../rejected.js";
import { bare, isWithin } from "../syntax.js";
import { expression } from "./index.js";
import { isGlobal } from "./library.js";
import { captured, local } from "./names.js";
import { isAccessor, runsAtOnce } from "./read-only.js";
import { isStop } from "./stopped.js";
import { isDifferentiated, isLifted, refuseWrites } from "./text-writes.js";
import { viewOf } from "./views.js";

/** Source text with the values of variables in its holes: `text[0] args[0] text[1] …`. */
export interface SourceText {
  readonly text: readonly string[];
  readonly args: readonly Atom[];
  /** The places of the values of which only numbers and the like are read. */
  readonly plain?: readonly number[];
  /** Those of them of which nothing is written. */
  readonly read?: readonly number[];
  /** The places of the values without a derivative: who gets such memory may keep it. */
  readonly kept?: readonly number[];
}

/**
 * The text of a part of the source, with a hole for every name that the function or its surroundings declare: they may
 * be called otherwise where the derivative stands.
 */
export function sourceText(l: Lowering, node: ts.Node): SourceText {
  refuseWrites(l, node);
  const writer = new Writer(l, node);
  writer.write(node);
  return { text: [...writer.text, writer.tail], args: writer.args, plain: writer.plain, read: writer.read, kept: writer.kept };
}

class Writer {
  readonly text: string[] = [];
  readonly args: Atom[] = [];
  readonly plain: number[] = [];
  readonly read: number[] = [];
  readonly kept: number[] = [];
  tail = "";

  constructor(
    private readonly l: Lowering,
    private readonly root: ts.Node,
    private readonly pasted: ReadonlySet<ts.Node> = new Set(),
  ) {}

  /** Copies the text of a node, but for the names in it. */
  write(node: ts.Node): void {
    const { l } = this;
    const source = node.getSourceFile().text;
    let at = node.getStart();
    const copy = (to: number): void => {
      this.tail += source.slice(at, to);
    };
    const visit = (n: ts.Node): void => {
      if (l.ts.isTypeNode(n) || l.ts.isTypeParameterDeclaration(n)) return;
      const isThis = n.kind === l.ts.SyntaxKind.ThisKeyword && l.receiver !== undefined && !this.hasOwnThis(n);
      if (isThis || (this.pasted.size === 0 && isLifted(l, this.root, n))) {
        copy(n.getStart());
        this.hole(isThis ? l.receiverAt(n) : expression(l, n as ts.Expression), false, !isDifferentiated(l, n as ts.Expression), n as ts.Expression);
        at = n.getEnd();
        return;
      }
      const stopped = l.ts.isCallExpression(n) && isStop(l, n.expression) ? n.arguments[0] : undefined;
      if (stopped !== undefined) {
        const [open, close] = l.ts.isCallExpression(n.parent) ? ["", ""] : ["(", ")"];
        copy(n.getStart());
        this.tail += open;
        at = stopped.getStart();
        visit(stopped);
        copy(stopped.getEnd());
        this.tail += close;
        at = n.getEnd();
        return;
      }
      if (this.isMissingBefore(n)) {
        const [open, close] = isOneWord(l, n.right) || l.ts.isParenthesizedExpression(n.parent) ? ["", ""] : ["(", ")"];
        copy(n.getStart());
        this.tail += open;
        at = n.right.getStart();
        visit(n.right);
        copy(n.getEnd());
        this.tail += close;
        at = n.getEnd();
        return;
      }
      if (this.isMemberOfOne(n)) {
        visit(n.expression);
        copy(n.getEnd());
        this.tail += "!";
        at = n.getEnd();
        return;
      }
      if (this.isHiddenMember(n)) {
        visit(n.expression);
        copy(n.expression.getEnd());
        this.tail += `${n.questionDotToken === undefined ? "" : "?."}["${n.name.text}"]`;
        at = n.getEnd();
        return;
      }
      if (!l.ts.isIdentifier(n) || !this.isReference(n)) {
        this.refuse(n);
        l.ts.forEachChild(n, visit);
        return;
      }
      copy(n.getStart());
      // { x } names a property too.
      const shorthand = l.ts.isShorthandPropertyAssignment(n.parent) && n.parent.name === n;
      const before = this.tail;
      if (shorthand) this.tail += `${n.text}: `;
      if (this.name(n)) at = n.getEnd();
      else {
        this.tail = before;
        at = n.getStart();
      }
    };
    visit(node);
    copy(node.getEnd());
  }

  /** `o.x` of one member of a union: the record that stands for all of them may lack it. */
  private isMemberOfOne(n: ts.Node): n is ts.PropertyAccessExpression {
    const { l } = this;
    if (!l.ts.isPropertyAccessExpression(n) || n.questionDotToken !== undefined || !l.ts.isIdentifier(n.expression)) return false;
    const [object, member] = [l.symbol(n.expression), l.symbol(n.name)];
    const held = object && l.isLocal(object) ? l.values.get(object)?.type : undefined;
    if (held?.kind !== "record" || member === undefined || !held.fields.some((f) => f.name === n.name.text && f.type.nullable === true)) return false;
    return (member.flags & l.ts.SymbolFlags.Optional) === 0 && !l.types.admitsUndefined(l.checker.getTypeOfSymbol(member));
  }

  /** `x ?? e` where x is undefined: TypeScript allows no `undefined ?? e`. */
  private isMissingBefore(n: ts.Node): n is ts.BinaryExpression {
    const { l } = this;
    if (!l.ts.isBinaryExpression(n) || n.operatorToken.kind !== l.ts.SyntaxKind.QuestionQuestionToken) return false;
    const left = bare(l.ts, n.left);
    const symbol = l.ts.isIdentifier(left) ? l.symbol(left) : undefined;
    const known = symbol && l.isLocal(symbol) ? l.values.get(symbol) : undefined;
    return known?.kind === "literal" && known.value === undefined;
  }

  /** `o.x` of a private or protected member: outside of its class it is written `o["x"]`. */
  private isHiddenMember(n: ts.Node): n is ts.PropertyAccessExpression {
    const { l } = this;
    if (!l.ts.isPropertyAccessExpression(n)) return false;
    const symbol = l.symbol(n.name);
    return symbol !== undefined && l.types.isHidden(symbol) && !(symbol.declarations ?? []).some((d) => isWithin(d, this.root));
  }

  /** Puts a value in the place of a name; says no where the name stays as it is. */
  private name(node: ts.Identifier): boolean {
    const { l } = this;
    const symbol = l.symbol(node);
    if (symbol === undefined || isGlobal(l, node)) return false;
    if ((symbol.declarations ?? []).some((d) => isWithin(d, this.root))) return false;
    if (!l.isLocal(symbol)) {
      this.hole(captured(l, node, symbol), isLookedAt(l, node), this.isKept(node));
      return true;
    }
    const callee = nestedFunction(l, node);
    if (callee !== undefined && !l.values.has(symbol)) {
      this.paste(node, callee);
      return true;
    }
    this.refuseChanging(node, symbol);
    this.hole(local(l, node, symbol), isLookedAt(l, node), this.isKept(node) && !isDifferentiated(l, node), node);
    return true;
  }

  /** Who gets memory may keep it, and so does a function that is run later. */
  private isKept(name: ts.Identifier): boolean {
    return !isLookedAt(this.l, name) || this.isLater(name);
  }

  /** Leaves a gap for a value: `of` says what it stands for. */
  private hole(atom: Atom, isPlain: boolean, isKept: boolean, of?: ts.Expression, isRead = isPlain && of !== undefined && isOnlyRead(this.l, of)): void {
    const { before, after } = of === undefined ? { before: "", after: "" } : viewOf(this.l, of, atom, isLookedAt(this.l, of));
    this.text.push(this.tail + before);
    this.tail = after;
    if (isPlain) this.plain.push(this.args.length);
    if (isKept) this.kept.push(this.args.length);
    if (isRead) this.read.push(this.args.length);
    this.args.push(atom);
  }

  /** A function of the source that is used as a value becomes its own text. */
  private paste(node: ts.Identifier, callee: ts.FunctionLikeDeclaration): void {
    if (this.pasted.has(callee)) reject(catalogue.recursiveClosure, node, node.text);
    refuseWrites(this.l, callee);
    const inner = new Writer(this.l, callee, new Set(this.pasted).add(callee));
    inner.write(callee);
    const [first, ...rest] = [...inner.text, inner.tail];
    this.tail += `(${first ?? ""}`;
    inner.args.forEach((arg, i) => {
      this.hole(arg, inner.plain.includes(i), inner.kept.includes(i), undefined, inner.read.includes(i));
      this.tail = rest[i] ?? "";
    });
    this.tail += ")";
  }

  /** A function that is run later would see another value than the one of now. */
  private refuseChanging(node: ts.Identifier, symbol: ts.Symbol): void {
    const { l } = this;
    if (!this.isLater(node)) return;
    const writes = l.facts.writes.filter((w) => w.to === symbol && w.kind !== "memory");
    if (writes.length > 1) reject(catalogue.capturedVariable, node, node.text);
  }

  /** Whether a part of the text is within a function that is not run while the text is. */
  private isLater(node: ts.Node): boolean {
    const { l } = this;
    for (let at = node; ; at = at.parent) {
      if (l.ts.isFunctionLike(at) && !runsAtOnce(l, at)) return true;
      if (at === this.root) return false;
    }
  }

  /** Whether the identifier is a use of a variable, and not the name of a property, a label or a declaration. */
  private isReference(n: ts.Identifier): boolean {
    const { ts } = this.l;
    const { parent } = n;
    if (n === this.root || ts.isShorthandPropertyAssignment(parent)) return true;
    if (ts.isPropertyAccessExpression(parent)) return parent.name !== n;
    if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) return parent.initializer === n;
    if (ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent) || ts.isQualifiedName(parent)) return false;
    return (parent as { readonly name?: ts.Node }).name !== n;
  }

  /** What means something else in another place. */
  private refuse(n: ts.Node): void {
    const { l } = this;
    const kinds = l.ts.SyntaxKind;
    if (n.kind === kinds.ThisKeyword || n.kind === kinds.SuperKeyword || n.kind === kinds.MetaProperty) {
      if (!this.hasOwnThis(n)) reject(catalogue.thisValue, n, excerpt(n));
    }
    if (l.ts.isPrivateIdentifier(n) && !(l.symbol(n)?.declarations ?? []).some((d) => isWithin(d, this.root))) reject(catalogue.thisValue, n, excerpt(n.parent));
    this.refuseObject(n);
    if (l.ts.isAwaitExpression(n) || l.ts.isYieldExpression(n)) {
      const kind = l.ts.isAwaitExpression(n) ? "part of an async" : "part of a generator";
      if (!this.isInFunction(n)) reject(catalogue.asyncFunction, n, excerpt(n), kind);
    }
    if (l.ts.isCallExpression(n) && l.context.derivative?.(n) !== undefined) {
      const why = "it is part of an expression that is not differentiated";
      reject(catalogue.notKnown, n, excerpt(n.expression), why);
    }
  }

  /** Objects of classes that hold differentiated values have no methods where the derivative is: o.m(), o instanceof A. */
  private refuseObject(n: ts.Node): void {
    const { l } = this;
    const { ts } = l;
    if (ts.isBinaryExpression(n) && n.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && this.isObject(n.left)) reject(catalogue.expression, n, excerpt(n));
    if (!ts.isPropertyAccessExpression(n) || !this.isObject(n.expression)) return;
    const behaviour = ts.SymbolFlags.Method | ts.SymbolFlags.Accessor;
    if (((l.symbol(n.name)?.flags ?? 0) & behaviour) !== 0) reject(catalogue.method, n.name, n.name.text, excerpt(n.expression));
  }

  private isObject(node: ts.Expression): boolean {
    const { l } = this;
    const type = l.checker.getTypeAtLocation(node);
    if (!(type.isUnion() ? type.types : [type]).some((t) => this.isOfClass(t))) return false;
    return l.facts.taint.carries(node) || l.facts.aliases.roots(node).some((root) => l.facts.taint.has(root));
  }

  private isOfClass(type: ts.Type): boolean {
    const made = type.getConstructSignatures().length > 0 ? undefined : type.getSymbol()?.valueDeclaration;
    return made !== undefined && this.l.ts.isClassLike(made) && !made.getSourceFile().isDeclarationFile;
  }

  private hasOwnThis(n: ts.Node): boolean {
    for (let at = n; at !== this.root; at = at.parent) {
      if (this.l.ts.isFunctionLike(at) && !this.l.ts.isArrowFunction(at)) return true;
    }
    return false;
  }
  private isInFunction(n: ts.Node): boolean {
    for (let at = n; at !== this.root; at = at.parent) if (this.l.ts.isFunctionLike(at)) return true;
    return this.l.ts.isFunctionLike(this.root);
  }
}

function isOneWord(l: Lowering, node: ts.Expression): boolean {
  return l.ts.isLiteralExpression(node) || l.ts.isIdentifier(node);
}

/** Whether a name is only used for a number or a decision: r.x, a[i], a.length, a === b, a.some(f) of numbers. */
function isLookedAt(l: Lowering, name: ts.Expression): boolean {
  const { ts } = l;
  const at = placeOf(l, name);
  const { parent } = at;
  const isCompared = ts.isBinaryExpression(parent) && l.types.isCut(l.checker.getTypeAtLocation(parent));
  return isCompared || (at !== name && (isPlainType(l, at) || isSearched(l, at)));
}

/** r.x.y of the name `r`, a[i] of `a`. */
function placeOf({ ts }: Lowering, name: ts.Expression): ts.Expression {
  let at = name;
  for (let outer = at.parent; (ts.isPropertyAccessExpression(outer) || ts.isElementAccessExpression(outer)) && outer.expression === at; outer = at.parent) at = outer;
  return at;
}

/** Whether what is looked at is only read there, as in `a[i] < n`, `f(a.length)` or `a.some(f)`: not a[i] = e, a[i]++, a.pop(). */
function isOnlyRead(l: Lowering, name: ts.Expression): boolean {
  const { ts } = l;
  const at = placeOf(l, name);
  const { parent } = at;
  for (let part = at; part !== name && (ts.isPropertyAccessExpression(part) || ts.isElementAccessExpression(part)); part = part.expression) {
    if (ts.isPropertyAccessExpression(part) && isAccessor(l, part)) return false;
  }
  if (ts.isCallExpression(parent) && parent.expression === at) return ts.isPropertyAccessExpression(at) && isSearched(l, at) && !mutators.has(at.name.text);
  return ts.isCallExpression(parent) || ts.isConditionalExpression(parent) || (ts.isBinaryExpression(parent) && !isAssignment(ts, parent.operatorToken.kind));
}

function isPlainType(l: Lowering, node: ts.Expression): boolean {
  return isNumeric(l.types.at(node)) || l.types.isCut(l.checker.getTypeAtLocation(node));
}

/** a.some(f), a.indexOf(x): a method of the library that gives a number or a decision of an array of numbers. */
function isSearched(l: Lowering, callee: ts.Expression): boolean {
  const { ts } = l;
  const call = callee.parent;
  if (!ts.isCallExpression(call) || call.expression !== callee || !ts.isPropertyAccessExpression(callee) || !isPlainType(l, call)) return false;
  const of = l.types.at(callee.expression);
  return (of.kind === "typed" || (of.kind === "array" && !isReference(of.element))) && l.checker.getResolvedSignature(call)?.declaration?.getSourceFile().isDeclarationFile === true;
}

/** Text that stands between values that are known already: `left + right`. */
export function joined(l: Lowering, node: ts.Node, parts: readonly string[], args: readonly Atom[]): SourceText {
  if (parts.length !== args.length + 1) throw new Rejected();
  return l.from(node, () => ({ text: parts, args }));
}
