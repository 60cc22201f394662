import type ts from "typescript";
import type { Bare, Container, Diagnostic, Emitted, FileChange, Replacement } from "./compilation.js";
import { createChanges } from "./placement/changes.js";
import { createConstants } from "./placement/constants.js";
import { createClaims, type Claims } from "./placement/claims.js";
import { nameDerivatives, type Derivative } from "./placement/derivatives.js";
import { droppedImports } from "./placement/dropped.js";
import { createExportNames } from "./placement/exports.js";
import { freeName, mentions, symbolVisibleAt } from "./placement/names.js";
import { createReferrer } from "./placement/reference.js";
import { throwing } from "./placement/throwing.js";
import type { Requests } from "./requests.js";
import type { Markers } from "./requests/markers.js";
import type { Packages } from "./through.js";

/** Decides where derivatives stand, what they are called and how each request reaches its own. */
export interface Placement {
  readonly derivatives: readonly Derivative[];
  /** The names given away. The functions that stand beside a derivative get theirs here too. */
  readonly claims: Claims;
  /**
   * The block in which the derivative and what it calls stand: the one around it, unless names that are used there mean something
   * else in what has no braces within, `(k) => vjp((x: number) => x * k)`.
   */
  containerOf(derivative: Derivative, names?: readonly string[]): Container;
  /** Puts an emitted derivative in its place, `others` (functions that it calls) beside it, and answers its requests. */
  place(derivative: Derivative, emitted: Emitted, others: readonly Beside[]): void;
  /** The name of a function that does the same and stands in a block already. */
  standing(container: Container, likeness: string): string | undefined;
  /** Lets every request of a derivative that cannot be made say why. */
  refuse(derivative: Derivative, diagnostic: Diagnostic): void;
  /** A node from which everything is seen that the derivative sees. */
  placeOf(derivative: Derivative): ts.Node;
  /** The symbol that a name stands for at a place. */
  visibleAt(place: ts.Node, name: string): ts.Symbol | undefined;
  /** Whether a name means something at the end of a block. */
  isTaken(container: Container, name: string): boolean;
  /** The name by which a function of the source can be called at a place. */
  nameOf(declaration: ts.FunctionLikeDeclaration | ts.VariableDeclaration, place: ts.Node): string | undefined;
  /** The name by which `by` reaches a name of another module: exported there and imported here, on demand. */
  borrowed(name: string, from: string, by: ts.SourceFile): string;
  /** The name by which `by` reaches what stands in the source of a package, imported on demand; nothing for what is private to it. */
  nameInPackage(symbol: ts.Symbol, by: ts.SourceFile): string | undefined;
  finish(): { changes: Map<ts.SourceFile, FileChange>; diagnostics: readonly Diagnostic[] };
}

/** A function that stands beside a derivative. */
export interface Beside {
  readonly container: Container;
  readonly emitted: Emitted;
  readonly name: string;
  /** What it has in common with those that do the same, for which it stands as well. */
  readonly likeness: string;
}

