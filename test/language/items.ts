import ts from "typescript";

/** Whether a node of a fixture is an example of something. */
export type Example = (node: ts.Node, checker: ts.TypeChecker) => boolean;

const kinds = ts.SyntaxKind;
const is = (...of: ts.SyntaxKind[]): Example => (node) => of.includes(node.kind);
const operator = (...of: ts.SyntaxKind[]): Example => (node) => ts.isBinaryExpression(node) && of.includes(node.operatorToken.kind);
const prefix = (of: ts.PrefixUnaryOperator): Example => (node) => ts.isPrefixUnaryExpression(node) && node.operator === of;
const parameter = (has: (p: ts.ParameterDeclaration) => boolean): Example => (node) => ts.isParameter(node) && has(node);
const spreadIn = (holds: (parent: ts.Node) => boolean): Example => (node) => (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) && holds(node.parent);
const binding = (has: (node: ts.BindingElement) => boolean): Example => (node) => ts.isBindingElement(node) && has(node);
const isCallOf = (node: ts.Node, object: string, name: string): node is ts.CallExpression => ts.isCallExpression(node) && node.expression.getText() === `${object}.${name}`;
const assigned = (to: (left: ts.Expression) => boolean): Example => (node) => ts.isBinaryExpression(node) && node.operatorToken.kind === kinds.EqualsToken && to(node.left);
const loopOver = (has: (e: ts.Expression) => boolean): Example => (node) => ts.isForOfStatement(node) && has(node.expression);
const calls = (node: ts.Node, name: string): boolean => ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === name;

