import type ts from "typescript";
import { catalogue, excerpt } from "../diagnostics.js";
import { field, lengthField, selectedType, variable } from "../ir/build.js";
import type { Atom, Block, FnRef, Initial, Literal, Origin, Statement, Var } from "../ir/model.js";
import { int, nonNull, nullable, type RecordType, type Type } from "../ir/types.js";
import { Closures, type Activation } from "./closures.js";
import type { LowerContext } from "./context.js";
import { Draft } from "./draft.js";
import type { Facts } from "./facts/facts.js";
import type { Target } from "./jumps.js";
import type { Lifted } from "./lifted.js";
import { commentsBefore, oneLine, originOf } from "./origin.js";
import { reject, Rejected } from "./rejected.js";
import { symbolAt } from "./syntax.js";
import type { Types } from "./types.js";
import { operands } from "../ir/walk.js";

/** What the values of a function are kept under: its variables, and the results of its functions. */
export type Key = ts.Symbol | Target;
/** The current value of each variable in scope. `undefined`: declared, and not assigned yet. */
export type Values = Map<Key, Atom | undefined>;

/** Handlers by the name of a kind of node. */
export type Table<Handler> = Partial<Record<keyof typeof ts.SyntaxKind, Handler>>;

export interface Targets {
  readonly break?: Target;
  readonly continue?: Target;
}

/**
 * One function while it is lowered: the block that statements are added to, and the values of variables at this point.
 */
export class Lowering {
  readonly ts: typeof ts;
  readonly checker: ts.TypeChecker;
  statements: Statement[] = [];
  values: Values = new Map();
  readonly captures = new Map<ts.Symbol, Var>();
  /** Where the jumps of loops, switches and labelled statements lead. */
  readonly targets = new Map<ts.Node, Targets>();
  /** Where `return` leads: the function itself, or a nested one lowered in place. */
  readonly returns: { readonly node: ts.Node; readonly target: Target }[] = [];
  readonly callees = new Set<FnRef>();
  readonly closures = new Closures();
  /** What `this` is here; an object that its constructor is still making. */
  receiver: Atom | Draft | undefined;
  /** The classes of objects that were made here. */
  readonly made = new Map<Atom, ts.ClassLikeDeclaration>();
  /** The classes of objects that have been told to be of one of some. */
  readonly among = new Map<Atom, readonly ts.ClassLikeDeclaration[]>();
  /** The values of expressions that have been evaluated, in the function that is being lowered: of `o` in o?.m(). */
  standing: ReadonlyMap<ts.Node, Atom> = new Map();
  /** Which variables outlive the calls that made them, as far as it was asked. */
  readonly cells = new Map<ts.Symbol, boolean>();
  readonly cellTypes = new Map<ts.Symbol, RecordType>();
  /** The calls that are being lowered in place. */
  readonly activations: Activation[] = [];
  /** The functions declared in this one that call themselves, once they were asked for. */
  recursive: ReadonlySet<ts.FunctionLikeDeclaration> | undefined;
  private readonly codes = new Map<Target, number>();
  private readonly tables = new Map<object, Map<ts.SyntaxKind, unknown>>();
  /** The present statement on one line. */
  private line: string | undefined;
  private comments: readonly string[] = [];
  private place: ts.Node;

  constructor(
    readonly context: LowerContext,
    readonly root: ts.FunctionLikeDeclaration,
    readonly facts: Facts,
    readonly types: Types,
    public report: (error: unknown) => void,
    /** What it takes of the function that it is declared in. */
    readonly lifted?: Lifted,
  ) {
    this.ts = context.ts;
    this.checker = context.checker;
    this.place = root;
  }

  /** Everything made by `run` comes from `node`, a part of the present statement. */
  from<T>(node: ts.Node, run: () => T): T {
    const outer = this.place;
    this.place = node;
    try {
      return run();
    } finally {
      this.place = outer;
    }
  }

  /** Everything made by `run` comes from the statement `node`. */
  fromStatement<T>(node: ts.Node, run: () => T): T {
    const outer = { line: this.line, comments: this.comments };
    this.line = oneLine(this.ts, node);
    this.comments = commentsBefore(this.ts, node);
    try {
      return this.from(node, run);
    } finally {
      this.line = outer.line;
      this.comments = outer.comments;
    }
  }

  get origin(): Origin {
    return originOf(this.place, this.line, []);
  }

  /** Adds a statement. The first one that comes from a statement of the source takes its comments. */
  add(statement: Statement): void {
    if (operands(statement).some((a) => this.closures.isUnbound(a))) reject(catalogue.callback, this.place, excerpt(this.place));
    const origin = originOf(this.place, this.line, this.comments);
    this.comments = [];
    this.statements.push({ ...statement, origin });
  }

  variable(name: string, type: Type): Var {
    return variable(name, type, this.origin);
  }

  let(op: string, args: readonly Atom[], type: Type, name = ""): Var {
    const result = this.variable(name, type);
    this.add({ kind: "let", result, op, args });
    return result;
  }

