import type { Atom, Block, Carried, FnRef, Initial, Key, Literal, Origin, Region, Statement, Var } from "./model.js";
import { bool, elementType, fieldType, int, nonNull, opaque, real, type Type } from "./types.js";

/** Makes a name of the IR. An empty name leaves the choice to the emitter. */
export function variable(name: string, type: Type, origin?: Origin): Var {
  return origin === undefined ? { kind: "var", name, type } : { kind: "var", name, type, origin };
}
/** The adjoint of a whole result, as code is given it that reverses what made the result. */
export function cotangent(name: string, type: Type, origin?: Origin): Var {
  return { ...variable(name, type, origin), isCotangent: true };
}

export function literal(value: Literal["value"], type: Type = typeOfValue(value)): Literal {
  return { kind: "literal", value, type };
}

function typeOfValue(value: Literal["value"]): Type {
  if (typeof value === "number") return Number.isInteger(value) && !Object.is(value, -0) ? int : real;
  if (typeof value === "boolean") return bool;
  return typeof value === "string" ? { kind: "opaque", text: "string" } : { ...opaque, nullable: true };
}

export const zero: Literal = literal(0);
export const one: Literal = literal(1);

export function field(name: string): Key {
  return { kind: "field", name };
}
export const lengthField: Key = field("length");

export function region(name: string, mirrors?: Region): Region {
  return mirrors === undefined ? { name } : { name, mirrors };
}

export function isLiteral(atom: Atom, value?: Literal["value"]): atom is Literal {
  return atom.kind === "literal" && (value === undefined || Object.is(atom.value, value));
}

/** The type of what a key selects in memory of type `of`. */
export function selectedType(of: Type, key: Key): Type {
  if (key.kind !== "field") {
    if (of.kind === "record" && key.kind === "literal") return fieldType(of, String(key.value));
    return elementType(of);
  }
  return key.name === "length" && of.kind !== "record" ? int : fieldType(of, key.name);
}

/**
 * Collects the statements of one block. Each method appends one statement and gives the name that it binds.
 */
export class Builder {
  readonly statements: Statement[] = [];

  /** `origin` is put on every statement made until it is changed. */
  constructor(public origin?: Origin) {}

  add(statement: Statement): void {
    this.statements.push(statement);
  }
  let(op: string, args: readonly Atom[], type: Type = real, name = ""): Var {
    const result = this.bind(name, type);
    this.add({ kind: "let", result, op, args, ...this.sourced });
    return result;
  }
  load(of: Atom, key: Key, name = "", type: Type = selectedType(of.type, key)): Var {
    const result = this.bind(name, type);
    this.add({ kind: "load", result, of, key, ...this.sourced });
    return result;
  }
  /** At a place that is there. */
  store(of: Atom, key: Key, value: Atom): void {
    this.add({ kind: "store", of, key, value, within: true, ...this.sourced });
  }
  clear(of: Atom, key: Key): void {
    this.add({ kind: "store", of, key, value: zero, within: true, clears: true, ...this.sourced });
  }
  accumulate(of: Atom, key: Key, value: Atom, whole = false): void {
    this.add({ kind: "accumulate", of, key, value, ...(whole && { whole }), ...this.sourced });
  }
  push(of: Atom, value: Atom): void {
    this.add({ kind: "push", of, value, ...this.sourced });
  }
  pop(of: Atom, name = ""): Var {
    const result = this.bind(name, elementType(of.type));
    this.add({ kind: "pop", result, of, ...this.sourced });
    return result;
  }
  allocate(type: Type, initial: Initial, name = ""): Var {
    return this.allocateAs(this.bind(name, type), initial);
  }
  /** New memory under a name that is there already. */
  allocateAs(result: Var, initial: Initial): Var {
    this.add({ kind: "allocate", result, initial, ...this.sourced });
    return result;
  }
  copy(of: Atom, depth = 1, name = ""): Var {
    const result = this.bind(name, of.type);
    this.copyInto(result, of, depth);
    return result;
  }
  /** Of memory that may not be there: a === undefined ? undefined : a.slice() */
  copyInto(result: Var, of: Atom, depth: number): void {
    if (of.type.nullable !== true) return this.add({ kind: "copy", result, of, depth, ...this.sourced });
    const there = new Builder(this.origin);
    const copy = there.copy(there.let("identity", [of], nonNull(of.type)), depth);
    const missing: Block = { region: region("missing"), statements: [], yields: [literal(undefined, of.type)] };
    this.if(this.let("isUndefined", [of], bool), missing, there.block(region("present"), [copy]), [result]);
  }
  call(callee: FnRef, args: readonly Atom[], results: readonly Var[]): void {
    this.add({ kind: "call", callee, args, results, ...this.sourced });
  }
  if(test: Atom, then: Block, otherwise: Block, results: readonly Var[] = []): void {
    this.add({ kind: "if", test, then, else: otherwise, results, ...this.sourced });
  }

  block(region: Region, yields: readonly Atom[] = []): Block {
    return { region, statements: this.statements, yields };
  }

  private bind(name: string, type: Type): Var {
    return variable(name, type, this.origin);
  }
  private get sourced(): { origin?: Origin } {
    return this.origin === undefined ? {} : { origin: this.origin };
  }
}

export function carry(param: Var, init: Atom): Carried {
  return { param, init, result: variable(param.name, param.type, param.origin) };
}
