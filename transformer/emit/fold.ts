import { isLiteral } from "../ir/build.js";
import type { Atom, Block, Fn, If, Let, Loop, Statement, Var } from "../ir/model.js";
import { asExpression } from "./expressions-of.js";
import { passed, simplified } from "./logic.js";
import { Memory } from "./memory.js";
import { entryOf, Pending, widthOf, type Entry } from "./pending.js";
import { isImpure, type Expr, type TreeBlock, type TreeIf, type TreeLoop, type TreeStatement } from "./tree.js";
import { endsInThrow, type Site, type Usage } from "./usage.js";
import { operands } from "../ir/walk.js";

/** The widest expression that is written without a name for a part of it. */
const WIDEST = 76;
const WIDEST_CHOICE = 64;

/** The IR with values that are used once, and loads, printed where they are used. */
export function fold(fn: Fn, usage: Usage, reserved: ReadonlySet<string>): TreeBlock {
  const shared: Shared = { usage, reserved, memory: new Memory(fn), aliases: new Map() };
  return new Folder(shared, fn.body, true, []).run();
}

interface Shared {
  readonly usage: Usage;
  /** The identifiers of the source. */
  readonly reserved: ReadonlySet<string>;
  readonly memory: Memory;
  /** Names that stand for another name. */
  readonly aliases: Map<Var, Expr>;
}

/** Folds one block. `returns`: what it yields is what the function returns. */
class Folder {
  private readonly out: TreeStatement[] = [];
  private readonly pending: Pending;

  constructor(
    private readonly shared: Shared,
    private readonly block: Block,
    private readonly returns: boolean,
    inherited: readonly Entry[],
  ) {
    this.pending = new Pending(shared.memory, (bind) => this.out.push(bind), inherited);
  }

  run(): TreeBlock {
    const last = this.block.statements.at(-1);
    for (const s of this.block.statements) this.statement(s, s === last);
    const throws = endsInThrow(this.block);
    for (const e of this.pending.all()) if (e.strict) this.finish(e);
    const used = this.entriesOf(this.block.yields);
    this.pending.settle({ used, readings: [], writings: [], strict: false, waits: false });
    return { statements: this.out, yields: throws ? [] : this.block.yields.map((y) => this.take(y)), throws };
  }

  // What must be evaluated is evaluated before the block ends, unless the return statement does it.
  private finish(e: Entry): void {
    const yielded = this.block.yields.some((y) => this.resolve(y) === e.var);
    if (!yielded || !this.returns) this.pending.materialise(e);
  }

  private statement(s: Statement, isLast: boolean): void {
    switch (s.kind) {
      case "if":
        this.branch(s, isLast);
        return;
      case "loop":
        this.loop(s);
        return;
      case "call":
        if (s.results.length !== 1) return this.act(s);
        break;
      case "opaque":
      case "effect":
        for (const arg of s.args) this.name(arg);
        if (s.kind === "effect" || s.result === undefined) return this.act(s);
        break;
      case "let":
      case "load":
      case "copy":
      case "allocate":
      case "pop":
        break;
      default:
        this.act(s);
        return;
    }
    this.value(s);
  }

  /** A statement that gives one value. */
  private value(s: Statement): void {
    const result = s.kind === "call" ? s.results[0] : "result" in s ? s.result : undefined;
    if (result === undefined) throw new Error(`a ${s.kind} without a result`);
    if (this.isAlias(s, result)) return;
    const args = operands(s);
    this.narrow(args, s.kind === "let" && !/^(!|identity|\?:)$/.test(s.op), s.kind === "let" || s.kind === "load");
    this.keepOutOfSides(s);
    const uses = this.shared.usage.count(result);
    const waits =
      this.mayWait(s, result) && (uses === 1 || this.mayRepeat(result, asExpression(s, (a) => this.peek(a))));
    const probe = entryOf(result, asExpression(s, (a) => a), 1, false, s.origin);
    if (uses === 0 && !probe.strict) return this.drop(args);
    const used = this.entriesOf(args);
    this.pending.settle({ ...probe, used, waits });
    this.bind(s, result, asExpression(s, (a) => this.take(a)), waits);
  }

  // t = f(x); y = c ? t : 0   What does something is done whichever side is taken.
  private keepOutOfSides(s: Statement): void {
    if (s.kind !== "let" || (s.op !== "?:" && s.op !== "??")) return;
    for (const e of this.entriesOf(s.args.slice(1))) if (e.strict) this.pending.materialise(e);
  }

