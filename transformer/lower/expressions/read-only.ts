import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { customCallOf } from "../custom.js";
import { bare } from "../syntax.js";
import { mutators } from "../facts/writes.js";
import { isStop } from "./stopped.js";
import { isConvertedByProgram } from "./conversions.js";
import { isHarmless } from "./harmless.js";
import { isGlobal, libraryMember } from "./library.js";

/** Objects of the library whose functions only read what they are given. */
const readers: ReadonlySet<string> = new Set("Math Number String Boolean JSON console BigInt".split(" "));
/** Global functions that only read. */
const readingFunctions: ReadonlySet<string> = new Set(
  "isNaN isFinite parseFloat parseInt Number String Boolean BigInt Symbol encodeURIComponent decodeURIComponent structuredClone".split(" "),
);
const readingMembers: ReadonlySet<string> = new Set(
  "Array.isArray Array.from Array.of Object.keys Object.values Object.entries Object.is Date.now performance.now".split(" "),
);
/** Those among them that give the same for the same arguments and do nothing else. */
const pureOwners: ReadonlySet<string> = new Set(["Math", "Number", "String"]);

/** A call of which the library says what it does to its arguments. */
export type Reads = "pure" | "reads" | "unknown";

export function readsOf(l: Lowering, node: ts.CallExpression): Reads {
  // A function with a rule of its own gives its result from its arguments alone, and checkpoint what it is given.
  if (isStop(l, node.expression) || l.context.overrideOf?.(node.expression) === "checkpoint" || customCallOf(l.context, node.expression) !== undefined) return "pure";
  const member = libraryMember(l, node);
  if (member !== undefined) {
    if (member.owner === "Math" && member.name === "random") return "reads";
    if (pureOwners.has(member.owner)) return "pure";
    if (member.owner === "") return readingFunctions.has(member.name) ? "pure" : "unknown";
    if (readers.has(member.owner)) return "reads";
    return readingMembers.has(`${member.owner}.${member.name}`) ? "reads" : "unknown";
  }
  return isLibraryMethod(l, node) && isReader(l, bare(l.ts, node.expression) as ts.PropertyAccessExpression) ? "reads" : "unknown";
}

/** Methods of JavaScript itself, but for those that write: to what they are called on, or like `view.setFloat64` to its buffer. */
function isReader(l: Lowering, { name }: ts.PropertyAccessExpression): boolean {
  const file = l.symbol(name)?.declarations?.[0]?.getSourceFile().fileName ?? "";
  return !mutators.has(name.text) && !/^set[A-Z]/.test(name.text) && !/\blib\.(dom|webworker|scripthost)\b/.test(file);
}

/** A method that the library of TypeScript declares: of arrays, strings, maps. */
export function isLibraryMethod(l: Lowering, node: ts.CallExpression): boolean {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isPropertyAccessExpression(callee)) return false;
  const declaration = l.symbol(callee.name)?.declarations?.[0];
  return declaration !== undefined && l.context.program.isSourceFileDefaultLibrary(declaration.getSourceFile());
}

/** Collections whose methods run the functions that they are given before they return. */
const collections = /^(Readonly)?(Array|Map|Set)$|Array$|^String$|^RegExp$/;