export function createPlacement(compiler: typeof ts, packages: Packages, found: Requests): Placement {
  const { program } = packages;
  const claims = createClaims();
  const changes = createChanges(compiler, program, claims);
  const exportNames = createExportNames(compiler, program);
  const referrer = createReferrer(compiler, program, changes, exportNames);
  const diagnostics: Diagnostic[] = [];
  const standing = new Map<Container, Map<string, string>>();
  const checker = program.getTypeChecker();

  const replace = (call: ts.CallExpression, emitted: Emitted): void => {
    changes.of(call.getSourceFile()).replacements.push({ node: call, emitted });
  };
  const refuseCall = (call: ts.CallExpression, diagnostic: Diagnostic): void => {
    replace(call, throwing(program, call, diagnostic));
  };
  const visibleAt = (place: ts.Node, name: string): ts.Symbol | undefined => symbolVisibleAt(compiler, checker, place, name);
  const containerOf = ({ target: { home }, requests: [{ call }] }: Derivative, names: readonly string[] = []): Container => {
    if (home.kind === "beside") return home.container;
    let bare: Bare | undefined;
    let node: ts.Node = call;
    for (; !compiler.isSourceFile(node) && !compiler.isBlock(node) && !compiler.isModuleBlock(node); node = node.parent) {
      if (isBare(compiler, node)) bare ??= node;
    }
    const [around, inner] = [node, bare];
    return inner !== undefined && names.some((name) => visibleAt(around, name) !== visibleAt(inner, name)) ? inner : around;
  };
  const isFree = (file: ts.SourceFile, name: string): boolean => !claims.has(file, name) && !mentions(file.text, name);
  const constants = createConstants(compiler, packages, changes, (file, wish) => {
    const name = freeName(wish, (n) => !isFree(file, n));
    claims.add(file, name);
    return name;
  });
  const nameInPackage = (symbol: ts.Symbol, by: ts.SourceFile): string | undefined => {
    const way = packages.wayTo(symbol);
    const [first, ...rest] = way?.path ?? [];
    if (way === undefined || first === undefined) return constants.copyOf(symbol, by);
    return [changes.importedFrom(by, way, first, first === "default" ? symbol.name : first), ...rest].join(".");
  };
  for (const { call, diagnostic } of found.refusals) refuseCall(call, diagnostic);

  return {
    derivatives: nameDerivatives(compiler, program, found.requests, claims, exportNames),
    claims,
    containerOf,
    place(derivative, emitted, others) {
      const { target, requests, name } = derivative;
      const container = containerOf(derivative);
      const { additions } = changes.of(container.getSourceFile());
      if (target.home.kind === "inPlace") replace(requests[0].call, emitted);
      else {
        const own = { container, name, of: target.home.name };
        additions.push({ container, emitted });
        for (const request of requests) {
          const reference = referrer.reference(request, own);
          if ("refused" in reference) {
            diagnostics.push(reference.refused);
            refuseCall(request.call, reference.refused);
          } else replace(request.call, spanning(reference.ok.text, request.call));
        }
      }
      for (const { container: where, emitted: text, name: as, likeness } of others) {
        changes.of(where.getSourceFile()).additions.push({ container: where, emitted: text });
        const known = standing.get(where) ?? new Map<string, string>();
        standing.set(where, known.set(likeness, as));
      }
    },
    standing: (container, likeness) => standing.get(container)?.get(likeness),
    refuse(derivative, diagnostic) {
      for (const { call } of derivative.requests) refuseCall(call, diagnostic);
    },
    placeOf: ({ target: { home }, requests: [{ call }] }) => (home.kind === "beside" ? home.container : call),
    visibleAt,
    nameInPackage,
    isTaken: (container, name) =>
      claims.has(container, name) ||
      visibleAt(container, name) !== undefined ||
      (compiler.isSourceFile(container) && exportNames.taken(container).has(name)),
    nameOf(declaration, place) {
      const name = declaredName(compiler, found.resolver.markers, declaration);
      if (name === undefined) return undefined;
      const from = declaration.getSourceFile();
      const by = place.getSourceFile();
      const symbol = checker.getSymbolAtLocation(name);
      if (packages.isSource(from.fileName)) return symbol && nameInPackage(symbol, by);
      const seen = visibleAt(place, name.text);
      const isVisible = seen !== undefined && (seen === symbol || seen.valueDeclaration === symbol?.valueDeclaration);
      if (isVisible && from === by) return name.text;
      return from !== by && isOfModule(compiler, name) ? referrer.borrowed(name.text, from, by) : undefined;
    },
    borrowed(name, from, by) {
      const file = program.getSourceFile(from);
      return file === undefined ? name : referrer.borrowed(name, file, by);
    },
    finish() {
      for (const change of changes.all.values()) {
        change.replacements.sort(byPosition);
        change.dropped = droppedImports(compiler, change.file, change.replacements, found.resolver.markers);
      }
      return { changes: changes.all, diagnostics };
    },
  };
}

/** The name of a function, or of the `const` that holds it. */
function declaredName(compiler: typeof ts, markers: Markers, declaration: ts.FunctionLikeDeclaration | ts.VariableDeclaration): ts.Identifier | undefined {
  if (compiler.isFunctionDeclaration(declaration)) return declaration.name;
  let outer: ts.Node = compiler.isVariableDeclaration(declaration) ? declaration : declaration.parent;
  const isAround = (node: ts.Node): boolean =>
    compiler.isParenthesizedExpression(node) || compiler.isAsExpression(node) || compiler.isSatisfiesExpression(node) || (compiler.isCallExpression(node) && markers.overrideOf(node.expression) === "checkpoint");
  while (isAround(outer)) outer = outer.parent;
  return compiler.isVariableDeclaration(outer) && compiler.isIdentifier(outer.name) ? outer.name : undefined;
}

/** Whether a name is declared by a statement of a module, and not deeper. */
function isOfModule(compiler: typeof ts, name: ts.Identifier): boolean {
  let node: ts.Node = name.parent;
  if (compiler.isVariableDeclaration(node)) node = node.parent.parent;
  return compiler.isSourceFile(node.parent);
}

function byPosition(a: Replacement, b: Replacement): number {
  return a.node.pos - b.node.pos;
}

/** A text all of which came from one node. */
function spanning(text: string, node: ts.Node): Emitted {
  const file = node.getSourceFile();
  const pos = node.getStart(file);
  const length = node.getEnd() - pos;
  return { text, spans: [{ start: 0, end: text.length, file: file.fileName, pos, length }] };
}

/** The body of an arrow function, of a loop or of a branch, where it is no block. */
function isBare(compiler: typeof ts, node: ts.Node): node is Bare {
  const { parent } = node;
  if (compiler.isArrowFunction(parent)) return parent.body === node;
  if (compiler.isIterationStatement(parent, false)) return parent.statement === node;
  return compiler.isIfStatement(parent) && parent.expression !== node;
}
