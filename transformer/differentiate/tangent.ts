import { Builder, literal, zero } from "../ir/build.js";
import type { Accumulate, Atom, Block, Call, CustomRule, FnRef, If, Let, Loop, Statement, Var } from "../ir/model.js";
import { isReference, real } from "../ir/types.js";
import { AdjointBuilder } from "./algebra.js";
import { besideOf, type Direction } from "./direction.js";
import { tangentCall } from "./tangent-call.js";
import { tangentMemory } from "./tangent-memory.js";

/** The state of carrying tangents through one function, in one direction or in several at once. */
export interface Forward {
  readonly directions: readonly Direction[];
  /** Operations that tangents are made of, by result. */
  readonly made: Map<Var, Let>;
  /** A function that takes tangents beside its arguments, and gives tangents beside its results. */
  readonly functionOf: (callee: FnRef) => FnRef;
  readonly kind: TangentKind;
}

/** What tangents are made of, where that is not memory as it stands: numbers, or names of sets of columns. */
export interface TangentKind {
  /** What the names of functions on tangents end with. */
  readonly suffix: string;
  /** What functions on tangents take besides. */
  readonly context: readonly Var[];
  operation(s: Let, d: Direction, b: AdjointBuilder): void;
  accumulate(s: Accumulate, d: Direction, b: AdjointBuilder): void;
  custom(s: Call, rule: CustomRule, f: Forward): Statement[];
}

/** Forward mode: the statements of the source as they are, and beside each what it does to the tangents. */
export function tangents(s: Statement, f: Forward): Statement[] {
  switch (s.kind) {
    case "if":
      return [tangentIf(s, f)];
    case "loop":
      return [tangentLoop(s, f)];
    case "call":
      return tangentCall(s, f);
    default:
      return s.kind === "let" && s.presence === true ? tangentPresence(s, f) : [s, ...f.directions.flatMap((d) => beside(s, d, f))];
  }
}

// present = dx !== 0   becomes   present = dx !== 0 || tdx !== 0
/** Something has arrived where its tangent is not 0, though it may be 0 itself. */
function tangentPresence(s: Let, { directions }: Forward): Statement[] {
  const b = new Builder(s.origin);
  const tangents = directions.flatMap((d) => d.tangentOf(s.args[0])?.atom ?? []);
  const ask = (a: Atom, result: Var): Var => {
    b.add({ ...s, result, args: [a, zero] });
    return result;
  };
  if (tangents.length === 0) return [s];
  let test = ask(s.args[0] ?? zero, { ...s.result });
  for (const [i, tangent] of tangents.entries()) {
    const result = i === tangents.length - 1 ? s.result : { ...s.result };
    b.add({ kind: "let", result, op: "?:", args: [test, literal(true), ask(tangent, { ...s.result })], ...(s.origin && { origin: s.origin }) });
    test = result;
  }
  return b.statements;
}

function beside(s: Statement, d: Direction, f: Forward): readonly Statement[] {
  const b = new AdjointBuilder(f.made);
  const origin = besideOf(s.origin);
  if (origin !== undefined) b.origin = origin;
  if (s.kind === "let" && !isReference(s.result.type)) f.kind.operation(s, d, b);
  else if (s.kind === "accumulate") f.kind.accumulate(s, d, b);
  else tangentMemory(s, d, b);
  return b.statements;
}

export function tangentBlock(block: Block, f: Forward): Block {
  return { ...block, statements: block.statements.flatMap((s) => tangents(s, f)) };
}

function withMore(block: Block, yields: readonly Atom[]): Block {
  return { ...block, yields: [...block.yields, ...yields] };
}

// y = if (c) { yield a } else { yield b }   also   dy = if (c) { yield da } else { yield db }
function tangentIf(s: If, f: Forward): If {
  // The sides come first: they bind what they yield.
  const then = tangentBlock(s.then, f);
  const otherwise = tangentBlock(s.else, f);
  const results: Var[] = [];
  const yields: [Atom[], Atom[]] = [[], []];
  for (const d of f.directions) {
    s.results.forEach((result, i) => {
      if (!d.isActive(result)) return;
      const sides = [s.then.yields[i] ?? zero, s.else.yields[i] ?? zero] as const;
      if (isReference(result.type)) {
        results.push(d.bindShadow(result));
        sides.forEach((y, k) => yields[k as 0 | 1].push(d.shadowOf(y)));
        return;
      }
      const [a, b] = [d.tangentOf(sides[0]), d.tangentOf(sides[1])];
      if (a === undefined && b === undefined) return;
      const tangent = d.variable(result);
      results.push(tangent);
      yields[0].push(a?.atom ?? zero);
      yields[1].push(b?.atom ?? zero);
      d.set(result, { atom: tangent, absent: (a?.absent ?? true) || (b?.absent ?? true) });
    });
  }
  return { ...s, then: withMore(then, yields[0]), else: withMore(otherwise, yields[1]), results: [...s.results, ...results] };
}

// for (…) { y = … }   also carries   dy
function tangentLoop(s: Loop, f: Forward): Loop {
  // A tangent that turns out to be possibly absent after a turn is so from the first on.
  for (;;) {
    const size = absences(f);
    const loop = attempt(s, f);
    if (absences(f) === size) return loop;
  }
}

function absences({ directions }: Forward): number {
  return directions.reduce((n, d) => n + d.absent.size, 0);
}

function attempt(s: Loop, f: Forward): Loop {
  const carried = f.directions.flatMap((d) =>
    s.carried.flatMap((c, i) => {
      if (!d.isActive(c.param)) return [];
      const next = s.body.yields[i + 1] ?? zero;
      if (isReference(c.param.type)) {
        const init = d.shadowOf(c.init);
        return [{ d, next, param: d.bindShadow(c.param), result: d.bindShadow(c.result), init, of: c }];
      }
      const init = d.tangentOf(c.init);
      if (init === undefined || init.absent) d.absent.add(c.param);
      const [param, result] = [d.variable(c.param), d.variable(c.result)];
      const absent = d.absent.has(c.param);
      d.set(c.param, { atom: param, absent });
      d.set(c.result, { atom: result, absent });
      return [{ d, next, param, result, init: init?.atom ?? zero, of: c }];
    }),
  );
  const body = tangentBlock(s.body, f);
  const yields = carried.map(({ d, next, of }): Atom => {
    if (isReference(of.param.type)) return d.shadowOf(next);
    const tangent = d.tangentOf(next);
    if (tangent === undefined || tangent.absent) d.absent.add(of.param);
    return tangent?.atom ?? { ...zero, type: real };
  });
  const more = carried.map(({ param, result, init }) => ({ param, result, init }));
  return { ...s, body: withMore(body, yields), carried: [...s.carried, ...more] };
}

