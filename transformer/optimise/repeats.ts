import { sameAtom } from "../ir/atoms.js";
import { isLiteral } from "../ir/build.js";
import type { Allocate, Atom, Block, Call, Fn, Statement } from "../ir/model.js";
import { real } from "../ir/types.js";
import { blocksOf, operands, statementsOf } from "../ir/walk.js";

// unionOf(sets, [a, b, a, 0])   becomes   unionOf(sets, [a, b])   and of one set alone that one
/** Lists every set of a union once. */
export function withoutRepeats(fn: Fn): Fn {
  const united = new Map<Atom, Call>();
  for (const s of statementsOf(fn.body)) if (isUnion(s)) united.set(s.args[1] as Atom, s);
  if (united.size === 0) return fn;
  const block = (b: Block): Block => ({ ...b, statements: b.statements.map((s) => statement(s, b.statements)) });
  const statement = (s: Statement, around: readonly Statement[]): Statement => {
    if (s.kind === "if") return { ...s, then: block(s.then), else: block(s.else) };
    if (s.kind === "loop") return { ...s, body: block(s.body) };
    if (isListed(s) && united.has(s.result)) return { ...s, initial: { kind: "elements", elements: distinct(s.initial.elements) } };
    if (!isUnion(s) || !united.has(s.args[1] as Atom)) return s;
    const list = around.filter(isListed).find((other) => other.result === s.args[1]);
    const [only, ...others] = list === undefined ? [] : distinct(list.initial.elements);
    const [result] = s.results;
    if (result === undefined || only === undefined || others.length > 0) return s;
    return { kind: "let", result, op: "identity", args: [only.kind === "literal" ? { ...only, type: real } : only], ...(s.origin && { origin: s.origin }) };
  };
  // A list that anything else is done with stays as it is.
  for (const s of statementsOf(fn.body)) {
    for (const a of operands(s)) if (united.has(a) && united.get(a) !== s) united.delete(a);
    for (const b of blocksOf(s)) b.yields.forEach((y) => united.delete(y));
  }
  return { ...fn, body: block(fn.body) };
}

function isUnion(s: Statement): s is Call {
  return s.kind === "call" && s.callee.fn().unites === true;
}
function isListed(s: Statement): s is Allocate & { readonly initial: { readonly kind: "elements"; readonly elements: readonly Atom[] } } {
  return s.kind === "allocate" && s.initial.kind === "elements";
}
function distinct(elements: readonly Atom[]): readonly Atom[] {
  return elements.filter((e, i) => !isLiteral(e, 0) && elements.findIndex((other) => sameAtom(e, other)) === i);
}
