import { isRecord, pathText } from "./shape.js";
import type { Path } from "./shape.js";

/**
 * The first place where two values differ, said in words; `undefined` where they agree bit for bit. Functions, maps and other
 * constants are compared by identity. `root` names the values.
 */
export function firstDifference(before: unknown, after: unknown, root: string): string | undefined {
  return compare(before, after, { root, path: [], enclosing: new Set() });
}

interface Place {
  readonly root: string;
  readonly path: Path;
  readonly enclosing: ReadonlySet<unknown>;
}

function compare(before: unknown, after: unknown, place: Place): string | undefined {
  if (Object.is(before, after) || place.enclosing.has(before)) return undefined;
  if (isSequence(before) && isSequence(after)) {
    if (before.length === after.length) return compareInside(before, after, before.keys(), place);
    return `${textOf(place)} had ${before.length} elements and has ${after.length}`;
  }
  if (isRecord(before) && isRecord(after)) {
    return compareInside(before, after, new Set([...Object.keys(before), ...Object.keys(after)]), place);
  }
  return `${textOf(place)} was ${show(before)} and is ${show(after)}`;
}

function compareInside(before: object, after: object, keys: Iterable<number | string>, place: Place): string | undefined {
  const enclosing = new Set([...place.enclosing, before]);
  for (const key of keys) {
    const [a, b] = [before, after].map((side) => (side as Record<number | string, unknown>)[key]);
    if (Object.is(a, b)) continue;
    const found = compare(a, b, { ...place, path: [...place.path, key], enclosing });
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSequence(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function textOf({ root, path }: Place): string {
  return pathText(path, root);
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return isSequence(value) ? `an array of ${value.length}` : "an object";
  return Object.is(value, -0) ? "-0" : typeof value === "function" ? "a function" : String(value);
}
