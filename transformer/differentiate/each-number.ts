import { Builder, carry, isLiteral, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Key } from "../ir/model.js";
import { arrayOf, elementType, int, isReference, real, type Type } from "../ir/types.js";
import { isMemory, loop, membersOf } from "./columns.js";

/** What is done with one number: the memory that holds it, in each of the values, its key there, and its own number. */
export type Visit = (b: Builder, holders: readonly Atom[], key: Key, index: Atom) => void;

/**
 * Goes through the numbers of memory in the order in which they stand, of several values of one shape at once. They are
 * counted from `start`; the result is the number behind the last.
 *
 *     for (let i = 0; i < a.length; i++) { …a[i], start + i… }   start + a.length
 */
export function eachNumber(of: readonly Atom[], type: Type, start: Atom, b: Builder, visit: Visit): Atom {
  const members = membersOf(type);
  if (members !== undefined) {
    return members.reduce((index: Atom, { key, type: inner }) => {
      if (inner.kind === "real") {
        visit(b, of, key, index);
        return plus(index, literal(1), b);
      }
      return isMemory(inner) ? eachNumber(of.map((a) => b.load(a, key)), inner, index, b, visit) : index;
    }, start);
  }
  const length = b.load(of[0] ?? zero, lengthField, "n");
  const element = elementType(type);
  if (!isReference(element)) {
    loop(b, zero, length, 1, (j, inner) => {
      visit(inner, of, j, plus(start, j, inner));
    });
    return plus(start, length, b);
  }
  const count = carry(variable("at", int, b.origin), start);
  const [row, inner] = [variable("i", int, b.origin), new Builder(b.origin)];
  const next = eachNumber(of.map((a) => inner.load(a, row)), element, count.param, inner, visit);
  b.add({ kind: "loop", counter: { var: row, start: zero, test: "<", bound: length, step: 1 }, carried: [count], body: inner.block(region("numbers"), [zero, next]) });
  return count.result;
}

export function plus(a: Atom, c: Atom, b: Builder): Atom {
  if (isLiteral(a) && isLiteral(c)) return literal(Number(a.value) + Number(c.value));
  if (isLiteral(a, 0)) return c;
  return isLiteral(c, 0) ? a : b.let("+", [a, c], int);
}

/** The numbers of a value as one array: the array itself where they are one, `a.flat()` where they stand in arrays of arrays. */
export function flat(value: Atom, b: Builder): Atom {
  if (isFlat(value.type)) return value;
  const depth = nesting(value.type);
  if (depth > 0) {
    const list = variable("numbers", arrayOf(real), b.origin);
    b.add({ kind: "opaque", result: list, text: ["", depth > 1 ? `.flat(${String(depth)})` : ".flat()"], args: [value], pure: true, readsOnly: true, fresh: true });
    return list;
  }
  const list = b.allocate(arrayOf(real), { kind: "elements", elements: isReference(value.type) ? [] : [value] }, "numbers");
  if (!isReference(value.type)) return list;
  eachNumber([value], value.type, zero, b, (inner, [of], key) => {
    if (of !== undefined) inner.push(list, inner.load(of, key));
  });
  return list;
}

/** How many arrays the arrays of numbers in a value stand in; 0 where it holds anything else. */
function nesting(type: Type): number {
  let [depth, inner] = [-1, type];
  for (; inner.kind === "array" && inner.nullable !== true; depth++) inner = inner.element;
  return inner.kind === "real" && inner.nullable !== true ? Math.max(depth, 0) : 0;
}

/** Whether a value is one array of numbers, of a length that is not known. */
export function isFlat(type: Type): boolean {
  return isReference(type) && type.kind !== "record" && membersOf(type) === undefined && elementType(type).kind === "real";
}