/** Whether a function is an argument that is run while the call lasts, as `map` does, and not kept for later. */
export function runsAtOnce(l: Lowering, fn: ts.Node): boolean {
  const { ts } = l;
  let at = fn;
  while (ts.isParenthesizedExpression(at.parent)) at = at.parent;
  const call = at.parent;
  if (!ts.isCallExpression(call)) return false;
  if (call.expression === at) return true;
  const callee = bare(ts, call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (ts.isIdentifier(callee.expression) && callee.expression.text === "Array") return isGlobal(l, callee.expression);
  const owner = l.checker.getNonNullableType(l.checker.getTypeAtLocation(callee.expression));
  return isLibraryMethod(l, call) && (l.checker.isTupleType(owner) || collections.test(owner.getSymbol()?.name ?? "String"));
}

/** Methods and functions of the library that give new arrays and objects. */
const makers: ReadonlySet<string> = new Set(
  "concat entries filter flat flatMap from fromEntries keys map of parse slice splice split structuredClone toReversed toSorted toSpliced values with".split(" "),
);

/** Whether the value of text is made by it: nothing else holds it, though it may hold what the text was given. */
export function makesMemory(l: Lowering, node: ts.Node): boolean {
  const { ts } = l;
  const made = ts.isExpression(node) ? bare(ts, node) : node;
  if (ts.isNewExpression(made)) return !isView(l, made);
  if (ts.isArrayLiteralExpression(made) || ts.isObjectLiteralExpression(made)) return true;
  if (ts.isConditionalExpression(made)) return makesMemory(l, made.whenTrue) && makesMemory(l, made.whenFalse);
  if (!ts.isCallExpression(made)) return false;
  const name = libraryMember(l, made)?.name ?? (isLibraryMethod(l, made) ? (bare(ts, made.expression) as ts.PropertyAccessExpression).name.text : "");
  return makers.has(name);
}

/** new Float64Array(buffer): what others have of the buffer is the same memory. */
function isView(l: Lowering, { arguments: [first] = [] as unknown as ts.NodeArray<ts.Expression> }: ts.NewExpression): boolean {
  return first !== undefined && /^(Shared)?ArrayBuffer(Like)?$/.test(l.checker.getTypeAtLocation(first).getSymbol()?.name ?? "");
}

/** Whether text may be left out, or evaluated where its value is wanted: it computes and reads, and does nothing else. */
export function isPure(l: Lowering, node: ts.Node): boolean {
  const { ts } = l;
  const impure = (n: ts.Node): boolean => {
    if (ts.isTypeNode(n) || ts.isFunctionLike(n)) return false;
    if (ts.isCallExpression(n) && readsOf(l, n) !== "pure") return true;
    if (ts.isNewExpression(n) || ts.isTaggedTemplateExpression(n) || ts.isAwaitExpression(n) || ts.isDeleteExpression(n)) return true;
    if (writes(l, n) || (ts.isPropertyAccessExpression(n) && isAccessor(l, n)) || isConvertedByProgram(l, n)) return true;
    return ts.forEachChild(n, (child) => impure(child) || undefined) ?? false;
  };
  return !impure(node);
}

/** Whether text surely leaves the memory that it is given as it is. */
export function onlyReads(l: Lowering, node: ts.Node): boolean {
  const { ts } = l;
  const may = (n: ts.Node): boolean => {
    if (ts.isTypeNode(n)) return false;
    if (ts.isCallExpression(n) && readsOf(l, n) === "unknown" && !isHarmless(l, n)) return true;
    if (ts.isNewExpression(n) && !isLibraryClass(l, n) && !isHarmless(l, n)) return true;
    if (ts.isTaggedTemplateExpression(n) || writes(l, n) || (ts.isPropertyAccessExpression(n) && isAccessor(l, n)) || isConvertedByProgram(l, n)) return true;
    return ts.forEachChild(n, (child) => may(child) || undefined) ?? false;
  };
  return !may(node);
}

export function isLibraryClass(l: Lowering, node: ts.NewExpression): boolean {
  const callee = bare(l.ts, node.expression);
  return l.ts.isIdentifier(callee) && isGlobal(l, callee);
}

/** An assignment, `++`, or `delete`. */
function writes(l: Lowering, n: ts.Node): boolean {
  const { ts } = l;
  if (ts.isBinaryExpression(n)) {
    return n.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && n.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
  }
  if (ts.isPostfixUnaryExpression(n) || ts.isDeleteExpression(n)) return true;
  return ts.isPrefixUnaryExpression(n) && (n.operator === ts.SyntaxKind.PlusPlusToken || n.operator === ts.SyntaxKind.MinusMinusToken);
}

export function isAccessor(l: Lowering, node: ts.PropertyAccessExpression): boolean {
  const symbol = l.symbol(node.name);
  if (symbol === undefined || (symbol.flags & l.ts.SymbolFlags.Accessor) === 0) return false;
  return !(symbol.declarations ?? []).every((d) => l.context.program.isSourceFileDefaultLibrary(d.getSourceFile()));
}
