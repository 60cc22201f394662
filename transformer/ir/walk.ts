import type { Atom, Block, Fn, FnRef, Statement, Var } from "./model.js";

/** The atoms that a statement itself uses: not those of the blocks within it. */
export function operands(s: Statement): readonly Atom[] {
  switch (s.kind) {
    case "let":
    case "call":
    case "opaque":
    case "effect":
      return s.args;
    case "load":
      return s.key.kind === "field" ? [s.of] : [s.of, s.key];
    case "store":
    case "accumulate":
      return s.key.kind === "field" ? [s.of, s.value] : [s.of, s.key, s.value];
    case "push":
      return [s.of, s.value];
    case "pop":
      return [s.of];
    case "resize":
      return [s.of, s.length];
    case "copy":
      return [s.of, ...(s.from ? [s.from] : []), ...(s.to ? [s.to] : [])];
    case "allocate":
      if (s.initial.kind === "fill") return [s.initial.length, s.initial.value];
      return s.initial.kind === "elements" ? s.initial.elements : [s.initial.source];
    case "if":
      return [s.test];
    case "loop":
      return [...(s.counter ? [s.counter.start, s.counter.bound] : []), ...s.carried.map((c) => c.init)];
  }
}

/** The names that a statement binds in the block it stands in. */
export function bound(s: Statement): readonly Var[] {
  switch (s.kind) {
    case "let":
    case "load":
    case "pop":
    case "copy":
    case "allocate":
      return [s.result];
    case "opaque":
      return s.result ? [s.result] : [];
    case "call":
    case "if":
      return s.results;
    case "loop":
      return [...s.carried.map((c) => c.result), ...(s.exit ? [s.exit] : [])];
    default:
      return [];
  }
}

/** The names that a statement binds at the head of its blocks. */
export function boundWithin(s: Statement): readonly Var[] {
  return s.kind === "loop" ? [...(s.counter ? [s.counter.var] : []), ...s.carried.map((c) => c.param)] : [];
}

export function blocksOf(s: Statement): readonly Block[] {
  return s.kind === "if" ? [s.then, s.else] : s.kind === "loop" ? [s.body] : [];
}

/** A statement and those within it. */
export function withInner(s: Statement): readonly Statement[] {
  return [s, ...blocksOf(s).flatMap(statementsOf)];
}

/** Whether a statement, or one within it, uses a name. */
export function uses(s: Statement, v: Var): boolean {
  return operands(s).includes(v) || blocksOf(s).some((b) => b.yields.includes(v) || b.statements.some((inner) => uses(inner, v)));
}

/** Every statement of a block and of the blocks within, outer ones first. */
export function statementsOf(block: Block): readonly Statement[] {
  return gather(block, []);
}

function gather(block: Block, found: Statement[]): Statement[] {
  for (const s of block.statements) {
    found.push(s);
    if (s.kind === "if") gather(s.else, gather(s.then, found));
    else if (s.kind === "loop") gather(s.body, found);
  }
  return found;
}

/** Every block within, itself first. */
export function* blocksWithin(block: Block): Generator<Block> {
  yield block;
  for (const s of block.statements) for (const inner of blocksOf(s)) yield* blocksWithin(inner);
}

export function sizeOf(block: Block): number {
  let size = 0;
  for (const s of statementsOf(block)) size += s.kind === "let" || s.kind === "call" ? 1 : 0.5;
  return size;
}

/** The functions that a function calls, each once, in order. */
export function calleesOf(fn: Fn): Set<FnRef> {
  const callees = new Set<FnRef>();
  for (const s of statementsOf(fn.body)) if (s.kind === "call") callees.add(s.callee);
  return callees;
}

/** The names that a block uses and does not bind, in the order of their uses. */
export function freeIn(block: Block): readonly Var[] {
  const inside = new Set<Var>();
  for (const b of blocksWithin(block)) for (const s of b.statements) [...bound(s), ...boundWithin(s)].forEach((v) => inside.add(v));
  const free = new Set<Var>();
  const use = (a: Atom): void => void (a.kind === "var" && !inside.has(a) && free.add(a));
  for (const b of blocksWithin(block)) {
    b.statements.forEach((s) => operands(s).forEach(use));
    b.yields.forEach(use);
  }
  return [...free];
}
