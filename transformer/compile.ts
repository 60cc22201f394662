import type ts from "typescript";
import type { Compilation } from "./compilation.js";
import { attempt } from "./compile/attempt.js";
import { dependenciesOf } from "./compile/dependencies.js";
import { createDeriver } from "./compile/derive.js";
import { emitDerivative } from "./compile/emit.js";
import { createLog, type Stages, type Trace } from "./compile/stages.js";
import { ownStages } from "./compile/own-stages.js";
import { createPlacement } from "./placement.js";
import { findRequests } from "./requests.js";

export interface Host {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly options?: { readonly trace?: Trace };
}

/**
 * The way from a program to its derivatives. The stages themselves, in their order, are `derive` of
 * `compile/derive.ts`: lower, then differentiate and optimise once for each order; here they get their work and their
 * results a place. One request that fails does not keep the others from being answered.
 */
export function compile({ ts, program, options = {} }: Host, stages: Stages = ownStages): Compilation {
  const log = createLog();
  const trace: Trace = options.trace ?? (() => undefined);

  const found = findRequests(ts, program);
  for (const diagnostic of [...found.diagnostics, ...found.refusals.map((r) => r.diagnostic)]) log.report(diagnostic);

  // All names are given before anything is emitted: a derivative may be asked for by several files.
  const placement = createPlacement(ts, program, found);
  const deriver = createDeriver({ ts, program }, found.resolver, stages, log, trace);
  const dependencies = dependenciesOf(found);

  for (const derivative of placement.derivatives) {
    const made = attempt(derivative, deriver, () => {
      const derived = deriver.derive(derivative.target, derivative.name);
      return emitDerivative({ ts, program }, derivative, derived, deriver, placement, stages, trace);
    });
    if ("refused" in made) {
      log.report(made.refused);
      placement.refuse(derivative, made.refused);
    } else placement.place(derivative, made.ok.root, made.ok.others);
    dependencies.add(derivative, deriver);
  }

  const { changes, diagnostics } = placement.finish();
  for (const diagnostic of diagnostics) log.report(diagnostic);
  return { changes, diagnostics: [...log.diagnostics], dependencies: dependencies.all };
}
