import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Fn, Loop, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { sumOf } from "./first-summand.js";
import { givenIn, holdsZeros } from "./given-adjoint.js";
import { madeRowsIn, type MadeRows } from "./made-rows.js";

/**
 * Rows of zeros, or objects of such, to which all of an adjoint is added that the code is given, and which are only read
 * from then on, are those of that adjoint:
 *
 *     db = new Array(n); for (…) db[i] = [0, 0]; for (…) for (k …) db[i][k] += g[i][k]; … db[i][k] …   becomes   … g[i][k] …
 */
export function readGivenRows(fn: Fn): Fn {
  const given = givenIn(fn, statementsOf(fn.body));
  if (given.size === 0) return fn;
  for (const made of madeRowsIn(fn)) {
    const { block, list, put } = made;
    if (!holdsZeros(made.row) && !isRecordOfZeros(made.row)) continue;
    const k = block.statements.findIndex((s) => s.kind === "loop" && addedTo(s, made, given) !== undefined);
    const sum = block.statements[k];
    const from = sum?.kind === "loop" ? addedTo(sum, made, given) : undefined;
    if (from === undefined) continue;
    const later = { ...block, statements: block.statements.slice(k + 1) };
    const isFirst = block.statements.slice(0, k).every((s) => statementsOf({ ...block, statements: [s] }).every((t) => t === put || !operands(t).includes(list.result)));
    if (!isFirst || !areOnlyRead(list.result, later)) continue;
    const memory = new Memory(reachable(fn));
    const last = later.statements.findLastIndex((s) => uses(s, list.result));
    const { writes, impure } = effectsOf(later.statements.slice(0, last + 1), memory);
    const rows = memory.classOf(from).cell("[]");
    if (impure || writes.has(rows) || [...rows.cells()].some((cell) => writes.has(cell))) continue;
    const body = replaceStatements(fn.body, (s) => (s === list || s === put || s === sum ? [] : [s]));
    return readGivenRows({ ...fn, body: rewriteBlock(body, { atom: (a) => (a === list.result ? from : a) }) });
  }
  return fn;
}

function isRecordOfZeros({ initial, result: { type } }: Allocate): boolean {
  return type.kind === "record" && type.fields.every((f) => f.type.kind === "real" && f.type.nullable !== true) && initial.kind === "elements" && initial.elements.every((e) => isLiteral(e, 0));
}

/** The adjoint all of whose rows a loop adds to those of a list, and does nothing else. */
function addedTo({ counter, carried, exit, body }: Loop, { list, row }: MadeRows, given: ReadonlySet<Var>): Var | undefined {
  if (counter === undefined || carried.length > 0 || exit !== undefined || !isLiteral(counter.start, 0) || counter.step !== 1 || counter.test !== "<") return undefined;
  const rowsOf = (of: (list: Atom) => boolean): readonly Atom[] => body.statements.flatMap((s) => (s.kind === "load" && s.key === counter.var && of(s.of) ? [s.result] : []));
  const to = rowsOf((of) => of === list.result);
  const givenRows = rowsOf((of) => given.has(of as Var));
  const lists = new Set(body.statements.flatMap((s) => (s.kind === "load" && givenRows.includes(s.result) && s.of.kind === "var" ? [s.of] : [])));
  const [from, ...others] = lists;
  if (from === undefined || others.length > 0 || from.type.nullable === true || body.statements.some((s) => s.kind === "load" && s.result === from)) return undefined;
  const parts = new Map<Atom, string>();
  const added = new Set<string>();
  for (const s of body.statements) {
    if (s.kind === "load") {
      if (givenRows.includes(s.of) && s.key.kind === "field") parts.set(s.result, s.key.name);
      continue;
    }
    if (s.kind === "accumulate" && to.includes(s.of) && s.key.kind === "field" && parts.get(s.value) === s.key.name && !added.has(s.key.name)) added.add(s.key.name);
    else {
      const sum = sumOf(s);
      if (sum === undefined || !to.includes(sum.to) || !givenRows.includes(sum.from) || added.has("")) return undefined;
      added.add("");
    }
  }
  const { type } = row.result;
  const wanted = type.kind === "record" ? type.fields.map((f) => f.name) : [""];
  return wanted.every((name) => added.has(name)) && added.size === wanted.length ? from : undefined;
}

/** Whether of a list nothing is used but numbers in its rows. */
function areOnlyRead(list: Var, later: Block): boolean {
  const statements = statementsOf(later);
  const rows = new Set<Atom>(statements.flatMap((s) => (s.kind === "load" && s.of === list ? [s.result] : [])));
  const isYielded = [later, ...statements.flatMap(blocksOf)].some(({ yields }) => yields.some((y) => y === list || rows.has(y)));
  if (isYielded) return false;
  return statements.every((s) => {
    if (!operands(s).some((a) => a === list || rows.has(a))) return true;
    return s.kind === "load" && (s.key.kind !== "field" || s.of.type.kind === "record") && operands(s)[1] !== list;
  });
}
