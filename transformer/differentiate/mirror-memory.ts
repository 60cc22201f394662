import { Builder, isLiteral, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Accumulate, Allocate, Atom, Copy, Key, Load, Pop, Push, Resize, Store } from "../ir/model.js";
import { bool, carriesReal, containsItself, fieldType, int, isReference, nonNull, real, type RecordType, type Type } from "../ir/types.js";
import type { AdjointBuilder } from "./algebra.js";
import type { Frame } from "./frame.js";
import { sharesParts } from "./gradient.js";
import { partOf, type Places } from "./places.js";
import type { Reversal } from "./reversal.js";
import { Walkers } from "./walkers.js";

// x = a[i]   becomes   da[i] += dx
export function reverseLoad(s: Load, frame: Frame, r: Reversal): void {
  if (s.result.type.kind !== "real") return;
  const adjoint = frame.take(s.result);
  if (adjoint === undefined || !r.isActiveReference(s.of)) return;
  const shadow = r.shadowOf(s.of);
  if (!s.result.type.nullable) {
    // if (da[i] !== undefined) da[i] += dx   where nothing may have come of an element that may not be there
    const isMissing = s.of.type.kind === "array" && (adjoint.unused ? !r.bounds.hold(s) : adjoint.absent && r.bounds.exceed(s));
    if (!isMissing) return frame.builder.accumulate(shadow, s.key, adjoint.atom);
    return frame.guarded(isThere(shadow, s.key, frame.builder), (inner) => inner.builder.accumulate(shadow, s.key, adjoint.atom));
  }
  // An element that is not there has no place in the shadow.
  const missing = frame.builder.let("isUndefined", [s.result], bool);
  const there = frame.builder.let("!", [missing], bool);
  frame.guarded(there, (inner) => inner.builder.accumulate(shadow, s.key, adjoint.atom));
}

/** da[i] !== undefined */
function isThere(shadow: Atom, key: Key, b: AdjointBuilder): Atom {
  const place = b.load(shadow, key, "", { ...real, nullable: true });
  return b.let("!", [b.let("isUndefined", [place], bool)], bool);
}

// a[i] = x   becomes   dx += da[i]; da[i] = 0
export function reverseStore(s: Store, frame: Frame, r: Reversal): void {
  if (!r.isActiveReference(s.of) || isReference(s.value.type) || s.value.type.kind === "opaque") return;
  // A flag beside the numbers has no place in the shadow.
  if (s.of.type.kind === "record" && s.key.kind === "field" && !carriesReal(fieldType(s.of.type, s.key.name))) return;
  const shadow = r.shadowOf(s.of);
  if (s.value.kind === "var" && s.value.type.kind === "real" && r.isActive(s.value)) {
    const taken = takenFrom(shadow, s, frame.builder, r);
    // What is not there does not become part of the shadow.
    if (s.of.type.kind === "array" && mayDoNothing(s, r)) frame.guarded(isThere(shadow, s.key, frame.builder), (inner) => inner.builder.store(shadow, s.key, zero));
    else frame.builder.store(shadow, s.key, zero);
    frame.add(s.value, taken, true, mayDoNothing(s, r));
  } else frame.builder.store(shadow, s.key, zero);
  reverseResize(s, frame, r);
}

/** Whether a store may lie past the end: of a typed array, where it does nothing, or where only an element that is missing is changed, a[i] *= x. */
function mayDoNothing(s: Store, r: Reversal): boolean {
  if (s.of.type.kind === "array") return s.within === true && r.bounds.exceed(s);
  return s.of.type.kind === "typed" && !r.bounds.contain(s);
}

// a[i] += x   becomes   dx += da[i]
export function reverseAccumulate(s: Accumulate, frame: Frame, r: Reversal): void {
  if (!r.isActiveReference(s.of) || s.value.kind !== "var" || !r.isActive(s.value)) return;
  const isThere = s.of.type.kind !== "typed" || r.bounds.hold(s);
  frame.add(s.value, isThere ? frame.builder.load(r.shadowOf(s.of), s.key, "", real) : elementOr0(r.shadowOf(s.of), s, frame.builder), true, !isThere);
}

/** da[i], and da[i] ?? 0 where there may be no such element: such a store has done nothing. */
function takenFrom(shadow: Atom, s: Store, b: AdjointBuilder, r: Reversal): Atom {
  if (!mayDoNothing(s, r)) return b.load(shadow, s.key, "", real);
  return elementOr0(shadow, s, b);
}
function elementOr0(shadow: Atom, { key }: Store | Accumulate, b: AdjointBuilder): Atom {
  return b.let("??", [b.load(shadow, key, "", { ...real, nullable: true }), zero]);
}

// a.push(x)   becomes   dx += da.pop()
export function reversePush(s: Push, frame: Frame, r: Reversal): void {
  if (!r.isActiveReference(s.of) || isReference(s.value.type)) return;
  const taken = frame.builder.pop(r.shadowOf(s.of));
  if (s.value.kind === "var" && s.value.type.kind === "real" && r.isActive(s.value)) frame.add(s.value, taken, true, false);
}

// x = a.pop()   becomes   da.push(dx)
export function reversePop(s: Pop, frame: Frame, r: Reversal): void {
  if (!r.isActiveReference(s.of) || isReference(s.result.type)) return;
  frame.builder.push(r.shadowOf(s.of), frame.take(s.result)?.atom ?? zero);
}

/** What was filled up with 0 has no derivative; what was cut off comes back, and nothing has arrived for it. */
export function reverseResize(s: Resize | Store, frame: Frame, r: Reversal): void {
  const length = r.lengths.get(s);
  // A store has only ever made it longer.
  if (length) frame.builder.add({ kind: "resize", of: r.shadowOf(s.of), length, ...(s.kind === "store" && { atMost: true }), ...(frame.builder.origin ? { origin: frame.builder.origin } : {}) });
}