/** Expressions, statements and functions of the language that is differentiated, each with what is an example of it. */
export const language: Readonly<Record<string, Example>> = {
  "a literal": is(kinds.NumericLiteral),
  "+": operator(kinds.PlusToken),
  "-": operator(kinds.MinusToken),
  "*": operator(kinds.AsteriskToken),
  "/": operator(kinds.SlashToken),
  "%": operator(kinds.PercentToken),
  "**": operator(kinds.AsteriskAsteriskToken),
  "-x": prefix(kinds.MinusToken),
  "+x": prefix(kinds.PlusToken),
  "!x": prefix(kinds.ExclamationToken),
  "< <= > >=": operator(kinds.LessThanToken, kinds.LessThanEqualsToken, kinds.GreaterThanToken, kinds.GreaterThanEqualsToken),
  "=== !==": operator(kinds.EqualsEqualsEqualsToken, kinds.ExclamationEqualsEqualsToken),
  "&&": operator(kinds.AmpersandAmpersandToken),
  "||": operator(kinds.BarBarToken),
  "?:": is(kinds.ConditionalExpression),
  "??": operator(kinds.QuestionQuestionToken),
  "?.": is(kinds.QuestionDotToken),
  "=": operator(kinds.EqualsToken),
  "+=": operator(kinds.PlusEqualsToken),
  "-=": operator(kinds.MinusEqualsToken),
  "*=": operator(kinds.AsteriskEqualsToken),
  "/=": operator(kinds.SlashEqualsToken),
  "%=": operator(kinds.PercentEqualsToken),
  "**=": operator(kinds.AsteriskAsteriskEqualsToken),
  "&&=": operator(kinds.AmpersandAmpersandEqualsToken),
  "||=": operator(kinds.BarBarEqualsToken),
  "??=": operator(kinds.QuestionQuestionEqualsToken),
  "++x": prefix(kinds.PlusPlusToken),
  "--x": prefix(kinds.MinusMinusToken),
  "x++ x--": is(kinds.PostfixUnaryExpression),
  "a, b": operator(kinds.CommaToken),
  as: is(kinds.AsExpression),
  satisfies: is(kinds.SatisfiesExpression),
  "x!": is(kinds.NonNullExpression),
  "`${x}`": is(kinds.TemplateExpression),
  "a[i]": is(kinds.ElementAccessExpression),
  "a.x": is(kinds.PropertyAccessExpression),
  "f(x)": is(kinds.CallExpression),
  "new A(x)": is(kinds.NewExpression),
  "[x]": is(kinds.ArrayLiteralExpression),
  "{ x }": is(kinds.ObjectLiteralExpression),
  "[...a]": spreadIn(ts.isArrayLiteralExpression),
  "{ ...a }": spreadIn(ts.isObjectLiteralExpression),
  "f(...a)": spreadIn(ts.isCallExpression),
  "const [a] = b": is(kinds.ArrayBindingPattern),
  "const { a } = b": is(kinds.ObjectBindingPattern),
  "a default in a pattern": binding((b) => b.initializer !== undefined),
  "a rest in a pattern": binding((b) => b.dotDotDotToken !== undefined),
  "a pattern as a parameter": parameter((p) => !ts.isIdentifier(p.name)),
  "[a, b] = [b, a]": assigned(ts.isArrayLiteralExpression),
  "({ a } = b)": assigned(ts.isObjectLiteralExpression),
  "x => y": is(kinds.ArrowFunction),
  "function expression": is(kinds.FunctionExpression),
  let: (node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Let) !== 0,
  const: (node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Const) !== 0,
  var: (node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0,
  "{ }": (node) => ts.isBlock(node) && ts.isBlock(node.parent),
  if: is(kinds.IfStatement),
  switch: is(kinds.SwitchStatement),
  for: is(kinds.ForStatement),
  "for (const x of a)": is(kinds.ForOfStatement),
  "for (const [i, x] of a.entries())": loopOver((e) => calls(e, "entries")),
  "for (const [k, x] of Object.entries(r))": loopOver((e) => isCallOf(e, "Object", "entries")),
  "for (const k in r)": is(kinds.ForInStatement),
  while: is(kinds.WhileStatement),
  do: is(kinds.DoStatement),
  break: is(kinds.BreakStatement),
  continue: is(kinds.ContinueStatement),
  "a label": is(kinds.LabeledStatement),
  "return within": (node) => ts.isReturnStatement(node) && !ts.isFunctionLike(node.parent.parent),
  throw: is(kinds.ThrowStatement),
  "a nested function": (node) => ts.isFunctionDeclaration(node) && ts.isBlock(node.parent),
  "a function of another module": (node) => ts.isImportDeclaration(node) && node.moduleSpecifier.getText().includes(".lib"),
  recursion: (node) => ts.isCallExpression(node) && ts.isIdentifier(node.expression) && isWithinOf(node, node.expression.text),
  "a default parameter": parameter((p) => p.initializer !== undefined),
  "a rest parameter": parameter((p) => p.dotDotDotToken !== undefined),
  generics: is(kinds.TypeParameter),
  overloads: (node) => ts.isFunctionDeclaration(node) && node.body === undefined,
  "a method with this": (node) => ts.isMethodDeclaration(node) && / this\b|\(this\b/.test(node.getText()),
  "a getter": is(kinds.GetAccessor),
  "a setter": is(kinds.SetAccessor),
  "a static member": (node) => (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node)) && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static) !== 0,
  "a constructor": is(kinds.Constructor),
  inheritance: is(kinds.HeritageClause),
  super: is(kinds.SuperKeyword),
  "a vector class": (node) => ts.isMethodDeclaration(node) && node.type?.getText() === (node.parent as ts.ClassDeclaration).name?.text,
  "a callback": (node) => (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isCallExpression(node.parent) && ts.isIdentifier(node.parent.expression) && node.parent.expression.text !== "grad",
  "a function that is returned": (node) => ts.isArrowFunction(node) && (ts.isReturnStatement(node.parent) || ts.isArrowFunction(node.parent)),
  enum: is(kinds.EnumDeclaration),
  namespace: is(kinds.ModuleDeclaration),
  "import * as": is(kinds.NamespaceImport),
  "Number.f": (node) => ts.isCallExpression(node) && node.expression.getText().startsWith("Number."),
  "Object.keys": (node) => isCallOf(node, "Object", "keys"),
  "Object.values": (node) => isCallOf(node, "Object", "values"),
  "Array.from": (node) => isCallOf(node, "Array", "from"),
  "Array.of": (node) => isCallOf(node, "Array", "of"),
  "new Array(n).fill(x)": (node) => calls(node, "fill") && /^(new )?Array(<.*>)?\(/.test(((node as ts.CallExpression).expression as ts.PropertyAccessExpression).expression.getText()),
  "Math.max(...a)": (node) => isCallOf(node, "Math", "max") && node.arguments.some(ts.isSpreadElement),
  "Math.hypot(...a)": (node) => isCallOf(node, "Math", "hypot") && node.arguments.some(ts.isSpreadElement),
  "a[i] = x of an array": written((type, checker) => checker.isArrayType(type)),
  "a[i] = x of a typed array": written((type) => isTyped(type)),
  "o.x = x": assigned(ts.isPropertyAccessExpression),
};

/** The methods of arrays and of typed arrays. */
export const methods: Readonly<Record<string, Example>> = Object.fromEntries([
  ..."at map forEach reduce reduceRight filter some every find findIndex includes indexOf slice concat flat flatMap fill reverse push pop keys entries values join sort toSorted".split(" ").map((name) => [`array.${name}`, methodOf(name, (type, checker) => checker.isArrayType(type) || checker.isTupleType(type))] as const),
  ..."at map forEach reduce reduceRight filter some every find findIndex includes indexOf slice fill reverse keys entries values join sort toSorted set subarray".split(" ").map((name) => [`typed.${name}`, methodOf(name, isTyped)] as const),
]);

/** All of Math that is the same on each version of Node. */
export const math: Readonly<Record<string, Example>> = Object.fromEntries(
  Object.getOwnPropertyNames(Math)
    .filter((name) => name !== "random" && !/^(f16round|sumPrecise)$/.test(name))
    .map((name) => [`Math.${name}`, (node: ts.Node) => ts.isPropertyAccessExpression(node) && node.getText() === `Math.${name}`]),
);

function methodOf(name: string, isIt: (type: ts.Type, checker: ts.TypeChecker) => boolean): Example {
  return (node, checker) => ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === name && isIt(checker.getTypeAtLocation(node.expression.expression), checker);
}

function written(isIt: (type: ts.Type, checker: ts.TypeChecker) => boolean): Example {
  return (node, checker) => ts.isBinaryExpression(node) && node.operatorToken.kind === kinds.EqualsToken && ts.isElementAccessExpression(node.left) && isIt(checker.getTypeAtLocation(node.left.expression), checker);
}

function isTyped(type: ts.Type): boolean {
  return /^(Float|Int|Uint)\d+(Clamped)?Array$/.test(type.getSymbol()?.name ?? "");
}

function isWithinOf(node: ts.Node, name: string): boolean {
  let at: ts.Node | undefined = node;
  while (at !== undefined && !ts.isSourceFile(at)) {
    if (ts.isFunctionDeclaration(at) && at.name?.text === name) return true;
    at = at.parent as ts.Node | undefined;
  }
  return false;
}
