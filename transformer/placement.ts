import type ts from "typescript";
import type { Container, Diagnostic, Emitted, FileChange, Replacement } from "./compilation.js";
import { createChanges } from "./placement/changes.js";
import { createClaims, type Claims } from "./placement/claims.js";
import { nameDerivatives, type Derivative } from "./placement/derivatives.js";
import { droppedImports } from "./placement/dropped.js";
import { createExportNames } from "./placement/exports.js";
import { createReferrer } from "./placement/reference.js";
import { throwing } from "./placement/throwing.js";
import type { Requests } from "./requests.js";

/** Decides where derivatives stand, what they are called and how each request reaches its own. */
export interface Placement {
  readonly derivatives: readonly Derivative[];
  /** The names given away. The functions that stand beside a derivative get theirs here too. */
  readonly claims: Claims;
  /** The block in which the derivative and what it calls stand. */
  containerOf(derivative: Derivative): Container;
  /** Puts an emitted derivative in its place, `others` (functions that it calls) beside it, and answers its requests. */
  place(derivative: Derivative, emitted: Emitted, others: readonly Emitted[]): void;
  /** Lets every request of a derivative that cannot be made say why. */
  refuse(derivative: Derivative, diagnostic: Diagnostic): void;
  finish(): { changes: Map<ts.SourceFile, FileChange>; diagnostics: readonly Diagnostic[] };
}

export function createPlacement(compiler: typeof ts, program: ts.Program, found: Requests): Placement {
  const claims = createClaims();
  const changes = createChanges(compiler, program, claims);
  const exportNames = createExportNames(compiler, program);
  const referrer = createReferrer(compiler, program, changes, exportNames);
  const diagnostics: Diagnostic[] = [];

  const replace = (call: ts.CallExpression, emitted: Emitted): void => {
    changes.of(call.getSourceFile()).replacements.push({ node: call, emitted });
  };
  const refuseCall = (call: ts.CallExpression, diagnostic: Diagnostic): void => {
    replace(call, throwing(program, call, diagnostic));
  };
  const containerOf = ({ target: { home }, requests: [{ call }] }: Derivative): Container => {
    if (home.kind === "beside") return home.container;
    let node: ts.Node = call.parent;
    while (!compiler.isSourceFile(node) && !compiler.isBlock(node) && !compiler.isModuleBlock(node)) node = node.parent;
    return node;
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
        const standing = { container, name, of: target.home.name };
        additions.push({ container, emitted });
        for (const request of requests) {
          const reference = referrer.reference(request, standing);
          if ("refused" in reference) {
            diagnostics.push(reference.refused);
            refuseCall(request.call, reference.refused);
          } else replace(request.call, spanning(reference.ok.text, request.call));
        }
      }
      for (const other of others) additions.push({ container, emitted: other });
    },
    refuse(derivative, diagnostic) {
      for (const { call } of derivative.requests) refuseCall(call, diagnostic);
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