  private bind(s: Statement, result: Var, expr: Expr, waits: boolean): void {
    const uses = this.shared.usage.count(result);
    if (uses === 0) {
      if (isImpure(expr)) this.out.push({ kind: "run", value: expr, origin: s.origin });
    } else if (waits && uses === 1) this.pending.add(entryOf(result, expr, 1, false, s.origin));
    else if (waits) this.pending.add(entryOf(result, expr, uses, true, s.origin));
    else this.out.push({ kind: "bind", result, value: expr, origin: s.origin });
  }

  // What only a value without use uses has no use either.
  private drop(args: readonly Atom[]): void {
    for (const e of this.entriesOf(args)) if (e.strict) this.pending.materialise(e);
    for (const a of args) this.take(a);
  }

  // identity(x) is x under another name. Only names that the source gave are kept.
  private isAlias(s: Statement, result: Var): boolean {
    const arg = s.kind === "let" ? sameAs(s) : undefined;
    if (arg === undefined) return false;
    if (this.isNamed(s, result) && (arg.kind === "literal" || arg.name !== result.name)) return false;
    const known = this.resolve(arg);
    if (known.kind !== "var" && known.kind !== "literal") return false;
    if (known.kind === "var" && this.pending.get(known) !== undefined) return false;
    const asserts = known.type.nullable === true && result.type.nullable !== true;
    if (asserts && known.kind === "literal") return false;
    const expr: Expr = asserts
      ? { kind: "operation", op: "identity", args: [known], type: result.type, origin: s.origin }
      : known;
    this.shared.aliases.set(result, expr);
    return true;
  }

  /** A statement that is carried out where it stands. */
  private act(s: Statement): void {
    const writings = this.shared.memory.writes(s);
    const readings = s.kind === "accumulate" ? [{ of: s.of, key: s.key }] : [];
    // a[i] += f() reads a[i] before it calls f, and writes it after.
    const before = { readings, writings: [], strict: false };
    if (s.kind === "accumulate") for (const e of this.entriesOf(operands(s))) if (this.pending.clash(e, before)) this.pending.materialise(e);
    const strict = s.kind === "call" || s.kind === "opaque" || s.kind === "effect";
    this.pending.settle({ used: this.entriesOf(operands(s)), readings, writings, strict, waits: false });
    const take = (a: Atom): Expr => this.take(a);
    const { origin } = s;
    switch (s.kind) {
      case "store":
      case "accumulate": {
        const of = take(s.of);
        const key = s.key.kind === "field" ? s.key : take(s.key);
        this.out.push({ kind: s.kind, of, key, value: take(s.value), origin });
        return;
      }
      case "push":
        this.out.push({ kind: "push", of: take(s.of), value: take(s.value), origin });
        return;
      case "resize":
        this.out.push({ kind: "resize", of: take(s.of), length: take(s.length), atLeast: s.atLeast === true, atMost: s.atMost === true, holes: s.holes === true, origin });
        return;
      case "effect":
        this.out.push({ kind: "effect", text: s.text, args: s.args.map(take), throws: s.throws === true, origin });
        return;
      case "opaque":
        this.out.push({ kind: "run", value: asExpression(s, take), origin });
        return;
      case "call": {
        const value = asExpression(s, take);
        if (value.kind !== "invocation") throw new Error("a call that is no invocation");
        const results = s.results.map((r) => (this.shared.usage.count(r) > 0 ? r : undefined));
        if (results.some((r) => r !== undefined)) this.out.push({ kind: "bindAll", results, value, origin });
        else this.out.push({ kind: "run", value, origin });
        return;
      }
      default:
        throw new Error(`a ${s.kind} does not act`);
    }
  }

  private branch(s: If, isLast: boolean): void {
    const { usage, memory } = this.shared;
    const writings = memory.writes(s);
    for (const e of this.pending.all()) if (e.strict && this.resolve(s.test) !== e.var) this.pending.materialise(e);
    const used = this.entriesOf([s.test]);
    this.pending.settle({ used, readings: [], writings, strict: true, waits: false });
    const test = this.take(s.test);
    const [forThen, forElse] = [s.then, s.else].map((side) =>
      this.pending.all().filter((e) => usage.of(e.var).some((site) => usage.isWithin(site.block, side))),
    );
    for (const e of [...(forThen ?? []), ...(forElse ?? [])]) if (!e.repeat) this.pending.remove(e);
    const returns = isLast && this.returns && this.isReturned(s);
    // c ? a : b   which is only used where c holds   becomes   a
    const sunk = (entries: readonly Entry[] = [], holds: boolean): readonly Entry[] =>
      entries.map((e) => (e.repeat ? e : { ...e, expr: simplified(e.expr, passed(test, holds)) }));
    const then = new Folder(this.shared, s.then, returns, sunk(forThen, true)).run();
    const other = new Folder(this.shared, s.else, returns, sunk(forElse, false)).run();
    const tree: TreeIf = { kind: "if", test, then, else: other, results: s.results, returns, origin: s.origin };
    const choice = this.asChoice(s, tree);
    if (choice !== undefined) {
      const { result, expr } = choice;
      this.bind(s, result, expr, this.mayWait(s, result));
    } else if (then.statements.length + other.statements.length > 0 || s.results.some((r) => usage.count(r) > 0)) {
      this.out.push(tree);
    } else if (isImpure(test)) this.out.push({ kind: "run", value: test, origin: s.origin });
  }

