import type { Builder} from "../ir/build.js";
import { lengthField, literal } from "../ir/build.js";
import type { Atom, Key, Var } from "../ir/model.js";
import { arrayOf, isReference, nullable, real, recordOf, tupleOf, type Type } from "../ir/types.js";
import { loop, membersOf, type Place } from "./columns.js";
import { gradientType, shadowType } from "./shadow-type.js";

/** The type of the gradient by parameters: of one its own, of several a tuple. */
export function rowType(inputs: readonly Var[], single: boolean): Type {
  const types = inputs.map((p) => gradientType(p.type));
  return (single ? types[0] : undefined) ?? tupleOf(types);
}

/** The type of a Jacobian: that of the result's tangent, with a row for every number. */
export function jacobianType(of: Type, row: Type): Type {
  switch (of.kind) {
    case "real":
    case "int":
      return row;
    case "typed":
      return row.kind === "real" ? of : arrayOf(row);
    case "array":
      return arrayOf(jacobianType(of.element, row), of.length);
    case "record": {
      const fields = of.fields.map((f) => ({ name: f.name, type: f.type.nullable ? nullable(jacobianType(f.type, row)) : jacobianType(f.type, row) }));
      return recordOf(fields, of.shape);
    }
    default:
      return of;
  }
}

/** A new row, all zero: `new Float64Array(x.length)`. */
export function newRow(inputs: readonly Var[], single: boolean, b: Builder): Atom {
  const parts = inputs.map((p): Atom => {
    if (p.type.kind === "real") return { ...literal(0), type: real };
    return isReference(p.type) ? b.allocate(shadowType(p.type), { kind: "zerosLike", source: p }) : literal(undefined);
  });
  const [first] = parts;
  if (single && first !== undefined) return first;
  return b.allocate(rowType(inputs, single), { kind: "elements", elements: parts });
}

/** New memory for a Jacobian: a row for every number of `value`. */
export function newRows(value: Atom, of: Type, row: Type, write: (b: Builder) => Atom, b: Builder, name = ""): Atom {
  if (of.kind === "real" || of.kind === "int") return write(b);
  if (!isReference(of)) return literal(undefined);
  const type = jacobianType(of, row);
  const members = membersOf(of);
  if (members !== undefined) {
    const elements = members.map(({ key, type: inner }) => newRows(isReference(inner) ? b.load(value, key) : value, inner, row, write, b));
    return b.allocate(type, { kind: "elements", elements }, name);
  }
  const rows = b.allocate(type, { kind: "elements", elements: [] }, name);
  const element: Type = of.kind === "array" ? of.element : real;
  loop(b, literal(0), b.load(value, lengthField), 1, (j, inner) => {
    inner.push(rows, newRows(isReference(element) ? inner.load(value, j) : value, element, row, write, inner));
  });
  return rows;
}

/** What stands at a place of a Jacobian or a row. */
export function loadAt(of: Atom, place: Place, b: Builder, name = ""): Atom {
  return place.reduce((inner: Atom, key, i) => b.load(inner, keyIn(inner.type, key), i === place.length - 1 ? name : ""), of);
}

/** Writes a number to its place in a row. */
export function storeAt(row: Atom, place: Place, value: Atom, b: Builder): void {
  const last = place.at(-1);
  if (last === undefined) throw new Error("a number has no place");
  const holder = loadAt(row, place.slice(0, -1), b);
  b.store(holder, keyIn(holder.type, last), value);
}

/** Places of a tuple are fields where its elements have several types. */
export function keyIn(of: Type, key: Key): Key {
  if (of.kind === "record" && key.kind === "literal") return { kind: "field", name: String(key.value) };
  return key;
}
