import { basename } from "node:path";
import type ts from "typescript";
import type { Compilation, Container, FileChange, Span } from "../../transformer/compilation.js";

type TypeScript = typeof ts;

/**
 * A compiler that knows nothing of derivatives, to test hosts alone: `grad(f)` becomes `fGrad`, and beside `f` stands
 * a function that uses the names of its surroundings. A comment `// body: …` within `f` says what it returns.
 */
export function stubCompile({ ts, program }: { ts: TypeScript; program: ts.Program }): Compilation {
  const checker = program.getTypeChecker();
  const changes = new Map<ts.SourceFile, FileChange>();
  const dependencies = new Map<ts.SourceFile, Set<ts.SourceFile>>();
  const diagnostics: Compilation["diagnostics"] = [];
  const made = new Set<ts.Node>();
  const change = (file: ts.SourceFile): FileChange => {
    const known = changes.get(file);
    if (known !== undefined) return known;
    const made: FileChange = { file, replacements: [], additions: [], imports: [], exports: [], dropped: [] };
    changes.set(file, made);
    return made;
  };
  const depend = (file: ts.SourceFile, on: ts.SourceFile): void => {
    const known = dependencies.get(file) ?? new Set();
    dependencies.set(file, known.add(on));
  };

  const request = (call: ts.CallExpression, file: ts.SourceFile): void => {
    const [argument] = call.arguments;
    if (argument === undefined) return;
    let symbol = checker.getSymbolAtLocation(argument);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    for (const declared of symbol?.declarations ?? []) depend(file, declared.getSourceFile());
    const declaration = symbol?.declarations?.find((d) => ts.isFunctionDeclaration(d));
    if (declaration?.body === undefined) {
      diagnostics.push({
        code: 3101,
        id: "TSG3101",
        severity: "error",
        message: `'${argument.getText()}' is not known.`,
        advice: "Declare it.",
        file,
        pos: argument.getStart(),
        length: argument.getWidth(),
      });
      return;
    }
    const home = declaration.getSourceFile();
    if (declaration.getText().includes("// warn")) {
      const at = declaration.name ?? declaration;
      const message = `'${at.getText()}' is odd.`;
      diagnostics.push({ code: 3140, id: "TSG3140", severity: "warning", message, file: home, pos: at.getStart(), length: at.getWidth() });
    }
    depend(file, home);
    depend(home, file);
    const name = `${declaration.name?.text ?? "default"}Grad`;
    const exported = `__tsgrad_${name}`;
    if (!made.has(declaration)) {
      made.add(declaration);
      const text = functionText(declaration, name);
      change(home).additions.push({ container: declaration.parent as Container, emitted: { text, spans: spansOf(declaration, text) } });
    }
    const changed = change(file);
    changed.replacements.push({ node: call, emitted: { text: name, spans: [] } });
    if (home === file) return;
    if (!change(home).exports.some((e) => e.exported === exported)) change(home).exports.push({ local: name, exported });
    const specifier = `./${basename(home.fileName, ".ts")}.js`;
    changed.imports.push({ from: home.fileName, specifier, names: [{ imported: exported, local: name }] });
  };

  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !file.text.includes("tsgrad")) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /(^|\.)grad$/.test(node.expression.getText())) request(node, file);
      ts.forEachChild(node, visit);
    };
    visit(file);
    drop(ts, file, changes.get(file));
  }
  return { changes, diagnostics, dependencies };
}

/** Drops the marker from the imports, or the whole import where nothing else is in it. */
function drop(ts: TypeScript, file: ts.SourceFile, change: FileChange | undefined): void {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !/"tsgrad"/.test(statement.getText())) continue;
    const bindings = statement.importClause?.namedBindings;
    const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    const marker = elements.find((e) => e.name.text === "grad");
    if (change === undefined) continue;
    change.dropped = [...(change.dropped ?? []), marker === undefined || elements.length === 1 ? statement : marker];
  }
}

function functionText(declaration: ts.FunctionDeclaration, name: string): string {
  const [, body = "0"] = /\/\/ body: (.*)/.exec(declaration.getText()) ?? [];
  const parameters = declaration.parameters.map((p) => p.getText()).join(", ");
  return `/** The gradient. */\nfunction ${name}(${parameters}): number {\n  // from: it\n  const result = ${body};\n  return result;\n}\n`;
}

/** The statement `const result = …` comes from the function's first statement, its name from the function's name. */
function spansOf(declaration: ts.FunctionDeclaration, text: string): Span[] {
  const file = declaration.getSourceFile().fileName;
  const [first] = declaration.body?.statements ?? [];
  const span = (part: RegExp, node: ts.Node): Span => {
    const match = part.exec(text);
    const start = match?.index ?? 0;
    return { start, end: start + (match?.[0].length ?? 0), file, pos: node.getStart(), length: node.getWidth() };
  };
  return [span(/function[^]*}/, declaration), ...(first === undefined ? [] : [span(/const result = .*;/, first)])];
}