  // All that the function returns are this `if`'s results and literals: each side returns for itself.
  private isReturned(s: If): boolean {
    const { yields } = this.block;
    const own = yields.filter((y) => y.kind === "var" && s.results.includes(y));
    if (own.length === 0 || own.length !== new Set(own).size) return false;
    if (!yields.every((y) => y.kind === "literal" || own.includes(y))) return false;
    if (s.results.some((r) => this.shared.usage.count(r) > 1)) return false;
    return ![s.then, s.else].some((side) => this.passesOn(s, side, s.results.length));
  }

  /** A side that does nothing but hand on what the results were before under the same names. */
  private passesOn(s: If, side: Block, atLeast: number): boolean {
    const kept = s.results.filter((r, i) => {
      const y = side.yields[i];
      return y?.kind === "var" && y.name !== "" && y.name === r.name && !this.shared.usage.isReadAfter(y, s, this.block);
    });
    return side.statements.length === 0 && kept.length > 0 && kept.length >= atLeast;
  }

  private asChoice(s: If, tree: TreeIf): { result: Var; expr: Expr } | undefined {
    const { usage } = this.shared;
    const live = s.results.flatMap((result, i) => (usage.count(result) > 0 ? [{ result, i }] : []));
    const [only] = live;
    if (only === undefined || live.length > 1 || usage.statuses.has(only.result)) return undefined;
    if (this.passesOn(s, s.then, 1) || this.passesOn(s, s.else, 1)) return undefined;
    const isOwn = (v: Var): boolean => this.shared.reserved.has(v.name) && v.origin?.reverse !== true;
    const then = valueOf(tree.then, only.i, isOwn);
    const other = valueOf(tree.else, only.i, isOwn);
    if (then === undefined || other === undefined) return undefined;
    const expr: Expr = {
      kind: "choice",
      test: tree.test,
      then,
      else: other,
      type: only.result.type,
      origin: s.origin,
    };
    return widthOf(expr) > WIDEST_CHOICE ? undefined : { result: only.result, expr };
  }

  private loop(s: Loop): void {
    const { memory } = this.shared;
    const { counter } = s;
    const bound = counter?.bound.kind === "var" ? this.entry(counter.bound) : undefined;
    if (bound !== undefined && !this.staysSame(bound, s)) this.pending.materialise(bound);
    for (const e of this.pending.all()) if (e.strict) this.pending.materialise(e);
    const used = this.entriesOf(operands(s));
    this.pending.settle({ used, readings: [], writings: memory.writes(s), strict: true, waits: false });
    const carried = s.carried.map((c) => ({ param: c.param, init: this.take(c.init), result: c.result }));
    const tree: TreeLoop = {
      kind: "loop",
      counter: counter && { ...counter, start: this.take(counter.start), bound: this.take(counter.bound) },
      carried,
      body: new Folder(this.shared, s.body, false, []).run(),
      exit: s.exit,
      label: s.label,
      origin: s.origin,
    };
    this.out.push(tree);
  }

  // The bound is evaluated each turn: it must be cheap and stay as it is.
  private staysSame(e: Entry, s: Loop): boolean {
    if (e.strict || e.width > 24 || !isCheap(e.expr)) return false;
    return !this.pending.clash(e, { readings: [], writings: this.shared.memory.writes(s), strict: true });
  }

  private mayWait(s: Statement, result: Var): boolean {
    const { usage } = this.shared;
    const sites = usage.of(result);
    if (this.isNamed(s, result)) return false;
    if (sites.length > 1 && s.kind !== "load") return false;
    return sites.every((site) => this.suits(s, site));
  }

