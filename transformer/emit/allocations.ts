import type { Field, RecordType, Type } from "../ir/types.js";
import { containsItself, elementType, isNull, isReference } from "../ir/types.js";
import type { Expressions } from "./expressions.js";
import { list, plain, write, type Fragment } from "./fragment.js";
import { level } from "./precedence.js";
import type { Duplicate, Fresh } from "./tree.js";
import { propertyName, takesUndefined } from "./types.js";
import { walked, type Around } from "./within-itself.js";
import { zeros } from "./zeros.js";

/** New memory: `new Float64Array(n)`, `new Array<number>(n).fill(0)`, `[a, b]`, `{ x: a, y }`. */
export function allocation(e: Fresh, print: Expressions): Fragment {
  const [first] = e.args;
  if (e.initial === "elements") return elements(e, print);
  if (first === undefined) throw new Error("an allocation without a size");
  if (e.initial === "zerosLike") return zeros(print.print(first, level.primary), first.type, e.type, print);
  const length = print.print(first, level.arrow);
  const { value } = e;
  const isAbsent = value === undefined || (value.kind === "literal" && value.value === undefined);
  if (e.type.kind === "typed") {
    const isZero = isAbsent || (value.kind === "literal" && Object.is(value.value, 0));
    const array = write`new ${e.type.name}(${length})`;
    return isZero ? array : write`${array}.fill(${print.print(value, level.arrow)})`;
  }
  const array = write`new Array<${print.naming.type(elementType(e.type))}>(${length})`;
  return isAbsent ? array : write`${array}.fill(${print.print(value, level.arrow)})`;
}

function elements(e: Fresh, print: Expressions): Fragment {
  const values = elementsOf(e, print);
  if (e.type.kind === "typed") {
    return values.length === 0 ? write`new ${e.type.name}(0)` : write`${e.type.name}.of(${list(values)})`;
  }
  if (e.type.kind !== "record" || e.type.shape === "tuple") return write`[${list(values)}]`;
  return object(properties(e, e.type.fields, values));
}

/** The texts of the parts. What nothing is read of may be undefined, whatever its type: { x: 0, at: undefined! } */
export function elementsOf(e: Fresh, print: Expressions): readonly Fragment[] {
  return e.args.map((a, i) => {
    const wanted = e.type.kind === "record" ? e.type.fields[i]?.type : elementType(e.type);
    const text = wanted === undefined ? print.print(a, level.arrow) : print.of(a, wanted);
    const isAbsent = a.kind === "literal" && a.value === undefined && wanted !== undefined;
    return isAbsent && !takesUndefined(wanted) ? write`${text}!` : text;
  });
}

function object(members: readonly Fragment[]): Fragment {
  return members.length === 0 ? plain("{}") : write`{ ${list(members)} }`;
}

/** x, y: b, without what may be left out and is. */
export function properties(e: Fresh, fields: readonly Field[], values: readonly Fragment[]): readonly Fragment[] {
  return fields.flatMap(({ name, type, isTag }, i) => {
    const given = e.args[i];
    if (type.nullable === true && !isNull(type) && given?.kind === "literal" && given.value === undefined) return [];
    const text = values[i] ?? plain("undefined");
    // Of the class alone TypeScript would know that it is no other.
    const value = isTag === true ? write`${text} as Function` : text;
    return [value.text === name ? value : write`${propertyName(name)}: ${value}`];
  });
}

/** `a.slice()`, `{ ...r }`; deeper copies copy what is within. */
export function duplicate(e: Duplicate, print: Expressions): Fragment {
  const range = [e.from ?? (e.to && { kind: "literal" as const, value: 0, type: { kind: "int" as const } }), e.to];
  const args = range.flatMap((r) => (r === undefined ? [] : [print.print(r, level.arrow)]));
  return copyOf(print.base(e.of), e.of.type, e.depth, { args, names: 0, around: [], print });
}

interface Within {
  /** The range that is copied, of the outermost level. */
  readonly args: readonly Fragment[];
  /** How many names of rows are in use around. */
  readonly names: number;
  readonly around: Around;
  readonly print: Expressions;
}

function copyOf(of: Fragment, type: Type, depth: number, within: Within): Fragment {
  const { args, names } = within;
  const inner = { ...within, args: [] };
  switch (type.kind) {
    case "typed":
      return write`${of}.slice(${list(args)})`;
    case "array": {
      // A tuple's slice is an array of unknown length.
      const whole = type.length !== undefined && args.length === 0;
      if (depth <= 1 || !isReference(type.element)) return whole ? write`[...${of}]` : write`${of}.slice(${list(args)})`;
      if (whole) {
        const parts = Array.from({ length: type.length }, (_, i) => nullableCopy(write`${of}[${i}]`, type.element, depth - 1, inner));
        return write`[${list(parts)}]`;
      }
      const row = names === 0 ? "row" : `row${names + 1}`;
      const rows = args.length === 0 ? of : write`${of}.slice(${list(args)})`;
      return write`${rows}.map((${row}) => ${asBody(nullableCopy(plain(row), type.element, depth - 1, { ...inner, names: names + 1 }))})`;
    }
    case "record":
      return depth === Infinity && containsItself(type) ? copyWithin(of, type, inner) : copyOfRecord(of, type, depth, inner);
    default:
      return of;
  }
}

// copyOfTree(tree), which gives { ...object, kids: object.kids.map((row) => copyOfTree(row)) }
function copyWithin(of: Fragment, type: RecordType, within: Within): Fragment {
  const body = (object: string, around: Around): Fragment => copyOfRecord(plain(object), type, Infinity, { ...within, names: 0, around });
  return walked(of, { verb: "copyOf", from: type, to: type, body }, within.around, within.print);
}

function nullableCopy(of: Fragment, type: Type, depth: number, within: Within): Fragment {
  const copy = copyOf(of, type, depth, within);
  return type.nullable === true ? write`${of} && ${copy}` : copy;
}

// { ...r, at: r.at.slice() }
function copyOfRecord(of: Fragment, type: RecordType, depth: number, within: Within): Fragment {
  const at = (f: Field): Fragment => (type.shape === "tuple" ? write`${of}[${f.name}]` : write`${of}.${f.name}`);
  const copied = (f: Field): Fragment => (depth > 1 && isReference(f.type) ? nullableCopy(at(f), f.type, depth - 1, within) : at(f));
  if (type.shape === "tuple") return write`[${list(type.fields.map(copied))}]`;
  // What a copy is of is kept with it, as it is no object of the class itself.
  const inner = type.fields.filter((f) => f.isTag === true || (depth > 1 && isReference(f.type))).map((f) => write`${propertyName(f.name)}: ${copied(f)}`);
  return write`{ ${list([write`...${of}`, ...inner])} }`;
}

/** The body of an arrow function. */
export function asBody(value: Fragment): Fragment {
  return value.text.startsWith("{") ? write`(${value})` : value;
}
