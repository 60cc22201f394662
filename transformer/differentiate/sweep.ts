import { mayAppend } from "../ir/effects.js";
import { Builder, isLiteral, lengthField, literal, one, variable, zero } from "../ir/build.js";
import type { Allocate, Atom, Block, Copy, If, Loop, Push, Resize, Statement, Store, Var } from "../ir/model.js";
import { carriesReal, elementType, fieldType, holdsReferences, int, isReference, real } from "../ir/types.js";
import { sweepCall } from "./call.js";
import { exitHasMirror, isMirrored } from "./exits.js";
import { sharesParts } from "./gradient.js";
import { placesOf } from "./places.js";
import { lengthsBefore } from "./put-back.js";
import type { Reversal } from "./reversal.js";
import type { Shadows } from "./shadows.js";
import { turnCountOf } from "./steps.js";

/** The longest list of zeros that is written out. */
const longest = 4;

/**
 * The forward sweep: the statements of the source, with the shadow of every reference carried beside it, and turns
 * counted where the mirror needs to know them.
 */
export function sweep(s: Statement, r: Reversal): Statement[] {
  switch (s.kind) {
    case "if":
      return [sweepIf(s, r)];
    case "loop":
      return [...lengthsBefore(s, r), sweepLoop(s, r)];
    case "call":
      return sweepCall(s, r);
    default:
      return [...(s.kind === "resize" ? lengthBefore(s, r) : []), s, ...shadowsOf(s, r)];
  }
}

export function sweepBlock(block: Block, r: Reversal, more: readonly Atom[] = []): Block {
  const statements = block.statements.flatMap((s) => sweep(s, r));
  return { ...block, statements, yields: [...block.yields, ...more] };
}

/** What is done to the shadow beside a statement on memory. */
function shadowsOf(s: Statement, r: Reversal): Statement[] {
  const b = new Builder(s.origin);
  switch (s.kind) {
    case "load":
      // p = m[i]   also   dp = dm[i]
      if (r.isActiveReference(s.result)) b.add({ ...s, of: r.shadowOf(s.of), result: r.bindShadow(s.result) });
      break;
    case "store":
      if (r.isActiveReference(s.of) && isReference(s.value.type)) {
        if (r.isActiveReference(s.value) || s.value.kind === "literal") b.add({ ...s, of: r.shadowOf(s.of), value: r.shadowOf(s.value) });
      } else if (r.isActiveReference(s.of) && isOptionalNumber(s)) b.store(r.shadowOf(s.of), s.key, zero);
      else if (r.isActiveReference(s.of) && s.value.type.kind !== "opaque") growShadow(s, r, b);
      break;
    case "push":
      if (r.isActiveReference(s.of)) b.push(r.shadowOf(s.of), shadowElement(s, r));
      break;
    case "pop":
      if (r.isActiveReference(s.of)) {
        const of = r.shadowOf(s.of);
        if (isReference(s.result.type)) b.add({ ...s, of, result: r.bindShadow(s.result) });
        else b.pop(of);
      }
      break;
    case "resize":
      if (r.isActiveReference(s.of)) resizeShadow(s, r, b, s.length);
      break;
    case "copy":
      if (r.isActiveReference(s.result)) {
        copyShadow(s, r, b);
      }
      break;
    case "allocate":
      if (r.isActiveReference(s.result)) b.add(shadowAllocation(s, r));
      break;
    case "opaque":
      // Constant memory that is written to afterwards, or may be the same as memory that is: a shadow, all zero, beside it.
      if (s.result && r.isActiveReference(s.result)) b.add({ kind: "allocate", result: r.bindShadow(s.result), initial: { kind: "zerosLike", source: s.result } });
      break;
    case "let":
      if (!r.isActiveReference(s.result)) break;
      // y = stopGradient(a)   has a shadow of its own, which nothing reads
      if (s.op === "stopGradient") b.add({ kind: "allocate", result: r.bindShadow(s.result), initial: { kind: "zerosLike", source: s.result } });
      else b.add({ ...s, args: s.args.map((a) => (isReference(a.type) ? r.shadowOf(a) : a)), result: r.bindShadow(s.result) });
      break;
    default:
      break;
  }
  return b.statements;
}