  private suits(s: Statement, site: Site): boolean {
    const { user } = site;
    if (!this.shared.usage.isOutsideLoops(site, this.block)) return false;
    if (user === undefined) return site.block !== this.block || this.returns;
    if (user.kind === "opaque" || user.kind === "effect") return false;
    // TypeScript refuses `a === [x]`, which never holds.
    if (user.kind === "let" && s.kind === "allocate" && /^[!=]==?$/.test(user.op)) return false;
    // A record within a record gets a name, unless it is small.
    if (user.kind === "allocate" && s.kind === "allocate") return operands(s).length <= 4;
    if (user.kind === "resize") return s.kind === "load" && site.place === 0;
    const isBase = site.place === 0 && /^(load|store|accumulate|push|pop|copy)$/.test(user.kind);
    return !isBase || s.kind === "load";
  }

  // `x[i]` is printed twice rather than named, unless something in between may write it.
  private mayRepeat(result: Var, expr: Expr): boolean {
    const { usage } = this.shared;
    const sites = usage.of(result);
    if (expr.kind !== "read" || expr.of.kind !== "var" || sites.length > 4 || widthOf(expr) > 12) return false;
    if (expr.key.kind !== "field" && expr.key.kind !== "var" && expr.key.kind !== "literal") return false;
    return sites.every((site) => site.user !== undefined);
  }

  // Parts get a name where the whole would become too wide, or where a choice would stand within arithmetic.
  private narrow(args: readonly Atom[], isArithmetic: boolean, hasWidth: boolean): void {
    const parts = (): readonly Entry[] => this.entriesOf(args).filter((e) => !e.repeat);
    if (isArithmetic) for (const e of parts()) if (isTernary(e.expr)) this.pending.materialise(e);
    if (!hasWidth) return;
    const width = (): number => args.reduce((sum, a) => sum + widthOf(this.peek(a)) + 3, 0);
    while (width() > WIDEST) {
      const [widest] = [...parts()].sort((a, b) => b.width - a.width);
      if (widest === undefined || widest.width < 4) return;
      this.pending.materialise(widest);
    }
  }

  /** A name that the source gave stays; what backward code and the compiler named may go, and where a counter begins. */
  private isNamed(s: Statement, result: Var): boolean {
    if (this.shared.usage.starts.get(result) === result.name) return false;
    return this.shared.reserved.has(result.name) && s.origin !== undefined && s.origin.reverse !== true;
  }

  /** Opaque text holds names, not expressions. */
  private name(arg: Atom): void {
    const e = this.entry(arg);
    if (e !== undefined) this.pending.materialise(e);
  }

  private resolve(a: Atom): Expr {
    return (a.kind === "var" ? this.shared.aliases.get(a) : undefined) ?? a;
  }

  private entry(a: Atom): Entry | undefined {
    const e = this.resolve(a);
    return e.kind === "var" ? this.pending.get(e) : undefined;
  }

  private entriesOf(atoms: readonly Atom[]): readonly Entry[] {
    return atoms.flatMap((a) => this.entry(a) ?? []);
  }

  private peek(a: Atom): Expr {
    return this.entry(a)?.expr ?? this.resolve(a);
  }

  private take(a: Atom): Expr {
    const e = this.resolve(a);
    return e.kind === "var" ? this.pending.take(e) : e;
  }
}

/** What the result is another name of: identity(x), and in backward code 1 * x. The source's own sums stay. */
function sameAs({ op, args, origin }: Let): Atom | undefined {
  const [a, b] = args;
  if (op === "identity") return a;
  if (op !== "*" || origin?.reverse !== true || a === undefined) return undefined;
  return isLiteral(a, 1) && a.text === undefined ? b : undefined;
}

/** The value of a side that does nothing else. Where the source has a name for it, it was a statement there. */
function valueOf(side: TreeBlock, i: number, isOwn: (v: Var) => boolean): Expr | undefined {
  if (side.throws) return undefined;
  const value = side.yields[i];
  const [first, second] = side.statements;
  if (first === undefined) return value;
  if (second !== undefined || first.kind !== "bind" || first.result !== value || isOwn(value)) return undefined;
  return first.value;
}

function isTernary(e: Expr): boolean {
  return e.kind === "choice" && e.type.kind !== "bool";
}

function isCheap(e: Expr): boolean {
  if (e.kind === "operation") return /^[-+*]$/.test(e.op) && e.args.every(isCheap);
  if (e.kind === "read") return e.key.kind === "field" && e.of.kind === "var";
  return e.kind === "var" || e.kind === "literal";
}
