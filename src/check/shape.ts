/** Where a number stands in the arguments: the argument's position, then indices and keys. */
export type Path = readonly (number | string)[];

/** A number in the arguments that can be varied. */
export interface Leaf {
  readonly path: Path;
  readonly value: number;
  /** Whether it stands in a `Float32Array`, which cannot hold small steps. */
  readonly single: boolean;
}

export type Floats = Float64Array | Float32Array;

export function isFloats(value: unknown): value is Floats {
  return value instanceof Float64Array || value instanceof Float32Array;
}

/**
 * Whether a value is an object with fields of its own. `Map`, `Date`, `Promise` and the like name themselves in
 * their string tag and are constants.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]";
}

/** The keys of an object that hold data; what a getter computes is no place where a number can be put. */
export function dataKeys(record: Record<string, unknown>): string[] {
  return Object.keys(record).filter((key) => "value" in (Object.getOwnPropertyDescriptor(record, key) ?? {}));
}

/** All numbers in the arguments at the given positions, in order. A reference back to an enclosing object is not followed. */
export function leavesOf(args: readonly unknown[], positions: readonly number[]): Leaf[] {
  const leaves: Leaf[] = [];
  const enclosing = new Set<unknown>();
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === "number") {
      leaves.push({ path, value, single: false });
    } else if (isFloats(value)) {
      const single = value instanceof Float32Array;
      value.forEach((x, i) => leaves.push({ path: [...path, i], value: x, single }));
    } else if (typeof value === "object" && value !== null && !enclosing.has(value)) {
      enclosing.add(value);
      if (Array.isArray(value)) value.forEach((element, i) => visit(element, [...path, i]));
      else if (isRecord(value)) for (const key of dataKeys(value)) visit(value[key], [...path, key]);
      enclosing.delete(value);
    }
  };
  for (const position of positions) visit(args[position], [position]);
  return leaves;
}

/**
 * A copy of the arguments which a function may write to. An array that is reached by two paths becomes two, because gradients are
 * by place; references back to an enclosing object lead to that object's copy.
 */
export function copyArguments(args: readonly unknown[]): unknown[] {
  const copies = new Map<object, unknown>();
  return args.map((arg) => copy(arg, copies));
}

function copy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? value : (value as Floats).slice();
  if (!Array.isArray(value) && !isRecord(value)) return value;
  const result = Array.isArray(value) ? value.slice() : (Object.create(Object.getPrototypeOf(value) as object | null) as object);
  copies.set(value, result);
  if (Array.isArray(result)) {
    for (let i = 0; i < result.length; i++) {
      if (typeof result[i] === "object") result[i] = copy(result[i], copies);
    }
  } else {
    for (const key of Reflect.ownKeys(value)) copyProperty(value, result, key, copies);
  }
  copies.delete(value);
  return result;
}

function copyProperty(from: object, to: object, key: string | symbol, copies: Map<object, unknown>): void {
  const property = Object.getOwnPropertyDescriptor(from, key);
  if (property === undefined) return;
  if ("value" in property) {
    property.value = copy(property.value, copies);
    // The copy of a frozen object has to take a varied number.
    property.writable = true;
  }
  Object.defineProperty(to, key, property);
}

type Holder = Record<number | string, unknown>;

/** What stands at a path, or `undefined` where the path leads nowhere. */
export function read(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Holder)[key];
  }
  return value;
}

/** Puts a number at a path that is known to exist, and returns what can be read there, rounded in a `Float32Array`. */
export function write(root: unknown, path: Path, value: number): number {
  const holder = read(root, path.slice(0, -1)) as Holder;
  const key = path[path.length - 1] as number | string;
  holder[key] = value;
  return holder[key] as number;
}

/** The path as it is written in a program: `args[0][3].x`. */
export function pathText(path: Path, root = "args"): string {
  return path.reduce<string>((text, key) => text + (typeof key === "number" ? `[${key}]` : field(key)), root);
}

function field(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