/**
 * The shadow of a deep copy is new, and of one that shares what lies deeper it shares the same. Where rows change their
 * places afterwards the mirror needs to know which shadow belonged to which when the copy was made.
 */
function copyShadow(s: Copy, r: Reversal, b: Builder): void {
  const { result } = s;
  const shadow = r.bindShadow(result);
  if (sharesParts(s)) {
    b.add({ ...s, of: r.shadowOf(s.of), result: shadow });
    if (shadow.type.kind !== "record") return;
    for (const f of shadow.type.fields) if (f.type.kind === "real") b.store(shadow, { kind: "field", name: f.name }, zero);
    return;
  }
  const zeros: Statement = { kind: "allocate", result: shadow, initial: { kind: "zerosLike", source: result } };
  b.add(zeros);
  if (s.of.kind !== "var" || !holdsReferences(result.type) || !(r.movesReferences(result) || r.movesReferences(s.of))) return;
  r.copied.set(s, { from: placesOf(shadow, b), to: placesOf(r.shadowOf(s.of), b) });
}

/** A number that a record may lack: its shadow lacks it too, until it is stored. */
export function isOptionalNumber(s: Store): boolean {
  if (s.of.type.kind !== "record" || s.key.kind !== "field" || s.value.kind === "literal" && s.value.value === undefined) return false;
  const type = fieldType(s.of.type, s.key.name);
  return type.kind === "real" && type.nullable === true;
}

/** An array may grow by a store at its end; its shadow then grows with it. */
function growShadow(s: Extract<Statement, { kind: "store" }>, r: Reversal, b: Builder): void {
  if (s.key.kind !== "field" && mayAppend(s)) resizeShadow(s, r, b, b.let("+", [s.key, one], int));
}

/** A length that the mirror goes by, or that the gradient has, has to be put back. */
function resizeShadow(s: Resize | Store, r: Reversal, b: Builder, length: Atom): void {
  const of = r.shadowOf(s.of);
  if (s.kind === "resize") b.add({ ...s, of, length, holes: false });
  else {
    if (r.needsLength(s.of) && !r.isPutBack(s)) r.lengths.set(s, b.load(of, lengthField, "length"));
    b.add({ kind: "resize", of, length, atLeast: true });
  }
}

/** Before a length is set it is that of the shadow too, and may have been asked for. */
function lengthBefore(s: Resize, r: Reversal): Statement[] {
  if (!r.isActiveReference(s.of) || (s.atLeast === true && !r.needsLength(s.of))) return [];
  const b = new Builder(s.origin);
  r.lengths.set(s, b.load(s.of, lengthField, "length"));
  return b.statements;
}

function shadowElement(s: Push, r: Reversal): Atom {
  return isReference(s.value.type) ? r.shadowOf(s.value) : zero;
}

/** The shadow of new memory. `valueOf` says what stands in the place of a number, where that is not 0. */
export function shadowAllocation(s: Allocate, r: Shadows, valueOf: (a: Atom) => Atom | undefined = () => undefined): Allocate {
  const { initial } = s;
  const result = r.bindShadow(s.result);
  if (initial.kind === "fill" && valueOf(initial.value)) return { ...s, result, initial: { ...initial, value: valueOf(initial.value) ?? zero } };
  if (initial.kind === "zerosLike") return { ...s, result };
  const isZero = initial.kind !== "elements" || initial.elements.every((e) => valueOf(e) === undefined);
  if (initial.kind !== "elements" || initial.elements.length === 0 || (isZero && !holdsReferences(s.result.type))) {
    // What holds nothing yet has a shadow that holds nothing, and a short list of numbers one of zeros.
    if (initial.kind === "elements" && initial.elements.length === 0) return { ...s, result };
    if (initial.kind === "fill" && isLiteral(initial.value) && initial.value.value === undefined && isReference(elementType(s.result.type))) return { ...s, result };
    const isShort = initial.kind === "elements" && result.type.kind === "array" && initial.elements.length <= longest;
    if (isShort) return { ...s, result, initial: { kind: "elements", elements: initial.elements.map(() => zero) } };
    return { ...s, result, initial: { kind: "zerosLike", source: s.result } };
  }
  const { type } = s.result;
  const isKept = (i: number): boolean => type.kind !== "record" || type.shape === "tuple" || carriesReal(type.fields[i]?.type ?? real);
  const elements = initial.elements.filter((_, i) => isKept(i)).map((e) => {
    if (isReference(e.type)) return r.isActiveReference(e) ? r.shadowOf(e) : (valueOf(e) ?? literal(undefined));
    return e.type.kind === "real" || e.type.kind === "int" ? (valueOf(e) ?? zero) : literal(undefined);
  });
  return { ...s, result, initial: { kind: "elements", elements } };
}

