import { isWhole, shiftOf } from "../ir/atoms.js";
import { isLiteral, zero } from "../ir/build.js";
import type { Atom, Loop, Statement, Var } from "../ir/model.js";
import { bound, statementsOf } from "../ir/walk.js";

/** What a number is in the first turn of a loop, and how much more it is in each that follows. */
export interface Steps {
  readonly start: Atom;
  readonly by: number;
}

/** The largest step of a number that may not be whole. */
const longest = 1024;

/**
 * Of a number that a loop hands on, `i` of `while (i > 0) { …; i -= 2; }`: what it is in turn `k` is `start + by * k`, to
 * the last bit. That holds for whole numbers, and for any that go down and stay above 0: of what is exact in such a number
 * all is exact in a smaller one. `isPartial`: whether the last turn, in which the test fails, is looked at too.
 */
export function stepsOf(param: Var, loop: Loop, isPartial: boolean): Steps | undefined {
  const at = loop.carried.findIndex((c) => c.param === param);
  const start = loop.carried[at]?.init;
  if (start === undefined || (param.type.kind !== "int" && param.type.kind !== "real") || param.type.nullable) return undefined;
  const ends = endsOf(loop, at)?.filter(({ goesOn }) => goesOn);
  const [first, ...more] = ends ?? [];
  if (first?.by === undefined || first.by === 0 || more.some(({ by }) => by !== first.by)) return undefined;
  const isExact = param.type.kind === "int" || isWhole(start);
  const isFalling = !isPartial && first.by < 0 && -first.by <= longest && ends?.every(({ isAbove }) => isAbove);
  return isExact || isFalling === true ? { start, by: first.by } : undefined;
}

/** The number that a loop hands on from 0 and that counts its completed turns. */
export function turnCountOf(loop: Loop): Loop["carried"][number] | undefined {
  return loop.carried.find(({ param, init }, at) => {
    const ends = param.type.kind === "int" && isLiteral(init, 0) ? endsOf(loop, at) : undefined;
    return ends?.some(({ goesOn }) => goesOn) === true && ends.every(({ goesOn, by }) => by === (goesOn ? 1 : 0));
  });
}

/** One of the ways in which a turn ends. */
interface End {
  readonly goesOn: boolean;
  /** How much is added to what is handed on; nothing where it is something else. */
  readonly by?: number;
  /** Whether it comes after a test that what was handed on is at least 0. */
  readonly isAbove: boolean;
}

/** The ends of a turn as to one of the carried numbers; nothing where they cannot be told. */
function endsOf(loop: Loop, at: number): End[] | undefined {
  const param = loop.carried[at]?.param;
  const [status, next] = [loop.body.yields[0], loop.body.yields[at + 1]];
  const definitions = new Map<Var, Statement>();
  for (const s of statementsOf(loop.body)) for (const v of bound(s)) definitions.set(v, s);
  const ends: End[] = [];
  const visit = (code: Atom, value: Atom, isAbove: boolean): boolean => {
    const s = [code, value].map((a) => (a.kind === "var" ? definitions.get(a) : undefined)).find((t) => t?.kind === "if");
    if (s?.kind === "if") {
      const test = s.test.kind === "var" ? definitions.get(s.test) : undefined;
      return [s.then, s.else].every((side) => {
        const [c, v] = [code, value].map((a) => side.yields[s.results.indexOf(a as Var)] ?? a);
        return visit(c ?? code, v ?? value, isAbove || (side === s.then && isAtLeastZero(test, param)));
      });
    }
    if (code.kind === "var") return false;
    const made = value.kind === "var" ? definitions.get(value) : undefined;
    const shift = made?.kind === "let" ? shiftOf(made) : undefined;
    const by = value === param ? 0 : shift?.from === param ? shift?.by : undefined;
    ends.push({ goesOn: code.value === zero.value, isAbove, ...(by !== undefined && { by }) });
    return true;
  };
  return status !== undefined && next !== undefined && visit(status, next, false) ? ends : undefined;
}

/** `i >= 0`, `i > 2`. */
function isAtLeastZero(test: Statement | undefined, param: Var | undefined): boolean {
  if (test?.kind !== "let" || !/^>=?$/.test(test.op)) return false;
  const [left, right] = test.args;
  return left === param && right?.kind === "literal" && Number(right.value) >= 0;
}
