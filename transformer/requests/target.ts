import type ts from "typescript";
import type { Container, Diagnostic } from "../compilation.js";
import { nameOf, skipOuter, type Markers } from "./markers.js";
import { catalogue, diagnose, excerpt } from "../diagnostics.js";
import type { FunctionNode, Kind, Order, Outcome, Target } from "./request.js";
import { parametersThrough } from "./parameters.js";
import { fromPackage } from "../through/refusal.js";
import type { Packages } from "../through.js";
import { readCheckpoint } from "./checkpoint.js";
import { readMode, readSparse, readWrt } from "./wrt.js";

/** Finds the function behind an expression. The lowering asks too, where differentiated code calls a derivative. */
export interface Resolver {
  readonly markers: Markers;
  /** The derivative that a call of a marker stands for. Adds to `files` those which were read to find it out. */
  derivative(call: ts.CallExpression, kind: Kind, files: Set<ts.SourceFile>): Outcome<Target>;
}

/** The way of one search. */
interface Path {
  /** The declarations gone through: `const f = f` and its like must not go round for ever. */
  readonly seen: ReadonlySet<ts.Node>;
  readonly files: Set<ts.SourceFile>;
  /** Whether the function has a rule of its own, so that it may come from anywhere. */
  readonly hasRule?: boolean;
}

