import type ts from "typescript";
import type { Container } from "../compilation.js";
import { catalogue } from "../diagnostics.js";
import type { Fn, FnRef } from "../ir/model.js";
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
  /** A function that is the same wherever it is called stands once in each block. */
  const shared = (ref: FnRef, text: string, by: ts.SourceFile): void => {
    const names = texts.get(by) ?? new Map<string, string>();
    texts.set(by, names);
    if (names.has(text)) return;
    const where = by === file ? container : by;
    const standing = placement.standing(where, text);
    const name = standing ?? freeName(ref.name, (n) => reserved.has(n) || placement.isTaken(where, n));
    names.set(text, name);
    reserved.add(name);
    if (standing !== undefined) return;
    placement.claims.add(where, name);
    others.push({ fn: ref.fn(), name, container: where });
  };
  const visit = (fn: Fn, by: ts.SourceFile): void => {
    for (const ref of calleesOf(fn)) {
      const source = sourceOf(ref);
      if (made.has(source) || ofSource.has(source)) continue;
      const text = ref.fn().written;
      if (text !== undefined) {
        shared(ref, text, by);
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
      const optimised = stages.optimise(ref.fn(), true);
      const origin = optimised.origin?.file ?? file.fileName;
      const home = at.packages.isSource(origin) ? by : (at.packages.program.getSourceFile(origin) ?? file);
      const where = home === file ? container : home;
      const name = freeName(ref.name, (n) => reserved.has(n) || placement.isTaken(where, n));
      made.set(source, { name, home });
      reserved.add(name);
      placement.claims.add(where, name);
      others.push({ fn: optimised, name, container: where });
      visit(optimised, home);
    }
  };
  visit(root, file);
  return {
    others,
    names(ref, by) {
      const source = sourceOf(ref);
      const text = ref.fn().written;
      const standing = text && texts.get(by)?.get(text);
      if (standing !== undefined) return standing;
      const declaration = ofSource.get(source);
      const known = declaration && placement.nameOf(declaration, by === file ? place : by);
      if (known !== undefined) return known;
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
