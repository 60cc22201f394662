import { isWhole } from "../ir/atoms.js";
import { carry, isLiteral, variable } from "../ir/build.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Carried, Counter, Fn, If, Loop, Statement, Store, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock, withBlocks } from "../ir/rewrite.js";
import { isFlat, sameType } from "../ir/types.js";
import { blocksOf, blocksWithin, bound, operands, statementsOf, withInner } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import { Lengths } from "./same-lengths.js";

/** Zeros that each turn of a mirror makes for what the turn before it made, and the last turn does not. */
interface Handed {
  readonly loop: Loop & { readonly counter: Counter };
  readonly carried: Carried;
  /** What a turn makes, or the last one is given: the adjoint of what the turn of the source began with. */
  readonly own: Var;
  readonly zeros: Var;
  readonly given: Allocate;
  /** What the first turn is given: zeros made for that, of which, where no turn may be made, another name is `given`. */
  readonly init: Allocate;
}

interface Found {
  readonly block: Block;
  readonly handed: Handed;
}

/**
 * Zeros that each turn makes, while it takes all out of those of the turn before, are these, where nothing arrives at a
 * place before that is taken:
 *
 *     for (t … back) { du2 = t > 0 ? zeros like du : dstart; for (i …) { g = du[i]; du[i] = 0; du2[i] += k * g } du = du2 }   return dstart
 *     becomes   for (t … back) for (i …) { g = du[i]; du[i] = 0; du[i] += k * g }   return du
 *
 * Where something does, the two take turns:
 *
 *     for (t … back) { …; [du, du2] = [du2, du] }
 */
export function handedBack(fn: Fn): Fn {
  const found = [...blocksWithin(fn.body)].flatMap((block) => handedIn(block).map((handed) => ({ block, handed })));
  if (found.length === 0) return fn;
  const lengths = new Lengths(fn, new Memory(reachable(fn), [...fn.params, ...fn.captures]));
  for (const { block, handed } of found) {
    if (!isApart(handed, block, fn) || !isAsLong(handed, lengths)) continue;
    const isAsked = isNew(handed, block, fn);
    const taken = isAsked || isIdle(handed.given, found, fn) ? takenIn(handed, lengths) : undefined;
    if (taken !== undefined) return handedBack(replaced(fn, block, handed, taken.isAfter, taken.take, isAsked));
  }
  return fn;
}

function handedIn(block: Block): readonly Handed[] {
  return block.statements.flatMap((loop) => {
    if (!hasTurns(loop)) return [];
    return loop.carried.flatMap((carried, i): readonly Handed[] => {
      const [own, either] = [loop.body.yields[i + 1], carried.init];
      if (own?.kind !== "var" || !isFlat(own.type) || own.type.nullable === true) return [];
      const made = eitherIn(loop.body, own);
      const given = made && zerosIn(block, made.otherwise);
      const first = eitherIn(block, either);
      const init = first === undefined ? zerosIn(block, either) : first.otherwise === given?.result && isMadeIfRun(first.test, loop, block) ? first.zeros : undefined;
      if (made === undefined || given === undefined || init === undefined || !isNotLast(made.test, loop)) return [];
      if (first === undefined && !isRun(loop.counter)) return [];
      return [{ loop, carried, own, zeros: made.zeros.result, given, init }];
    });
  });
}

/** Down to 0, one by one, and no turn ends the loop. */
function hasTurns(s: Statement): s is Handed["loop"] {
  if (s.kind !== "loop" || s.counter === undefined || s.exit !== undefined || !isLiteral(s.body.yields[0] ?? s.counter.bound, 0)) return false;
  const { start, bound, test, step } = s.counter;
  return test === ">=" && step === -1 && (start.type.kind === "int" || isWhole(start)) && isLiteral(bound, 0);
}

/** `test ? zeros : otherwise`, where the zeros can be made as well before. */
function eitherIn({ statements }: Block, result: Atom): { readonly test: Atom; readonly zeros: Allocate; readonly otherwise: Atom } | undefined {
  const either = statements.find((s): s is If => s.kind === "if" && bound(s).some((v) => v === result));
  const i = either === undefined ? -1 : bound(either).findIndex((v) => v === result);
  const [made, otherwise] = [either?.then.yields[i], either?.else.yields[i]];
  const zeros = either && made && zerosIn(either.then, made);
  if (either === undefined || zeros === undefined || otherwise === undefined) return undefined;
  const isInside = either.then.statements.some((s) => bound(s).some((v) => operands(zeros).includes(v)));
  return isInside ? undefined : { test: either.test, zeros, otherwise };
}

