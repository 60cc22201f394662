import type ts from "typescript";
import type { Diagnostic } from "./compilation.js";
import { findMarkers } from "./requests/markers.js";
import { catalogue, diagnose } from "./diagnostics.js";
import type { Refusal, Request } from "./requests/request.js";
import { createResolver, type Resolver } from "./requests/target.js";
import type { Packages } from "./through.js";
import { usesIn } from "./requests/uses.js";

export interface Requests {
  readonly resolver: Resolver;
  /** The calls to be replaced, in the order of the files and of their texts. */
  readonly requests: readonly Request[];
  /** The calls that cannot be answered. */
  readonly refusals: readonly Refusal[];
  /** Uses of a marker that are no calls. Nothing is replaced there. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The derivatives that a program asks for.
 *
 * A call within the argument of another is a part of that one: of `grad(grad(f))` only the outer call is replaced, and
 * a lambda that calls derivatives itself is replaced as a whole.
 */
export function findRequests(compiler: typeof ts, packages: Packages): Requests {
  const { program } = packages;
  const checker = program.getTypeChecker();
  const resolver = createResolver(compiler, packages, findMarkers(compiler, program));
  const requests: Request[] = [];
  const refused: Refusal[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file) || packages.isSource(file.fileName)) continue;
    let end = -1;
    for (const { name, call } of usesIn(compiler, checker, resolver.markers, file)) {
      const kind = resolver.markers.kindOf(name);
      if (kind === undefined) continue;
      if (call === undefined) {
        diagnostics.push(diagnose(catalogue.markerAsValue, name, name.text));
        continue;
      }
      if (call.getStart(file) < end) continue;
      end = call.getEnd();
      const files = new Set<ts.SourceFile>();
      const outcome = resolver.derivative(call, kind, files);
      if ("refused" in outcome) refused.push({ call, diagnostic: outcome.refused, files });
      else requests.push({ call, target: outcome.ok, files });
    }
  }
  return { resolver, requests, refusals: refused, diagnostics };
}
