import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { catalogue, diagnose } from "../diagnostics.js";
import type { Packages } from "../through.js";
import { packageAt } from "../through/resolve.js";

/** A diagnostic at a place in the source of a package, as it is said at the call that asks for the derivative. */
export function saidAt(call: ts.CallExpression, diagnostic: Diagnostic, packages: Packages): Diagnostic {
  if (!packages.isSource(diagnostic.file.fileName)) return diagnostic;
  const { file, pos } = packages.original(diagnostic.file, diagnostic.pos);
  const { message, length } = diagnostic;
  const said = diagnose(catalogue.inPackage, call, packageAt(file.fileName) ?? file.fileName, `${diagnostic.id}: ${message}`);
  return { ...said, related: [{ file, pos, length, message: "It stands here." }] };
}
