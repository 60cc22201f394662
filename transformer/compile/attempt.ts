import type { Diagnostic } from "../compilation.js";
import { catalogue, diagnose } from "../diagnostics.js";
import { Rejected } from "../lower/rejected.js";
import type { Derivative } from "../placement/derivatives.js";
import type { Outcome } from "../requests/request.js";
import { errorsOf, type Deriver } from "./derive.js";

/** Runs the stages for one derivative. What they reject is the user's to mend; any other exception is our own fault. */
export function attempt<T>({ target, requests }: Derivative, deriver: Deriver, run: () => T): Outcome<T> {
  const [{ call }] = requests;
  try {
    return { ok: run() };
  } catch (error) {
    if (error instanceof Rejected) {
      const [reported] = errorsOf(deriver, target.declaration);
      const diagnostic = error.diagnostic ?? reported ?? reportedSomewhere(deriver);
      if (diagnostic !== undefined) return { refused: diagnostic };
    }
    const what = error instanceof Error ? error.message : String(error);
    return { refused: diagnose(catalogue.ownFault, call, what) };
  }
}

/** A rejection without a reason says that it has been given, be it against a function that was read for other arguments. */
function reportedSomewhere(deriver: Deriver): Diagnostic | undefined {
  return deriver.lowered().flatMap((ref) => ref.diagnostics).find((d) => d.severity === "error");
}
