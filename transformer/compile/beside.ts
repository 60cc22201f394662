import type ts from "typescript";
import type { Container } from "../compilation.js";
import { catalogue } from "../diagnostics.js";
import type { Fn, FnRef } from "../ir/model.js";
import { likenessOf } from "../ir/likeness.js";
import { calleesOf } from "../ir/walk.js";
import type { LoweredRef } from "../lower/context.js";
import { reject } from "../lower/rejected.js";
import type { Packages } from "../through.js";
import type { Placement } from "../placement.js";
import type { Derivative } from "../placement/derivatives.js";
import { freeName } from "../placement/names.js";
import type { Stages } from "./stages.js";

/** A function made for a derivative: a pair, or one that no name leads to. */
export interface Other {
  readonly fn: Fn;
  readonly name: string;
  readonly container: Container;
  /** What it has in common with those that do the same. */
  readonly likeness: string;
}

type Declared = LoweredRef["declaration"];

export interface Beside {
  /** The name by which a function is called from code that stands in `by`. */
  names(ref: FnRef, by: ts.SourceFile): string;
  readonly others: readonly Other[];
}

interface Place {
  readonly packages: Packages;
  readonly placement: Placement;
  readonly container: Container;
  /** Every name found or given is added. */
  readonly reserved: Set<string>;
  readonly stages: Stages;
}

/**
 * Everything that a derivative calls, directly or not, with its name: the source's own, or one of a function made here.
 * Functions made of one of another module stand there, among the names that they use; those of a package where they are called.
 */
export function functionsBeside(root: Fn, derivative: Derivative, lowered: readonly LoweredRef[], at: Place): Beside {
  const { placement, container, reserved, stages } = at;
  const file = container.getSourceFile();
  const place = placement.placeOf(derivative);
  const declared = new Map(lowered.filter((ref) => !ref.special).map((ref): [FnRef, Declared] => [ref, ref.declaration]));
  const made = new Map<FnRef, { readonly name: string; readonly home: ts.SourceFile }>();
  const ofSource = new Map<FnRef, Declared>();
  const others: Other[] = [];
  const texts = new Map<ts.SourceFile, Map<string, string>>();
  const printed = new Map<Fn, string>();
  /** What does the same stands once in each block: its name there, and whether it has yet to be put there. */
  const standing = (ref: FnRef, likeness: string, home: ts.SourceFile): { readonly name: string; readonly isNew: boolean; readonly where: Container } => {
    const names = texts.get(home) ?? new Map<string, string>();
    texts.set(home, names);
    const where = home === file ? container : home;
    const known = names.get(likeness) ?? placement.standing(where, likeness);
    const name = known ?? freeName(ref.name, (n) => reserved.has(n) || placement.isTaken(where, n));
    names.set(likeness, name);
    reserved.add(name);
    if (known === undefined) placement.claims.add(where, name);
    return { name, isNew: known === undefined, where };
  };
  const visit = (fn: Fn, by: ts.SourceFile): void => {
    for (const ref of calleesOf(fn)) {
      const source = sourceOf(ref);
      if (made.has(source) || ofSource.has(source)) continue;
      const text = ref.fn().written;
      if (text !== undefined) {
        const { name, isNew, where } = standing(ref, text, by);
        if (isNew) others.push({ fn: ref.fn(), name, container: where, likeness: text });
        continue;
      }
      const declaration = declared.get(source);
      const known = declaration && placement.nameOf(declaration, place);
      if (declaration !== undefined && known !== undefined) {
        ofSource.set(source, declaration);
        reserved.add(known);
        continue;
      }
      // What has a rule of its own is known by its name alone.
      if (declaration !== undefined && source.custom !== undefined) reject(catalogue.noPlace, derivative.requests[0].call, ref.name, `it is called by its name, which means something else there`, `Give '${ref.name}' another name.`);
      const fn = ref.fn();
      const origin = fn.origin?.file ?? file.fileName;
      const home = at.packages.isSource(origin) ? by : (at.packages.program.getSourceFile(origin) ?? file);
      const likeness = likenessOf(fn, printed);
      const { name, isNew, where } = standing(ref, likeness, home);
      made.set(source, { name, home });
      if (!isNew) continue;
      const optimised = stages.optimise(fn, true, true);
      others.push({ fn: optimised, name, container: where, likeness });
      visit(optimised, home);
    }
  };
  visit(root, file);
  return {
    others,
    names(ref, by) {
      const source = sourceOf(ref);
      const text = ref.fn().written;
      const known = text && texts.get(by)?.get(text);
      if (known !== undefined) return known;
      const declaration = ofSource.get(source);
      const own = declaration && placement.nameOf(declaration, by === file ? place : by);
      if (own !== undefined) return own;
      const found = made.get(source);
      if (found === undefined) throw new Error(`'${ref.name}' is called and has no name`);
      return found.home === by ? found.name : placement.borrowed(found.name, found.home.fileName, by);
    },
  };
}

function sourceOf(ref: FnRef): FnRef {
  let source = ref;
  while (source.of !== undefined) source = source.of;
  return source;
}