function sweepIf(s: If, r: Reversal): If {
  const shared = s.results.map((v, i) => ({ v, i })).filter(({ v }) => r.isActiveReference(v));
  // The sides come first: they bind the shadows that they yield.
  const side = (source: Block): Block => {
    const swept = sweepBlock(source, r);
    return { ...swept, yields: [...swept.yields, ...shared.map(({ i }) => r.shadowOf(source.yields[i] ?? literal(undefined)))] };
  };
  const then = side(s.then);
  const otherwise = side(s.else);
  return { ...s, then, else: otherwise, results: [...s.results, ...shared.map(({ v }) => r.bindShadow(v))] };
}

function sweepLoop(s: Loop, r: Reversal): Loop {
  const shared = s.carried.map((c, i) => ({ c, i })).filter(({ c }) => r.isActiveReference(c.param));
  const shadows = shared.map(({ c }) => ({ init: r.shadowOf(c.init), param: r.bindShadow(c.param), result: r.bindShadow(c.result) }));
  const swept = sweepBlock(s.body, r);
  const body = { ...swept, yields: [...swept.yields, ...shared.map(({ i }) => r.shadowOf(s.body.yields[i + 1] ?? literal(undefined)))] };
  const loop: Loop = { ...s, body, carried: [...s.carried, ...shadows] };
  return isMirrored(s, r) ? counted(loop, s, r) : loop;
}

/** Counts the turns of a loop whose counter does not tell them: those that are completed, or all that began. */
function counted(swept: Loop, source: Loop, r: Reversal): Loop {
  const [status] = source.body.yields;
  if (source.counter && status !== undefined && isLiteral(status, 0)) return swept;
  const partial = exitHasMirror(source, r);
  const count = partial ? undefined : turnCountOf(source);
  if (count !== undefined) {
    r.loops.set(source.body.region, { turns: count.result, partial });
    return swept;
  }
  const turns: Var = variable("turns", int, source.origin);
  const param: Var = variable("turns", int, source.origin);
  const exit = swept.exit ?? variable("exit", int, source.origin);
  r.loops.set(source.body.region, { turns, exit, partial });
  const { block, atom } = partial ? began(swept.body, param) : completed(swept.body, swept.body.yields[0] ?? zero, param);
  const body = { ...block, yields: [...block.yields, atom] };
  return { ...swept, exit, body, carried: [...swept.carried, { param, init: zero, result: turns }] };
}

function began(body: Block, turns: Var): { block: Block; atom: Atom } {
  const b = new Builder(turns.origin);
  const atom = b.let("+", [turns, one], int, "turns");
  return { block: { ...body, statements: [...body.statements, ...b.statements] }, atom };
}

/** The count after a turn: one more where the turn ends with status 0. */
function completed(block: Block, status: Atom, turns: Var): { block: Block; atom: Atom } {
  if (status.kind === "literal") return status.value === 0 ? began(block, turns) : { block, atom: turns };
  for (const [k, s] of block.statements.entries()) {
    if (s.kind !== "if" || !s.results.includes(status)) continue;
    const i = s.results.indexOf(status);
    const [then, otherwise] = [s.then, s.else].map((side) => completed(side, side.yields[i] ?? zero, turns));
    if (!then || !otherwise) break;
    const atom = variable("turns", int, turns.origin);
    const counting: If = {
      ...s,
      results: [...s.results, atom],
      then: { ...then.block, yields: [...then.block.yields, then.atom] },
      else: { ...otherwise.block, yields: [...otherwise.block.yields, otherwise.atom] },
    };
    return { block: { ...block, statements: block.statements.map((t, j) => (j === k ? counting : t)) }, atom };
  }
  throw new Error("the status of a loop comes from no branch");
}