function zerosIn(block: Block, a: Atom): Allocate | undefined {
  const made = block.statements.find((s): s is Allocate => s.kind === "allocate" && s.result === a);
  if (made === undefined || made.initial.kind === "zerosLike") return made;
  const values = made.initial.kind === "fill" ? [made.initial.value] : made.initial.elements;
  return values.every((v) => isLiteral(v, 0)) ? made : undefined;
}

/** t !== 0 */
function isNotLast(test: Atom, { counter, body }: Handed["loop"]): boolean {
  return body.statements.some((s) => s.kind === "let" && s.result === test && s.op === "!==" && s.args[0] === counter.var && isLiteral(s.args[1] ?? test, 0));
}

/** 0 < n   of a loop that begins at n - 1, or at Math.ceil(n) - 1 */
function isMadeIfRun(test: Atom, { counter }: Handed["loop"], { statements }: Block): boolean {
  const made = (a: Atom, op: string): readonly Atom[] => statements.flatMap((s) => (s.kind === "let" && s.result === a && s.op === op ? s.args : []));
  const [none, turns] = made(test, "<");
  const [count, one] = made(counter.start, "-");
  if (none === undefined || turns === undefined || count === undefined || one === undefined) return false;
  return isLiteral(none, 0) && isLiteral(one, 1) && (count === turns ? turns.type.kind === "int" : made(count, "Math.ceil")[0] === turns);
}

function isRun({ start }: Counter): boolean {
  return isWhole(start) && Number(start.value) >= 0;
}

/** Whether all of these zeros are known by their own names only, of which nothing but elements and lengths is asked, and the first by its own name only until the loop. */
function isApart({ loop, carried: { param, init: first, result }, own, zeros, init }: Handed, { statements }: Block, fn: Fn): boolean {
  if (first.kind === "literal" || statements.slice(statements.indexOf(loop)).some((s) => touches(s, first))) return false;
  const names = new Set<Atom>([param, first, own, zeros, init.result]);
  const handedOn = new Set<Atom>([own, zeros, ...(init.result === first ? [] : [init.result])]);
  const yielded = [...blocksWithin(fn.body)].flatMap(({ yields }) => yields.filter((y) => names.has(y)));
  if (yielded.length !== handedOn.size || yielded.some((y) => !handedOn.has(y)) || usesOf(result, fn.body).length > 0) return false;
  return statementsOf(fn.body).every((s) => {
    const used = operands(s).filter((a) => names.has(a));
    if (used.length === 0) return true;
    return s === loop ? used.length === 1 && used[0] === first : isPlace(s) || (s.kind === "allocate" && s.initial.kind === "zerosLike");
  });
}

/** What uses a name of memory, and the places that yield it. */
function usesOf(a: Var, { statements, yields }: Block): readonly (Statement | Var)[] {
  const inner = statements.flatMap(blocksOf).flatMap((b) => usesOf(a, b));
  return [...statements.filter((s) => operands(s).includes(a)), ...yields.flatMap((y) => (y === a ? [a] : [])), ...inner];
}

/** Whether what the last turn is given is all zero until then, and is named only after the loop. */
function isNew({ loop, carried, init, given: { result } }: Handed, block: Block, fn: Fn): boolean {
  const later: Block = { ...block, statements: block.statements.slice(block.statements.indexOf(loop) + 1) };
  return usesOf(result, fn.body).length === usesOf(result, later).length + (init.result === carried.init ? 1 : 2);
}

/** Whether nothing is asked of what the last turns of some loops are given. */
function isIdle({ result }: Allocate, found: readonly Found[], fn: Fn): boolean {
  const isLast = ({ block, handed: h }: Found): boolean => h.given.result === result && h.init.result === h.carried.init && isApart(h, block, fn) && !statementsOf(h.loop.body).some((s) => s.kind === "load" && isElement(s, h.own));
  const uses = usesOf(result, fn.body);
  return uses.every((s) => s === result || (s.kind === "accumulate" && s.of === result)) && uses.filter((s) => s === result).length === found.filter(isLast).length;
}

