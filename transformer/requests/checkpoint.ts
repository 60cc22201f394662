import type ts from "typescript";
import { catalogue, diagnose } from "../diagnostics.js";
import { skipOuter } from "./markers.js";
import { isGradient, type Checkpoint, type Kind, type Outcome } from "./request.js";

/** Reads `checkpoint` from the options of a gradient: `{ checkpoint: "sqrt" }`. */
export function readCheckpoint(compiler: typeof ts, checker: ts.TypeChecker, kind: Kind, options: ts.Expression | undefined): Outcome<Checkpoint | undefined> {
  const literal = options && skipOuter(compiler, options);
  if (literal === undefined || !compiler.isObjectLiteralExpression(literal)) return { ok: undefined };
  const property = literal.properties.find((p) => p.name?.getText() === "checkpoint");
  if (property === undefined) return { ok: undefined };
  if (!isGradient(kind)) return { refused: diagnose(catalogue.checkpointOption, property, `${kind} has no such option, but 'grad', 'valueAndGrad' and 'gradInto' have`) };
  const value = compiler.isPropertyAssignment(property) ? skipOuter(compiler, property.initializer) : undefined;
  const type = value && checker.getTypeAtLocation(value);
  const known = type?.isStringLiteral() || type?.isNumberLiteral() ? type.value : undefined;
  if (known === "sqrt" || known === "revolve" || (typeof known === "number" && Number.isInteger(known) && known > 0)) return { ok: known };
  return { refused: diagnose(catalogue.checkpointOption, property, "it is none of \"sqrt\", \"revolve\" and a number of states, as a constant") };
}
