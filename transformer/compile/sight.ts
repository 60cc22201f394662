import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import type { Fn, Var } from "../ir/model.js";
import type { Declared } from "../ir/types.js";
import type { LowerContext } from "../lower/context.js";
import { reject } from "../lower/rejected.js";
import { symbolAt } from "../lower/syntax.js";
import { resolved } from "../through/exports.js";
import { packageAt } from "../through/resolve.js";
import type { Packages } from "../through.js";
import type { Placement } from "../placement.js";
import type { Derivative } from "../placement/derivatives.js";

/** What names mean where emitted code stands: they must mean the same as where they were written. */
export interface Sight {
  /** Refuses code whose captured names are hidden, or stand for something else, at a place. */
  checkCaptured(fn: Fn, place: ts.Node): void;
  /** Refuses a place where a name of the language stands for something of the program. */
  checkGlobals(place: ts.Node, names: readonly string[]): void;
  /** How a captured name is said in a file: as it is, or as what it is imported as from its package. */
  nameAt(v: Var, by: ts.SourceFile): string;
  /** Whether a name is one of the module at a place. */
  isOfModule(name: string, place: ts.Node): boolean;
  /** Whether a name means the type that is declared somewhere. */
  isType(name: string, declared: Declared, place: ts.Node): boolean;
}

export function createSight(
  { ts, packages }: { readonly ts: typeof import("typescript"); readonly packages: Packages },
  derivative: Derivative,
  placement: Placement,
  uses: LowerContext["uses"],
): Sight {
  const checker = packages.program.getTypeChecker();
  const { home } = derivative.target;
  const of = home.kind === "beside" ? home.name : "the lambda";
  const [{ call }] = derivative.requests;
  /** Whether a name is that of a class of another module, which is imported from there. */
  const isElsewhere = (v: Var, use: ts.Identifier, by: ts.SourceFile): boolean => v.imported === true && use.getSourceFile() !== by;
  return {
    checkCaptured(fn, place) {
      for (const v of fn.captures) {
        const use = uses.get(v);
        if (use === undefined || packages.isSource(use.getSourceFile().fileName) || isElsewhere(v, use, place.getSourceFile())) continue;
        // Each module that imports a name has a symbol of its own for it.
        const [meant, found] = [symbolAt(ts, checker, use), placement.visibleAt(place, v.name)].map((symbol) => symbol && resolved(ts, checker, symbol));
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
    nameAt(v, by) {
      const use = uses.get(v);
      if (use === undefined) return v.name;
      const file = use.getSourceFile();
      if (!packages.isSource(file.fileName)) return isElsewhere(v, use, by) ? placement.borrowed(v.name, file.fileName, by) : v.name;
      const symbol = symbolAt(ts, checker, use);
      const name = symbol && placement.nameInPackage(resolved(ts, checker, symbol), by);
      return name ?? reject(catalogue.privateName, call, v.name, packageAt(file.fileName) ?? "");
    },
    isType(name, { file, pos }, place) {
      const found = placement.visibleAt(place, name);
      const symbol = found !== undefined && found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
      return symbol?.declarations?.some((d) => d.getSourceFile().fileName === file && d.getStart() === pos) === true;
    },
    isOfModule(name, place) {
      const [declaration] = placement.visibleAt(place, name)?.declarations ?? [];
      let at: ts.Node | undefined = declaration?.parent;
      while (at !== undefined && !ts.isSourceFile(at) && !ts.isBlock(at) && !ts.isFunctionLike(at) && !ts.isModuleBlock(at)) at = at.parent;
      return at !== undefined && ts.isSourceFile(at) && at === place.getSourceFile();
    },
  };
}
