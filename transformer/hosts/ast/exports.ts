import type ts from "typescript";
import type { FileChange } from "../../compilation.js";
import type { Emission } from "./emission.js";
import { emitsCommonJs } from "./format.js";

/** The statements that export derivatives: what goes before all others, and what goes behind. */
export interface Exports {
  readonly first: readonly ts.Statement[];
  readonly last: readonly ts.Statement[];
}

/**
 * `export { lossGrad as __tsgrad_lossGrad };`, in CommonJS output `exports.__tsgrad_lossGrad = lossGrad;`.
 *
 * The latter comes first where it can, as TypeScript has it for functions: modules that import each other then find
 * it whichever is loaded first. `added` holds the statements added at the end of the file.
 */
export function exportDerivatives(
  emission: Emission,
  { file, exports }: FileChange,
  added: readonly ts.Statement[],
): Exports {
  const { ts } = emission;
  const { factory } = emission.context;
  if (exports.length === 0) return { first: [], last: [] };
  if (!emitsCommonJs(emission, file)) {
    const specifiers = exports.map(({ local, exported }) =>
      factory.createExportSpecifier(false, local === exported ? undefined : local, exported),
    );
    return { first: [], last: [factory.createExportDeclaration(undefined, false, factory.createNamedExports(specifiers))] };
  }
  const hoisted = new Set(added.map((s) => (ts.isFunctionDeclaration(s) ? s.name?.text : undefined)));
  const first: ts.Statement[] = [];
  const last: ts.Statement[] = [];
  for (const { local, exported } of exports) {
    const place = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), exported);
    const assignment = factory.createAssignment(place, factory.createIdentifier(local));
    (hoisted.has(local) ? first : last).push(factory.createExpressionStatement(assignment));
  }
  return { first, last };
}