// b = a.slice(from, to)   becomes   for (k …) da[from + k] += db[k]
export function reverseCopy(s: Copy, frame: Frame, r: Reversal): void {
  if (!r.isActiveReference(s.result)) return;
  const { to, from } = r.copied.get(s) ?? { to: [r.shadowOf(s.of)], from: [r.shadowOf(s.result)] };
  // What is shared has one shadow, and nothing to be added.
  addInto(to, from, s.of.type, frame.builder, r.adders, sharesParts(s) ? s.depth : Infinity, s);
}

// [x, y]   becomes   dx += da[0]; dy += da[1]
export function reverseAllocate(s: Allocate, frame: Frame, r: Reversal): void {
  if (!r.isActiveReference(s.result)) return;
  const { initial, result } = s;
  if (initial.kind === "elements") {
    initial.elements.forEach((e, i) => {
      if (e.kind !== "var" || e.type.kind !== "real" || !r.isActive(e)) return;
      const key = result.type.kind === "record" ? ({ kind: "field", name: result.type.fields[i]?.name ?? "" } as const) : literal(i);
      frame.add(e, frame.builder.load(r.shadowOf(result), key, "", real), true, false);
    });
  } else if (initial.kind === "fill" && initial.value.kind === "var" && r.isActive(initial.value)) {
    frame.add(initial.value, sumOf(r.shadowOf(result), frame.builder), true, false);
  }
}

/** What adds all numbers of an object to those of another, in objects that contain themselves too. */
export function adders(): Walkers {
  const all = new Walkers("add", ["to", "from"], ([to, from], type, b) => {
    if (to !== undefined && from !== undefined) addMembers([to], [from], type, b, Infinity, all);
  });
  return all;
}

/** `for (k …) to[from + k] += with[k]`, wherever there are numbers in so many levels; of a copy, from where it begins. */
export function addInto(to: Places, values: Places, type: Type, b: Builder, all: Walkers, depth = Infinity, copy?: Pick<Copy, "from" | "to">): void {
  const [target, source] = [to[0] as Atom, values[0] as Atom];
  if (type.kind === "record") {
    if (depth === Infinity && containsItself(type)) return all.walk([target, source], type, b);
    return addMembers(to, values, type, b, depth, all);
  }
  const isLeaf = !(type.kind === "array" && isReference(type.element));
  if (!isLeaf && depth <= 1) return;
  const k = variable("k", int, b.origin);
  const bound = b.load(values[1] ?? source, lengthField);
  const inner = new Builder(b.origin);
  const from = copy?.from;
  const at = from === undefined || isLiteral(from, 0) ? k : inner.let("+", [from, k], int);
  if (type.kind === "array" && isReference(type.element)) addPart(to, values, at, k, type.element, inner, depth - 1, all);
  else {
    // The adjoint of a copy is then as long as that of what was copied.
    const isWhole = copy !== undefined && from === undefined && copy.to === undefined;
    inner.accumulate(target, at, inner.load(source, k, "", real), isWhole);
  }
  b.add({ kind: "loop", counter: { var: k, start: zero, test: "<", bound, step: 1 }, carried: [], body: inner.block(region("add"), [zero]) });
}

function addMembers(to: Places, values: Places, type: RecordType, b: Builder, depth: number, all: Walkers): void {
  const [target, source] = [to[0] as Atom, values[0] as Atom];
  for (const f of type.fields) {
    const key = { kind: "field", name: f.name } as const;
    if (f.type.kind === "real") addNumber(target, source, key, f.type, b);
    else if (isReference(f.type) && carriesReal(f.type) && depth > 1) addPart(to, values, key, key, f.type, b, depth - 1, all);
  }
}

/** `if (to.k !== undefined) to.k += from.k`: what `to` lacks has been put into `from` since. */
export function addNumber(to: Atom, from: Atom, key: Key, type: Type, b: Builder): void {
  if (type.nullable !== true) return b.accumulate(to, key, b.load(from, key, "", type));
  present(b.load(to, key, "", type), b, (inner) => {
    const added = inner.load(from, key, "", type);
    present(added, inner, (then) => { then.accumulate(to, key, then.let("identity", [added], real)); });
  });
}

function addPart(to: Places, values: Places, at: Key, key: Key, type: Type, b: Builder, depth: number, all: Walkers): void {
  const found = type.nullable ? b.load(values[1] ?? (values[0] as Atom), key) : zero;
  present(found, b, (then) => addInto(partOf(to, at, then), partOf(values, key, then), nonNull(type), then, all, depth));
}

/** What may be left out has no place in the shadow then: `if (a !== undefined) { … }`. */
export function present(a: Atom, b: Builder, write: (then: Builder) => void): void {
  if (!a.type.nullable) return write(b);
  const then = new Builder(b.origin);
  write(then);
  b.if(b.let("isUndefined", [a], bool), { region: region("missing"), statements: [], yields: [] }, then.block(region("present")));
}

function sumOf(shadow: Atom, b: Builder): Atom {
  const k = variable("k", int, b.origin);
  const [param, result] = [variable("sum", real, b.origin), variable("sum", real, b.origin)];
  const bound = b.load(shadow, lengthField);
  const inner = new Builder(b.origin);
  const next = inner.let("+", [param, inner.load(shadow, k, "", real)]);
  const body = inner.block(region("sum"), [zero, next]);
  b.add({ kind: "loop", counter: { var: k, start: zero, test: "<", bound, step: 1 }, carried: [{ param, init: zero, result }], body });
  return result;
}
