import type { Field, RecordType, Type } from "../ir/types.js";
import type { Expressions } from "./expressions.js";
import { write, type Fragment } from "./fragment.js";

/** The functions around a place that go through objects of types that contain themselves: the members of these, and its name. */
export type Around = readonly { readonly fields: readonly Field[]; readonly name: string }[];

export interface Walk {
  /** The first part of the function's name: `zerosOf`. */
  readonly verb: string;
  readonly from: RecordType;
  readonly to: Type;
  /** What it gives for an object of that name. */
  body(object: string, around: Around): Fragment;
}

/**
 * What a function gives that calls itself for the objects of one type within an object, `zerosOfTree(tree)`. It stands
 * beside, or where it is called if it is part of another.
 *
 *     function zerosOfTree(object: Tree): Tree {
 *       return { value: 0, kids: object.kids.map((row) => zerosOfTree(row)) };
 *     }
 */
export function walked(of: Fragment, { verb, from, to, body }: Walk, around: Around, { naming }: Expressions): Fragment {
  const outer = around.find((a) => a.fields === from.fields);
  if (outer !== undefined) return write`${outer.name}(${of})`;
  const wish = `${verb}${from.name ?? "Objects"}`;
  const [given, result] = [from, to].map((type) => naming.type({ ...type, nullable: false }));
  const inside = (name: string): Fragment => body("object", [...around, { fields: from.fields, name }]);
  const shared = around.length > 0 ? undefined : naming.shared?.(wish, (name) => `(object: ${given ?? ""}): ${result ?? ""} {\n  return ${inside(name).text};\n}\n`);
  if (shared !== undefined) return write`${shared}(${of})`;
  const name = around.length === 0 ? wish : `${wish}${String(around.length + 1)}`;
  return write`(function ${name}(object: ${given ?? ""}): ${result ?? ""} { return ${inside(name)}; })(${of})`;
}
