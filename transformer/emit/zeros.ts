import { containsItself, isNull, isReference, type ArrayType, type RecordType, type Type } from "../ir/types.js";
import { asBody } from "./allocations.js";
import type { Expressions } from "./expressions.js";
import { list, plain, write, type Fragment } from "./fragment.js";
import { isIdentifier, propertyName } from "./types.js";
import { walked, type Around } from "./within-itself.js";

/** The longest tuple of zeros that is written out. */
const LONGEST = 12;

/**
 * Memory of the same shape with 0 for every real: `new Float64Array(a.length)`,
 * `a.map((row) => new Array<number>(row.length).fill(0))`, `{ p: 0, at: new Array<number>(r.at.length).fill(0) }`.
 */
export function zeros(of: Fragment, source: Type, type: Type, print: Expressions): Fragment {
  const value = new Zeros(print).like(of, source, type, { around: [], rows: 0 });
  return source.nullable === true && isReference(type) ? write`${of} ${missing(source)} ? undefined : ${value}` : value;
}

/** The test for what is missing. */
function missing(type: Type): string {
  return isNull(type) ? "== null" : "=== undefined";
}

interface Within {
  readonly around: Around;
  /** How many names of rows are in use around. */
  readonly rows: number;
}

class Zeros {
  constructor(private readonly print: Expressions) {}

  like(of: Fragment, source: Type, type: Type, within: Within): Fragment {
    switch (type.kind) {
      case "real":
      case "int":
        return plain("0");
      case "typed":
        return write`new Float64Array(${of}.length)`;
      case "array":
        return this.array(of, source, type, within);
      case "record":
        return this.record(of, source, type, within);
      default:
        return plain("undefined");
    }
  }

  private array(of: Fragment, source: Type, { element, length }: ArrayType, within: Within): Fragment {
    const from = source.kind === "array" ? source.element : element;
    if (length !== undefined && length <= LONGEST) {
      return write`[${list(Array.from({ length }, (_, i) => this.present(write`${of}[${i}]`, from, element, within)))}]`;
    }
    // For a number that may be undefined, and for a hole, there is a 0 as well.
    if (element.kind === "real") return write`new Array<number>(${of}.length).fill(0)`;
    const row = within.rows === 0 ? "row" : `row${within.rows + 1}`;
    const inner = { ...within, rows: within.rows + 1 };
    return write`${of}.map((${row}) => ${asBody(this.present(plain(row), from, element, inner))})`;
  }

  // A reference that is undefined has no shadow.
  private present(of: Fragment, source: Type, type: Type, within: Within): Fragment {
    const value = this.like(of, source, type, within);
    if (source.nullable !== true || value.text === "undefined" || type.kind === "real") return value;
    return write`(${of} ${missing(source)} ? undefined${type.nullable === true ? "" : "!"} : ${value})`;
  }

  private record(of: Fragment, source: Type, type: RecordType, within: Within): Fragment {
    if (source.kind !== "record" || !containsItself(source)) return this.members(of, source, type, within);
    const body = (object: string, around: Around): Fragment => this.members(plain(object), source, type, { rows: 0, around });
    return walked(of, { verb: "zerosOf", from: source, to: type, body }, within.around, this.print);
  }

  private members(root: Fragment, source: Type, type: RecordType, inner: Within): Fragment {
    const values = type.fields.map((f) => {
      const known = source.kind === "record" ? source.fields.find((s) => s.name === f.name) : undefined;
      const value = member(root, f.name, type.shape);
      // What an object lacks its zeros lack too.
      const isOptional = type.shape === "object" && known?.type.nullable === true;
      return isOptional ? this.like(value, known.type, f.type, inner) : this.present(value, known?.type ?? f.type, f.type, inner);
    });
    const optional = type.fields.map((f) => {
      const known = source.kind === "record" ? source.fields.find((s) => s.name === f.name) : undefined;
      return type.shape === "object" && known?.type.nullable === true ? missing(known.type) : undefined;
    });
    return type.shape === "tuple" ? write`[${list(values)}]` : properties(type, values, root, optional);
  }
}

function member(of: Fragment, name: string, shape: RecordType["shape"]): Fragment {
  if (shape === "tuple") return write`${of}[${name}]`;
  return isIdentifier(name) ? write`${of}.${name}` : write`${of}[${JSON.stringify(name)}]`;
}

// { x: 0, ...(r.y === undefined ? {} : { y: 0 }) }
function properties(type: RecordType, values: readonly Fragment[], of: Fragment, optional: readonly (string | undefined)[]): Fragment {
  if (values.length === 0) return plain("{}");
  const parts = values.map((v, i) => {
    const name = type.fields[i]?.name ?? "";
    const property = write`${propertyName(name)}: ${v}`;
    const test = optional[i];
    return test === undefined ? property : write`...(${member(of, name, type.shape)} ${test} ? {} : { ${property} })`;
  });
  return write`{ ${list(parts)} }`;
}