function isAsLong({ own, zeros, init, given }: Handed, lengths: Lengths): boolean {
  const length = lengths.ofArray(init.result);
  return length !== undefined && [zeros, given.result].every((v) => lengths.ofArray(v) === length && sameType(v.type, init.result.type)) && sameType(own.type, init.result.type);
}

/** The store by which a loop of each turn takes all out of the zeros of the turn before, and whether those that it makes are touched before. */
function takenIn({ loop: { body }, carried: { param }, own }: Handed, lengths: Lengths): { readonly take: Store; readonly isAfter: boolean } | undefined {
  const at = body.statements.findLastIndex((s) => touches(s, param));
  const all = body.statements[at];
  if (all?.kind !== "loop" || all.counter === undefined || all.exit !== undefined || !isLiteral(all.body.yields[0] ?? own, 0) || !lengths.areAll(all.counter, param)) return undefined;
  const { var: turn } = all.counter;
  const isAtTurn = (a: Var): boolean => statementsOf(all.body).every((s) => !isElement(s, a) || s.key === turn);
  const inner = all.body.statements;
  const k = inner.findLastIndex((s) => touches(s, param));
  const take = inner[k];
  if (take?.kind !== "store" || !isLiteral(take.value, 0) || !isAtTurn(param)) return undefined;
  return { take, isAfter: isAtTurn(own) && ![...body.statements.slice(0, at), ...inner.slice(0, k)].some((s) => touches(s, own)) };
}

function touches(s: Statement, a: Var): boolean {
  return withInner(s).some((t) => isElement(t, a));
}

function isElement(s: Statement, a: Var): s is Extract<Statement, { kind: "load" | "store" | "accumulate" }> {
  return isPlace(s) && s.of === a && s.key.kind !== "field";
}

function replaced(fn: Fn, block: Block, { loop, carried, own, given, init }: Handed, isAfter: boolean, take: Store, isAsked: boolean): Fn {
  const { param, result } = carried;
  const first = carried.init as Var;
  const at = block.statements.indexOf(loop);
  // What lay in the memory before must not be told from new zeros.
  const taken = replaceStatements(loop.body, (s) => (s === take ? [{ ...take, clears: true }] : without(s, own)));
  const i = loop.carried.indexOf(carried);
  const spare = variable(own.name, own.type, own.origin);
  const turns: readonly Statement[] = isAfter
    ? [{ ...loop, carried: loop.carried.filter((c) => c !== carried), body: renamed({ ...taken, yields: taken.yields.filter((_, k) => k !== i + 1) }, new Map([[param, first], [own, first]])) }]
    : [
        { kind: "allocate", result: spare, initial: { kind: "zerosLike", source: first } },
        { ...loop, carried: [...loop.carried, carry(own, spare)], body: { ...taken, yields: [...taken.yields, param] } },
      ];
  const later = renamed({ ...block, statements: block.statements.slice(at + 1) }, new Map(isAsked ? [[given.result, isAfter ? first : result]] : []));
  const before = block.statements.slice(0, at).flatMap((s) => without(s, first, { ...init, result: first }));
  const change = (b: Block): Block => (b === block ? { ...later, statements: [...before, ...turns, ...later.statements] } : { ...b, statements: b.statements.map((s) => withBlocks(s, change)) });
  return { ...fn, body: change(fn.body) };
}

function renamed(block: Block, names: ReadonlyMap<Atom, Var>): Block {
  return names.size === 0 ? block : rewriteBlock(block, { atom: (a) => names.get(a) ?? a });
}

/** A branch that does not choose this memory, which is made before. */
function without(s: Statement, result: Var, ...made: readonly Statement[]): readonly Statement[] {
  const i = s.kind === "if" ? s.results.indexOf(result) : -1;
  if (s.kind !== "if" || i < 0) return [s];
  const side = (b: Block): Block => ({ ...b, yields: b.yields.filter((_, k) => k !== i) });
  const rest: If = { ...s, results: s.results.filter((r) => r !== result), then: side(s.then), else: side(s.else) };
  const isEmpty = rest.results.length === 0 && blocksOf(rest).every((b) => b.statements.every((t) => t.kind === "allocate"));
  return isEmpty ? made : [...made, rest];
}
