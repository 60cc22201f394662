import type ts from "typescript";
import type { Container, Diagnostic } from "../compilation.js";
import { nameOf, skipOuter } from "../requests/markers.js";
import { catalogue, diagnose } from "../diagnostics.js";
import type { Outcome, Request } from "../requests/request.js";
import type { Changes } from "./changes.js";
import type { ExportNames } from "./exports.js";

/** A derivative that stands at the end of a block, with the text of its name. */
export interface Standing {
  readonly container: Container;
  readonly name: string;
  /** The name of the function that it was made of, for messages. */
  readonly of: string;
}

/** An expression for a derivative; a part of it may be the user's own text: the `N` of `N.__tsgrad_fGrad`. */
export interface Reference {
  readonly text: string;
  readonly copied?: ts.Expression;
}

export interface Referrer {
  /** How the place of a request names the derivative. Exports and imports it where it must. */
  reference(request: Request, standing: Standing): Outcome<Reference>;
  /** The name by which one module knows a name of another, exported and imported for it. */
  borrowed(name: string, from: ts.SourceFile, by: ts.SourceFile): string;
}

export function createReferrer(
  compiler: typeof ts,
  program: ts.Program,
  changes: Changes,
  exportNames: ExportNames,
): Referrer {
  const checker = program.getTypeChecker();
  const exported = new Map<Container, Map<string, string>>();

  /** The name under which a module or a namespace exports the derivative. */
  function exportOnce({ container, name }: Standing): string {
    const names = exported.get(container) ?? new Map<string, string>();
    exported.set(container, names);
    let outer = names.get(name);
    if (outer !== undefined) return outer;
    const file = container.getSourceFile();
    outer = exportNames.choose(file, name);
    names.set(name, outer);
    if (container === file) changes.exported(file, name, outer);
    // Namespaces know no `export { a as b }`.
    else changes.of(file).additions.push({ container, emitted: { text: `export const ${outer} = ${name};`, spans: [] } });
    return outer;
  }

  return {
    // Scripts share their names.
    borrowed: (name, from, by) =>
      compiler.isExternalModule(from) ? changes.imported(by, from, exportOnce({ container: from, name, of: name }), name) : name,
    reference(request, standing) {
      const { call } = request;
      const { container, name, of } = standing;
      const file = container.getSourceFile();
      const here = call.getSourceFile();
      const refuse = (why: string, advice: string): { refused: Diagnostic } => ({
        refused: diagnose(catalogue.noPlace, call, of, why, advice),
      });
      for (let node: ts.Node = call; ; node = node.parent) {
        if (node === container) return { ok: { text: name } };
        if (compiler.isSourceFile(node)) break;
      }
      if (compiler.isModuleBlock(container)) {
        const space = namespaceIn(innermostArgument(call), container);
        if (space === undefined)
          return refuse("it is declared in a namespace and named here without it", `Write Namespace.${of}.`);
        return { ok: { text: `${space.getText()}.${exportOnce(standing)}`, copied: space } };
      }
      if (!compiler.isSourceFile(container))
        return refuse("it is declared in a block that has ended", "Declare it where the derivative is asked for.");
      // What a script declares is global.
      if (!compiler.isExternalModule(file)) return { ok: { text: name } };
      if (file.statements.some((s) => compiler.isExportAssignment(s) && s.isExportEquals === true))
        return refuse("its module has `export =` and can export nothing else", "Use `export default` or named exports.");
      return { ok: { text: changes.imported(here, file, exportOnce(standing), name) } };
    },
  };

  /** The `f` of `grad(grad(f))`. */
  function innermostArgument(call: ts.CallExpression): ts.Expression {
    const [argument] = call.arguments;
    if (argument === undefined) return call;
    const inner = skipOuter(compiler, argument);
    return compiler.isCallExpression(inner) ? innermostArgument(inner) : inner;
  }

  /** The `N` of `N.f`, where it is the namespace that the block belongs to. */
  function namespaceIn(argument: ts.Expression, block: ts.ModuleBlock): ts.Expression | undefined {
    if (!compiler.isPropertyAccessExpression(argument)) return undefined;
    const object = nameOf(compiler, argument.expression);
    let symbol = object === undefined ? undefined : checker.getSymbolAtLocation(object);
    if (symbol !== undefined && symbol.flags & compiler.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    return symbol !== undefined && symbol === checker.getSymbolAtLocation(block.parent.name) ? argument.expression : undefined;
  }
}