  load(of: Atom, key: Atom, name = "", optional = false): Var {
    const type = selectedType(of.type, key);
    const result = this.variable(name, optional ? nullable(type) : type);
    this.add({ kind: "load", result, of, key });
    return result;
  }

  loadField(of: Atom, name: string, hint = "", optional = false): Var {
    const type = selectedType(of.type, field(name));
    const result = this.variable(hint, optional ? nullable(type) : type);
    this.add({ kind: "load", result, of, key: field(name) });
    return result;
  }

  /** A field that is there, whatever the type of the record says. */
  loadPresent(of: Atom, name: string, hint = "", optional = false): Var {
    const type = nonNull(selectedType(of.type, field(name)));
    const result = this.variable(hint, optional ? nullable(type) : type);
    this.add({ kind: "load", result, of, key: field(name) });
    return result;
  }

  length(of: Atom, name = ""): Atom {
    const result = this.variable(name, int);
    this.add({ kind: "load", result, of, key: lengthField });
    return result;
  }

  store(of: Atom, key: Atom, value: Atom): void {
    this.add({ kind: "store", of, key, value });
  }

  allocate(type: Type, initial: Initial, name = ""): Var {
    const result = this.variable(name, nonNull(type));
    this.add({ kind: "allocate", result, initial });
    return result;
  }

  /** The same value where it is known not to be undefined. */
  present(value: Atom): Atom {
    if (!value.type.nullable || value.kind === "literal") return value;
    const known = this.let("identity", [value], nonNull(value.type), value.name);
    const holder = this.closures.holderOf(value);
    if (holder !== undefined) this.closures.hold(known, holder);
    return known;
  }

  /** Runs `build` with an empty block and the present values; both are put back. */
  inBlock<T>(build: () => T): { readonly statements: Statement[]; readonly values: Values; readonly result: T } {
    const outer = { statements: this.statements, values: this.values };
    this.statements = [];
    this.values = new Map(outer.values);
    try {
      const result = build();
      return { statements: this.statements, values: this.values, result };
    } finally {
      this.statements = outer.statements;
      this.values = outer.values;
    }
  }

  /** Runs `run`; where something in it is refused, nothing of it is left. */
  attempt<T>(run: () => T): T | undefined {
    const { statements, values, report } = this;
    const before = { size: statements.length, values: new Map(values), callees: new Set(this.callees) };
    let isRefused = false;
    this.report = (error) => {
      if (!(error instanceof Rejected)) throw error;
      isRefused = true;
    };
    let found: T | undefined;
    try {
      found = run();
    } catch (error) {
      this.report(error);
    } finally {
      this.report = report;
    }
    if (!isRefused) return found;
    // Both are the same as before to whoever holds on to them.
    this.statements = statements;
    this.values = values;
    statements.length = before.size;
    values.clear();
    for (const [key, value] of before.values) values.set(key, value);
    for (const callee of this.callees) if (!before.callees.has(callee)) this.callees.delete(callee);
    return undefined;
  }

  block(name: string, statements: readonly Statement[], yields: readonly Atom[]): Block {
    return { region: { name }, statements, yields };
  }

  /** The number by which a jump to the target is known at run time. */
  code(target: Target): Literal {
    let code = this.codes.get(target);
    if (code === undefined) this.codes.set(target, (code = this.codes.size + 1));
    return { kind: "literal", value: code, type: int };
  }

  /** What a table has for a kind of node. */
  handler<Handler>(table: Table<Handler>, kind: ts.SyntaxKind): Handler | undefined {
    let byKind = this.tables.get(table);
    if (byKind === undefined) {
      const entries = Object.entries(table) as [keyof typeof ts.SyntaxKind, Handler][];
      byKind = new Map(entries.map(([name, handler]) => [this.ts.SyntaxKind[name], handler]));
      this.tables.set(table, byKind);
    }
    return byKind.get(kind) as Handler | undefined;
  }

  receiverAt(node: ts.Node): Atom {
    const { receiver } = this;
    if (receiver === undefined) return reject(catalogue.thisValue, node, excerpt(node));
    return receiver instanceof Draft ? receiver.object() : receiver;
  }

  /** The IR type of a variable of the function, for all of its life. */
  typeOf(symbol: ts.Symbol): Type {
    const declaration = symbol.valueDeclaration ?? this.root;
    const type = this.types.from(this.checker.getTypeOfSymbolAtLocation(symbol, declaration));
    const number = type.kind === "real" && this.facts.integers.has(symbol) ? { ...type, kind: "int" as const } : type;
    return this.facts.optional.has(symbol) ? nullable(number) : number;
  }

  /** The symbol that a name refers to, through imports, and into the sources of packages that are read. */
  symbol(name: ts.Node): ts.Symbol | undefined {
    const found = symbolAt(this.ts, this.checker, name);
    const symbol = found && this.context.packages.sourceOf(found);
    return symbol !== undefined && symbol.flags & this.ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Whether a symbol is declared inside the function. */
  isLocal(symbol: ts.Symbol): boolean {
    return this.facts.isLocal(symbol);
  }
}