export function createResolver(compiler: typeof ts, packages: Packages, markers: Markers): Resolver {
  const { program } = packages;
  const checker = program.getTypeChecker();

  function derivative(call: ts.CallExpression, kind: Kind, path: Path): Outcome<Target> {
    const [argument, options] = call.arguments;
    if (argument === undefined || compiler.isSpreadElement(argument))
      return { refused: diagnose(catalogue.notKnown, call, kind, "no function is given") };
    const inner = target(argument, kind, path);
    if ("refused" in inner) return inner;
    const own = inner.ok.declaration.parameters.map((p) => p.name.getText());
    const wrt = readWrt(compiler, checker, options, parametersThrough(inner.ok.orders, own).at(-1)?.length ?? 0);
    if ("refused" in wrt) return wrt;
    const isJacobian = kind === "jacobian" || kind === "jacobianInto";
    const mode = isJacobian ? readMode(compiler, options) : { ok: undefined };
    if ("refused" in mode) return mode;
    const sparse = isJacobian ? readSparse(compiler, options) : { ok: false };
    if ("refused" in sparse) return sparse;
    const checkpoint = readCheckpoint(compiler, checker, kind, options);
    if ("refused" in checkpoint) return checkpoint;
    const more = { ...(mode.ok && { mode: mode.ok }), ...(sparse.ok && { sparse: true }), ...(checkpoint.ok !== undefined && { checkpoint: checkpoint.ok }) };
    const order: Order = { kind, call, ...(wrt.ok && { wrt: wrt.ok }), ...more };
    return { ok: { ...inner.ok, orders: [...inner.ok.orders, order] } };
  }

  function target(expression: ts.Expression, marker: string, path: Path): Outcome<Target> {
    const inner = skipOuter(compiler, expression);
    if (compiler.isArrowFunction(inner) || compiler.isFunctionExpression(inner))
      return withBody(inner, inner, { kind: "inPlace" });
    if (compiler.isCallExpression(inner)) {
      const kind = markers.kindOf(inner.expression);
      if (kind !== undefined) return derivative(inner, kind, path);
      // checkpoint(f) is f
      const [f] = inner.arguments;
      if (markers.overrideOf(inner.expression) === "checkpoint" && f !== undefined) return target(f, marker, path);
      return { refused: diagnose(catalogue.notKnown, expression, marker, `'${excerpt(inner)}' is the result of a call`) };
    }
    if (compiler.isExpressionWithTypeArguments(inner))
      return { refused: diagnose(catalogue.typeParameters, inner, excerpt(inner.expression)) };
    const name = nameOf(compiler, inner);
    if (name === undefined) {
      const why = compiler.isConditionalExpression(inner) ? "it is chosen while the program runs" : `'${excerpt(inner)}' is not`;
      return { refused: diagnose(catalogue.notKnown, expression, marker, why) };
    }
    return named(name, marker, path);
  }

  function named(name: ts.Identifier, marker: string, path: Path): Outcome<Target> {
    const { files } = path;
    let symbol = compiler.isShorthandPropertyAssignment(name.parent) && name.parent.name === name
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
    while (symbol !== undefined && symbol.flags & compiler.SymbolFlags.Alias) {
      for (const declaration of symbol.declarations ?? []) {
        files.add(declaration.getSourceFile());
        // A barrel with `export *` has no declaration of the name, so the module that is named counts too.
        const module = specifierOf(declaration);
        const file = module === undefined ? undefined : checker.getSymbolAtLocation(module)?.valueDeclaration;
        if (file !== undefined) files.add(file.getSourceFile());
      }
      symbol = checker.getImmediateAliasedSymbol(symbol);
    }
    const kind = markers.kindOfSymbol(symbol);
    if (kind !== undefined) return { refused: diagnose(catalogue.markerAsValue, name, kind) };
    const declarations = (symbol && packages.sourceOf(symbol))?.declarations ?? [];
    for (const declaration of declarations) files.add(declaration.getSourceFile());
    return declared(name, declarations, marker, path);
  }

  function specifierOf(declaration: ts.Node): ts.Expression | undefined {
    for (let node = declaration; !compiler.isSourceFile(node); node = node.parent)
      if (compiler.isImportDeclaration(node) || compiler.isExportDeclaration(node)) return node.moduleSpecifier;
    return undefined;
  }

  function declared(name: ts.Identifier, all: readonly ts.Declaration[], marker: string, path: Path): Outcome<Target> {
    const notKnown = (why: string): { refused: Diagnostic } => ({ refused: diagnose(catalogue.notKnown, name, marker, why) });
    const [first] = all;
    if (first === undefined) return notKnown(`'${name.text}' is not declared`);
    if (path.hasRule === true && compiler.isFunctionDeclaration(first)) return withBody(name, first, { kind: "inPlace" });
    const file = first.getSourceFile();
    const outside = fromPackage(compiler, packages, wholeName(name), file);
    if (outside !== undefined) return { refused: outside };
    const of = program.isSourceFileDefaultLibrary(file) ? "library" : "program";
    if (file.isDeclarationFile) return { refused: diagnose(catalogue.noBody, name, excerpt(wholeName(name)), of) };

    const functions = all.filter((d) => compiler.isFunctionDeclaration(d));
    if (functions.length > 0) {
      // Overloads are signatures; the declaration with the body is the function.
      const body = functions.find((d) => d.body !== undefined);
      if (body === undefined) return { refused: diagnose(catalogue.noBody, name, name.text, "program") };
      return beside(name, body, body, body.parent, body.name?.text ?? "default");
    }
    // export default (x: number) => …
    const exported = all.find((d) => compiler.isExportAssignment(d));
    if (exported !== undefined) return initialised(name, exported, exported.expression, exported.parent, "default", marker, path);
    if (compiler.isVariableDeclaration(first)) return variable(name, first, marker, path);
    if (compiler.isParameter(first)) return notKnown(`'${name.text}' is a parameter`);
    if (compiler.isBindingElement(first)) return notKnown(`'${name.text}' is taken out of a value`);
    if (compiler.isClassLike(first.parent) || compiler.isObjectLiteralExpression(first.parent) || compiler.isTypeElement(first))
      return { refused: diagnose(catalogue.requestedMethod, name, excerpt(wholeName(name))) };
    return notKnown(`'${name.text}' is not a function`);
  }

  function variable(name: ts.Identifier, declaration: ts.VariableDeclaration, marker: string, path: Path): Outcome<Target> {
    const notKnown = (why: string): { refused: Diagnostic } => ({ refused: diagnose(catalogue.notKnown, name, marker, why) });
    const list = declaration.parent;
    if (!compiler.isVariableDeclarationList(list)) return notKnown(`'${name.text}' is a caught error`);
    if (compiler.getCombinedModifierFlags(declaration) & compiler.ModifierFlags.Ambient)
      return { refused: diagnose(catalogue.noBody, name, name.text, "program") };
    if (!(list.flags & compiler.NodeFlags.Const)) return notKnown(`'${name.text}' is not a \`const\` and may be assigned again`);
    if (declaration.initializer === undefined) return notKnown(`'${name.text}' stands for a different value in each turn`);
    const block = compiler.isVariableStatement(list.parent) ? list.parent.parent : list.parent;
    const text = compiler.isIdentifier(declaration.name) ? declaration.name.text : name.text;
    return initialised(name, declaration, declaration.initializer, block, text, marker, path);
  }

  /** What a `const` or an `export default` holds: a function, a derivative or another name of either. */
  function initialised(
    use: ts.Identifier,
    declaration: ts.Declaration,
    initial: ts.Expression,
    block: ts.Node,
    name: string,
    marker: string,
    path: Path,
  ): Outcome<Target> {
    if (path.seen.has(declaration)) return { refused: diagnose(catalogue.notKnown, use, marker, `'${use.text}' is defined by itself`) };
    const inner = skipOuter(compiler, initial);
    if (compiler.isArrowFunction(inner) || compiler.isFunctionExpression(inner))
      return beside(use, declaration, inner, block, name);
    const kind = compiler.isCallExpression(inner) ? markers.kindOf(inner.expression) : undefined;
    const isCustom = compiler.isCallExpression(inner) && /^(customGrad|implicit)$/.test(markers.overrideOf(inner.expression) ?? "");
    const isCheckpoint = compiler.isCallExpression(inner) && markers.overrideOf(inner.expression) === "checkpoint";
    if (kind === undefined && !isCustom && !isCheckpoint && nameOf(compiler, inner) === undefined) {
      const why = `'${use.text}' is not bound to a function, but to '${excerpt(inner)}'`;
      return { refused: diagnose(catalogue.notKnown, use, marker, why) };
    }
    const custom = isCustom ? inner : undefined;
    const [f] = custom?.arguments ?? [];
    const found = target(f ?? inner, marker, { ...path, seen: new Set(path.seen).add(declaration), hasRule: custom !== undefined });
    if ("refused" in found) return found;
    if (custom !== undefined) {
      const place = beside(use, declaration, found.ok.declaration, block, name);
      return "refused" in place ? place : { ok: { ...place.ok, custom } };
    }
    if (found.ok.home.kind === "beside") return found;
    // const df = grad((x) => …): the lambda has no name, but its derivatives of higher order stand beside df.
    const home = beside(use, declaration, found.ok.declaration, block, name);
    return "refused" in home ? home : { ok: { ...home.ok, orders: found.ok.orders, named: found.ok.orders.length } };
  }

  function beside(
    use: ts.Node,
    declaration: ts.Declaration,
    body: FunctionNode,
    block: ts.Node,
    name: string,
  ): Outcome<Target> {
    // The file of a package is not ours to write to: what is made of its functions stands where it is asked for.
    if (packages.isSource(block.getSourceFile().fileName)) {
      return withBody(use, body, { kind: "beside", container: use.getSourceFile(), name, declaration });
    }
    if (!isContainer(compiler, block)) {
      const clause = compiler.isCaseOrDefaultClause(block);
      const why = clause ? `'${name}' is declared in a clause of a \`switch\`` : `'${name}' is not declared in a block`;
      const advice = clause ? "Put braces around the statements of the clause." : "Declare it in a statement of its own.";
      return { refused: diagnose(catalogue.noPlace, use, name, why, advice) };
    }
    return withBody(use, body, { kind: "beside", container: block, name, declaration });
  }

  function withBody(use: ts.Node, declaration: FunctionNode, home: Target["home"]): Outcome<Target> {
    if (declaration.typeParameters !== undefined && declaration.typeParameters.length > 0)
      return { refused: diagnose(catalogue.typeParameters, use, home.kind === "beside" ? home.name : "the lambda") };
    return { ok: { declaration, orders: [], home, named: 0 } };
  }

  return { markers, derivative: (call, kind, files) => derivative(call, kind, { seen: new Set(), files }) };
}

export function isContainer(compiler: typeof ts, node: ts.Node): node is Container {
  return compiler.isSourceFile(node) || compiler.isBlock(node) || compiler.isModuleBlock(node);
}

/** `Math.sin` for the `sin` in it. */
function wholeName(name: ts.Identifier): ts.Node {
  return "name" in name.parent && name.parent.name === name && "expression" in name.parent ? name.parent : name;
}
