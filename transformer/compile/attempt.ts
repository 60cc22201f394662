import { catalogue, diagnose } from "../diagnostics.js";
import { Rejected } from "../lower/rejected.js";
import type { Derivative } from "../placement/derivatives.js";
import type { Outcome } from "../requests/request.js";
import { errorsOf, type Deriver } from "./derive.js";

/** Runs the stages for one derivative. What they reject is the user's to mend; any other exception is our own fault. */
export function attempt<T>({ target, requests }: Derivative, { functions }: Deriver, run: () => T): Outcome<T> {
  const [{ call }] = requests;
  try {
    return { ok: run() };
  } catch (error) {
    const [reported] = errorsOf({ functions }, target.declaration);
    if (error instanceof Rejected) {
      const diagnostic = error.diagnostic ?? reported;
      if (diagnostic !== undefined) return { refused: diagnostic };
    }
    const what = error instanceof Error ? error.message : String(error);
    return { refused: diagnose(catalogue.ownFault, call, what) };
  }
}
