import { kindOf } from "./evaluate.js";
import type { Selection } from "./options.js";
import { dataKeys, isFloats, isRecord, pathText } from "./shape.js";
import type { Path } from "./shape.js";

/** The gradients by the selected arguments, or a sentence that says why a value is not the gradient's shape. */
export type Layout = { readonly gradients: readonly unknown[] } | { readonly problem: string };

/**
 * Takes apart what a gradient function returned. Without `wrt` one argument has its own gradient and several have a tuple; one argument
 * may have a tuple too, when it was followed by defaults or is the only one of a rest parameter. A tuple may be longer than the arguments.
 */
export function takeApart(result: unknown, args: readonly unknown[], { positions, layout }: Selection): Layout {
  const single = positions.length === 1 && layout !== "tuple";
  const alone = single ? mismatch(args[positions[0] as number], result, [positions[0] as number]) : undefined;
  if (single && (alone === undefined || layout === "one")) {
    return alone === undefined ? { gradients: [result] } : { problem: alone };
  }
  if (!isList(result) || result.length < positions.length || (layout === "tuple" && result.length > positions.length)) {
    return { problem: alone ?? `the gradient should be a tuple of ${positions.length} and is ${described(result)}` };
  }
  const gradients = Array.from(result).slice(0, positions.length);
  const problem = positions.map((position, i) => mismatch(args[position], gradients[i], [position])).find((text) => text !== undefined);
  return problem === undefined ? { gradients } : { problem: alone ?? problem };
}

/** Says where a gradient has not the shape of its argument; `undefined` where it has. */
function mismatch(arg: unknown, gradient: unknown, path: Path, enclosing: ReadonlySet<unknown> = new Set()): string | undefined {
  if (typeof arg === "number") {
    return typeof gradient === "number" ? undefined : `the gradient by ${pathText(path)} should be a number and is ${described(gradient)}`;
  }
  if (enclosing.has(arg)) return undefined;
  const within = new Set([...enclosing, arg]);
  if (isFloats(arg) || (Array.isArray(arg) && arg.some((element) => holdsNumbers(element)))) {
    if (!isList(gradient) || gradient.length !== arg.length) {
      return `the gradient by ${pathText(path)} should have ${arg.length} elements and is ${described(gradient)}`;
    }
    if (isFloats(arg) && isFloats(gradient)) return undefined;
    return first(arg.keys(), (i) => mismatch(arg[i], gradient[i], [...path, i], within));
  }
  if (isRecord(arg) && holdsNumbers(arg)) {
    if (typeof gradient !== "object" || gradient === null) {
      return `the gradient by ${pathText(path)} should be an object and is ${described(gradient)}`;
    }
    return first(dataKeys(arg), (key) => mismatch(arg[key], (gradient as Record<string, unknown>)[key], [...path, key], within));
  }
  return undefined;
}

/** Whether there is a number in a value; where there is none, the gradient may have anything. */
function holdsNumbers(value: unknown, enclosing: ReadonlySet<unknown> = new Set()): boolean {
  if (typeof value === "number" || isFloats(value)) return true;
  if (typeof value !== "object" || value === null || enclosing.has(value)) return false;
  const within = new Set([...enclosing, value]);
  if (Array.isArray(value)) return value.some((element) => holdsNumbers(element, within));
  return isRecord(value) && dataKeys(value).some((key) => holdsNumbers(value[key], within));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || isFloats(value);
}

function described(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value);
}

function first<K>(keys: Iterable<K>, find: (key: K) => string | undefined): string | undefined {
  for (const key of keys) {
    const found = find(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
