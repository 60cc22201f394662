import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type ts from "typescript";
import type { Project } from "../project.js";
import type { Placed } from "./modules.js";

/**
 * Points what an emitted module imports to where it is now: modules of the project to those written beside it, however the
 * project finds them, and files beside the source to themselves. Packages stay, they are found from here too.
 */
export function relink(
  { ts, program }: Project,
  source: ts.SourceFile,
  placed: ReadonlyMap<ts.SourceFile, Placed>,
): ts.TransformerFactory<ts.SourceFile> {
  const place = placed.get(source);
  const targets = new Map<string, string | undefined>();
  return (context) => {
    const { factory } = context;
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isImportDeclaration(node)) {
        const specifier = relinked(node.moduleSpecifier) ?? node.moduleSpecifier;
        const { modifiers, importClause, attributes = attributesFor(specifier) } = node;
        return factory.updateImportDeclaration(node, modifiers, importClause, specifier, attributes);
      }
      if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
        const { modifiers, isTypeOnly, exportClause, moduleSpecifier, attributes } = node;
        const specifier = relinked(moduleSpecifier) ?? moduleSpecifier;
        return factory.updateExportDeclaration(node, modifiers, isTypeOnly, exportClause, specifier, attributes);
      }
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isCallExpression(visited) || !loads(visited)) return visited;
      const [first, ...rest] = visited.arguments;
      const specifier = first && relinked(first);
      if (specifier === undefined) return visited;
      return factory.updateCallExpression(visited, visited.expression, visited.typeArguments, [specifier, ...rest]);
    };
    return (file) => ts.visitEachChild(file, visit, context);

    function relinked(specifier: ts.Expression): ts.Expression | undefined {
      if (!ts.isStringLiteralLike(specifier)) return undefined;
      const { text } = specifier;
      if (!targets.has(text)) targets.set(text, targetOf(text));
      const target = targets.get(text);
      return target === undefined ? undefined : factory.createStringLiteral(target);
    }

    /** Bundlers read JSON as it is; Node asks to be told. */
    function attributesFor(specifier: ts.Expression): ts.ImportAttributes | undefined {
      if (place?.format !== "mjs" || !ts.isStringLiteral(specifier) || !specifier.text.endsWith(".json")) return undefined;
      const type = factory.createImportAttribute(factory.createIdentifier("type"), factory.createStringLiteral("json"));
      return factory.createImportAttributes(factory.createNodeArray([type]));
    }
  };

  /** `import("…")`, and `require("…")` under whatever name TypeScript gives it. */
  function loads({ expression }: ts.CallExpression): boolean {
    return expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && /^_*require$/.test(expression.text));
  }

  function targetOf(specifier: string): string | undefined {
    if (place === undefined) return undefined;
    const { resolvedModule } = ts.resolveModuleName(
      specifier,
      source.fileName,
      program.getCompilerOptions(),
      ts.sys,
      undefined,
      undefined,
      place.format === "mjs" ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    );
    const file = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
    const target = file && placed.get(file);
    if (target !== undefined) {
      const path = relative(dirname(place.path), target.path).replaceAll("\\", "/");
      return path.startsWith(".") ? path : `./${path}`;
    }
    if (/^tsgrad(\/|$)/.test(specifier)) return runtime(specifier);
    if (/^\.\.?(\/|$)/.test(specifier)) {
      const beside = resolve(dirname(source.fileName), specifier);
      return absolute(existsSync(beside) ? beside : resolve(dirname(place.built), specifier));
    }
    const isScript = file !== undefined && !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file);
    return isScript ? absolute(file.fileName) : undefined;
  }

  /** A package may name itself, which works from its own folders only. */
  function runtime(specifier: string): string | undefined {
    try {
      return absolute(createRequire(source.fileName).resolve(specifier));
    } catch {
      return undefined;
    }
  }

  function absolute(path: string): string {
    return place?.format === "mjs" ? pathToFileURL(path).href : path;
  }
}
