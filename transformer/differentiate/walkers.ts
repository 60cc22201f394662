import { Builder, region, variable } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { nonNull, type Field, type RecordType } from "../ir/types.js";

/**
 * Functions that do the same with an object, or with several of one shape, and with all such objects within: how deep
 * these are is not known, so each calls itself.
 *
 *     function clearTree(tree: Tree): void { tree.value = 0; for (…) clearTree(tree.kids[k]); }
 */
export class Walkers {
  private readonly made = new Map<readonly Field[], FnRef>();

  /** `write` says what is done with an object; it asks for a walk through what is within. */
  constructor(
    private readonly verb: string,
    private readonly names: readonly string[],
    private readonly write: (objects: readonly Var[], type: RecordType, b: Builder) => void,
  ) {}

  walk(objects: readonly Atom[], type: RecordType, b: Builder): void {
    b.call(this.of(type, objects), objects, []);
  }

  private of(type: RecordType, objects: readonly Atom[]): FnRef {
    let ref = this.made.get(type.fields);
    if (ref === undefined) {
      const types = objects.map((a) => nonNull(a.type));
      let fn: Fn | undefined;
      const name = `${this.verb}${type.name ?? "Objects"}`;
      ref = { name, isApart: true, fn: () => (fn ??= this.function(name, types as RecordType[], type)) };
      this.made.set(type.fields, ref);
    }
    return ref;
  }

  private function(name: string, types: readonly RecordType[], type: RecordType): Fn {
    const params = types.map((t, i) => variable(this.names[i] ?? "", t));
    const b = new Builder();
    this.write(params, type, b);
    return { name, params, captures: [], body: b.block(region(name)), results: [] };
  }
}
