import { region } from "./build.js";
import type { Atom, Block, Initial, Key, Region, Statement, Var } from "./model.js";

/** How to rewrite atoms and regions: `atom` where one is used, `bind` where a name is bound. */
export interface Rewriting {
  atom(atom: Atom): Atom;
  bind?(v: Var): Var;
  region?(r: Region): Region;
  /** What becomes of a statement whose parts are rewritten: nothing, itself or several. */
  statement?(s: Statement): readonly Statement[];
}

export function rewriteBlock(block: Block, how: Rewriting): Block {
  const statements = block.statements.flatMap((s) => {
    const rewritten = rewriteStatement(s, how);
    return how.statement ? how.statement(rewritten) : [rewritten];
  });
  const yields = block.yields.map((y) => how.atom(y));
  return { region: how.region ? how.region(block.region) : block.region, statements, yields };
}

export function rewriteStatement(s: Statement, how: Rewriting): Statement {
  const atom = (a: Atom): Atom => how.atom(a);
  const atoms = (list: readonly Atom[]): Atom[] => list.map(atom);
  const bind = (v: Var): Var => (how.bind ? how.bind(v) : v);
  const key = (k: Key): Key => (k.kind === "field" ? k : atom(k));
  switch (s.kind) {
    case "let":
      return { ...s, args: atoms(s.args), result: bind(s.result) };
    case "load":
      return { ...s, of: atom(s.of), key: key(s.key), result: bind(s.result) };
    case "store":
    case "accumulate":
      return { ...s, of: atom(s.of), key: key(s.key), value: atom(s.value) };
    case "push":
      return { ...s, of: atom(s.of), value: atom(s.value) };
    case "pop":
      return { ...s, of: atom(s.of), result: bind(s.result) };
    case "resize":
      return { ...s, of: atom(s.of), length: atom(s.length) };
    case "copy":
      return {
        ...s,
        of: atom(s.of),
        ...(s.from ? { from: atom(s.from) } : {}),
        ...(s.to ? { to: atom(s.to) } : {}),
        result: bind(s.result),
      };
    case "allocate":
      return { ...s, initial: rewriteInitial(s.initial, atom), result: bind(s.result) };
    case "call":
      return { ...s, args: atoms(s.args), results: s.results.map(bind) };
    case "opaque":
      return { ...s, args: atoms(s.args), ...(s.result ? { result: bind(s.result) } : {}) };
    case "effect":
      return { ...s, args: atoms(s.args) };
    case "if": {
      const test = atom(s.test);
      return { ...s, test, then: rewriteBlock(s.then, how), else: rewriteBlock(s.else, how), results: s.results.map(bind) };
    }
    case "loop": {
      const counter = s.counter && { ...s.counter, start: atom(s.counter.start), bound: atom(s.counter.bound), var: bind(s.counter.var) };
      const inits = s.carried.map((c) => atom(c.init));
      const params = s.carried.map((c) => bind(c.param));
      const body = rewriteBlock(s.body, how);
      const carried = s.carried.map((c, i) => ({ init: inits[i] ?? c.init, param: params[i] ?? c.param, result: bind(c.result) }));
      return { ...s, ...(counter ? { counter } : {}), carried, body, ...(s.exit ? { exit: bind(s.exit) } : {}) };
    }
  }
}

function rewriteInitial(initial: Initial, atom: (a: Atom) => Atom): Initial {
  if (initial.kind === "fill") return { ...initial, length: atom(initial.length), value: atom(initial.value) };
  if (initial.kind === "elements") return { ...initial, elements: initial.elements.map(atom) };
  return { ...initial, source: atom(initial.source) };
}

/** The block with what stands instead of its statements and of those within: nothing, the statement itself or others. */
export function replaceStatements(block: Block, instead: (s: Statement) => readonly Statement[]): Block {
  const within = (b: Block): Block => replaceStatements(b, instead);
  const statements = block.statements.flatMap((s) =>
    instead(s).map((t): Statement => {
      if (t.kind === "if") return { ...t, then: within(t.then), else: within(t.else) };
      return t.kind === "loop" ? { ...t, body: within(t.body) } : t;
    }),
  );
  return { ...block, statements };
}

/** A statement with its blocks changed, or itself where none is. */
export function withBlocks(s: Statement, change: (block: Block) => Block): Statement {
  if (s.kind === "loop") {
    const body = change(s.body);
    return body === s.body ? s : { ...s, body };
  }
  if (s.kind !== "if") return s;
  const [then, otherwise] = [change(s.then), change(s.else)];
  return then === s.then && otherwise === s.else ? s : { ...s, then, else: otherwise };
}

/** A copy of a block in which every name bound is new, as are the regions; `names` says what the free ones become. */
export function renew(block: Block, names = new Map<Var, Atom>()): Block {
  const regions = new Map<Region, Region>();
  const renewRegion = (r: Region): Region => {
    let copy = regions.get(r);
    if (copy === undefined) {
      copy = region(r.name, r.mirrors && (regions.get(r.mirrors) ?? r.mirrors));
      regions.set(r, copy);
    }
    return copy;
  };
  return rewriteBlock(block, {
    atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a),
    bind: (v) => {
      const copy: Var = { ...v };
      names.set(v, copy);
      return copy;
    },
    region: renewRegion,
  });
}
