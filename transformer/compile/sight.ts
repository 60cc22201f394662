import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import type { Fn } from "../ir/model.js";
import type { LowerContext } from "../lower/context.js";
import { reject } from "../lower/rejected.js";
import type { Placement } from "../placement.js";
import type { Derivative } from "../placement/derivatives.js";

/** What names mean where emitted code stands: they must mean the same as where they were written. */
export interface Sight {
  /** Refuses code whose captured names are hidden, or stand for something else, at a place. */
  checkCaptured(fn: Fn, place: ts.Node): void;
  /** Refuses a place where a name of the language stands for something of the program. */
  checkGlobals(place: ts.Node, names: readonly string[]): void;
  /** Whether a name is one of the module at a place. */
  isOfModule(name: string, place: ts.Node): boolean;
}

export function createSight(
  { ts, program }: { readonly ts: typeof import("typescript"); readonly program: ts.Program },
  derivative: Derivative,
  placement: Placement,
  uses: LowerContext["uses"],
): Sight {
  const checker = program.getTypeChecker();
  const { home } = derivative.target;
  const of = home.kind === "beside" ? home.name : "the lambda";
  const [{ call }] = derivative.requests;
  return {
    checkCaptured(fn, place) {
      for (const v of fn.captures) {
        const use = uses.get(v);
        if (use === undefined) continue;
        const meant = ts.isShorthandPropertyAssignment(use.parent) && use.parent.name === use ? checker.getShorthandAssignmentValueSymbol(use.parent) : checker.getSymbolAtLocation(use);
        const found = placement.visibleAt(place, v.name);
        // What is exported has one symbol in its module and one for the others.
        if (found !== undefined && (found === meant || found.declarations?.some((d) => meant?.declarations?.includes(d)))) continue;
        const why = found === undefined ? `it uses '${v.name}', which is not visible there` : `'${v.name}' means something else there`;
        reject(catalogue.noPlace, call, of, why, `Declare '${v.name}' in the module, under a name of its own.`);
      }
    },
    checkGlobals(place, names) {
      for (const name of names) {
        const declarations = placement.visibleAt(place, name)?.declarations ?? [];
        if (declarations.every((d) => d.getSourceFile().isDeclarationFile)) continue;
        reject(catalogue.noPlace, call, of, `'${name}' is a name of the program there`, `Give '${name}' another name.`);
      }
    },
    isOfModule(name, place) {
      const [declaration] = placement.visibleAt(place, name)?.declarations ?? [];
      let at: ts.Node | undefined = declaration?.parent;
      while (at !== undefined && !ts.isSourceFile(at) && !ts.isBlock(at) && !ts.isFunctionLike(at) && !ts.isModuleBlock(at)) at = at.parent;
      return at !== undefined && ts.isSourceFile(at) && at === place.getSourceFile();
    },
  };
}
