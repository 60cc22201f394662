import type ts from "typescript";
import type { Compilation } from "./compilation.js";
import { attempt } from "./compile/attempt.js";
import { dependenciesOf } from "./compile/dependencies.js";
import { createDeriver } from "./compile/derive.js";
import { emitDerivative } from "./compile/emit.js";
import { createLog, type Stages, type Trace } from "./compile/stages.js";
import { ownStages } from "./compile/own-stages.js";
import { saidAt } from "./compile/in-package.js";
import { createPlacement } from "./placement.js";
import { findRequests } from "./requests.js";
import { openPackages } from "./through.js";

export interface Host {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly options?: {
    readonly trace?: Trace;
    /** The packages whose functions are differentiated from the source that they ship. */
    readonly through?: readonly string[];
  };
}

/**
 * The way from a program to its derivatives. The stages themselves, in their order, are `derive` of
 * `compile/derive.ts`: lower, then differentiate and optimise once for each order; here they get their work and their
 * results a place. One request that fails does not keep the others from being answered.
 */
export function compile({ ts, program: own, options = {} }: Host, stages: Stages = ownStages): Compilation {
  const trace: Trace = options.trace ?? (() => undefined);
  const packages = openPackages(ts, own, options.through ?? []);
  const { program } = packages;
  // What is wrong within a package is said where the program asks for the derivative.
  const log = createLog(({ file }) => !packages.isSource(file.fileName));

  const found = findRequests(ts, packages);
  for (const diagnostic of [...found.diagnostics, ...found.refusals.map((r) => r.diagnostic)]) log.report(diagnostic);

  // All names are given before anything is emitted: a derivative may be asked for by several files.
  const placement = createPlacement(ts, packages, found);
  const deriver = createDeriver({ ts, packages }, found.resolver, stages, log, trace);
  const dependencies = dependenciesOf(found);

  for (const derivative of placement.derivatives) {
    const made = attempt(derivative, deriver, () => {
      const derived = deriver.derive(derivative.target, derivative.name);
      return emitDerivative({ ts, program, packages }, derivative, derived, deriver, placement, stages, trace);
    });
    if ("refused" in made) {
      const refused = saidAt(derivative.requests[0].call, made.refused, packages);
      log.report(refused);
      placement.refuse(derivative, refused);
    } else placement.place(derivative, made.ok.root, made.ok.others);
    dependencies.add(derivative, deriver);
  }

  const { changes, diagnostics } = placement.finish();
  for (const diagnostic of diagnostics) log.report(diagnostic);
  return { changes, diagnostics: [...log.diagnostics], dependencies: dependencies.all };
}
