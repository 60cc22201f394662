import { region, selectedType, variable, zero } from "../ir/build.js";
import type { Accumulate, Atom, Copy, Load, Pop, Statement, Store, Var } from "../ir/model.js";
import { carriesReal, isReference, real } from "../ir/types.js";
import type { AdjointBuilder } from "./algebra.js";
import type { Direction } from "./direction.js";
import { shadowType } from "./shadow-type.js";
import { shadowAllocation } from "./sweep.js";

/** What is done to tangent memory beside a statement on memory: the same, with tangents in the place of numbers. */
export function tangentMemory(s: Statement, d: Direction, b: AdjointBuilder): void {
  const sourced = b.origin && { origin: b.origin };
  switch (s.kind) {
    case "load":
      return tangentLoad(s, d, b);
    case "store":
      // a[i] = x   also   da[i] = dx
      if (d.isActiveReference(s.of) && hasPlace(s)) b.add({ ...s, of: d.shadowOf(s.of), value: tangentOr0(s.value, d, b), ...sourced });
      return;
    case "push":
      // a.push(x)   also   da.push(dx)
      if (d.isActiveReference(s.of)) b.push(d.shadowOf(s.of), tangentOr0(s.value, d, b));
      return;
    case "pop":
      return tangentPop(s, d, b);
    case "resize":
      if (d.isActiveReference(s.of)) b.add({ ...s, of: d.shadowOf(s.of), holes: false, ...sourced });
      return;
    case "copy":
      return tangentCopy(s, d, b);
    case "allocate":
      // a = [x, 1]   also   da = [dx, 0]
      if (d.isActiveReference(s.result)) b.add({ ...shadowAllocation(s, d, (a) => (isReference(a.type) ? constantPart(a, d, b) : d.tangentOf(a)?.atom)), ...sourced });
      return;
    case "opaque":
      // Constant memory that is written to afterwards.
      if (s.result && d.isActiveReference(s.result)) zeros(s.result, d, b);
      return;
    case "let":
      if (!d.isActiveReference(s.result)) return;
      // b = stopGradient(a)   has a shadow of its own, which stays zero
      if (s.op === "stopGradient") zeros(s.result, d, b);
      // b = a   also   db = da
      else b.add({ ...s, args: s.args.map((a) => (isReference(a.type) ? d.shadowOf(a) : a)), result: d.bindShadow(s.result), ...sourced });
      return;
    default:
      return;
  }
}

// a[i] += x   also   da[i] += dx
export function tangentAccumulate(s: Accumulate, d: Direction, b: AdjointBuilder): void {
  const tangent = d.tangentOf(s.value);
  if (d.isActiveReference(s.of) && tangent) b.accumulate(d.shadowOf(s.of), s.key, tangent.atom);
}

/** What stands in tangent memory for memory that does not change: its zeros. */
function constantPart(a: Atom, d: Direction, b: AdjointBuilder): Atom | undefined {
  if (a.kind === "literal" || !carriesReal(a.type) || d.isActiveReference(a)) return undefined;
  return b.allocate(shadowType(a.type), { kind: "zerosLike", source: a });
}

function tangentOr0(a: Atom, d: Direction, b: AdjointBuilder): Atom {
  if (isReference(a.type)) return constantPart(a, d, b) ?? d.shadowOf(a);
  return d.tangentOf(a)?.atom ?? zero;
}

/** Whether what is stored has a place in the shadow: a flag beside numbers has none. */
function hasPlace(s: Store): boolean {
  if (isReference(s.value.type)) return true;
  if (s.value.type.kind === "opaque" && !(s.value.kind === "literal" && s.value.value === undefined)) return false;
  return s.of.type.kind !== "record" || carriesReal(selectedType(s.of.type, s.key));
}

// p = m[i]   also   dp = dm[i]
function tangentLoad(s: Load, d: Direction, b: AdjointBuilder): void {
  if (!d.isActive(s.result) || !d.isActiveReference(s.of)) return;
  const of = d.shadowOf(s.of);
  if (isReference(s.result.type)) {
    b.add({ ...s, of, result: d.bindShadow(s.result), ...(b.origin && { origin: b.origin }) });
    return;
  }
  const isOptional = selectedType(of.type, s.key).nullable === true;
  const read = (from: AdjointBuilder): Atom => {
    const tangent = from.load(of, s.key, "", isOptional ? { ...real, nullable: true } : real);
    return isOptional ? from.let("??", [tangent, zero]) : tangent;
  };
  const atom = s.result.type.nullable ? unlessMissing(s.result, read, b) : read(b);
  d.set(s.result, { atom, absent: !d.isGiven(s.of, s.key) });
}

// x === undefined ? 0 : da[i]
// What is missing does not change, and has no place in the tangent memory either.
function unlessMissing(x: Var, read: (b: AdjointBuilder) => Atom, b: AdjointBuilder): Atom {
  const present = b.sibling();
  const tangent = read(present);
  const result = variable("", real, b.origin);
  b.if(b.op("isUndefined", [x]), { region: region("missing"), statements: [], yields: [zero] }, present.block(region("present"), [tangent]), [result]);
  return result;
}

// x = a.pop()   also   dx = da.pop()
function tangentPop(s: Pop, d: Direction, b: AdjointBuilder): void {
  if (!d.isActiveReference(s.of)) return;
  const isNumber = !isReference(s.result.type);
  const result = isNumber ? variable("", real, b.origin) : d.bindShadow(s.result);
  b.add({ ...s, of: d.shadowOf(s.of), result, ...(b.origin && { origin: b.origin }) });
  if (isNumber && d.isActive(s.result)) d.set(s.result, { atom: result, absent: true });
}

// b = a.slice(i, j)   also   db = da.slice(i, j)
function tangentCopy(s: Copy, d: Direction, b: AdjointBuilder): void {
  if (!d.isActiveReference(s.result)) return;
  if (!d.isActiveReference(s.of)) zeros(s.result, d, b);
  else b.add({ ...s, of: d.shadowOf(s.of), result: d.bindShadow(s.result), ...(b.origin && { origin: b.origin }) });
}

function zeros(v: Var, d: Direction, b: AdjointBuilder): void {
  b.add({ kind: "allocate", result: d.bindShadow(v), initial: { kind: "zerosLike", source: v }, ...(b.origin && { origin: b.origin }) });
}
