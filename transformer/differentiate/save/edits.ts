import type { Atom, Block, Carried, Fn, If, Loop, Region, Statement, Var } from "../../ir/model.js";
import { rewriteStatement } from "../../ir/rewrite.js";
import type { Scopes } from "./scopes.js";

/** What saving adds to a function: statements at places, results of branches, and names for names out of scope. */
export class Edits {
  private readonly before = new Map<Statement, Statement[]>();
  private readonly after = new Map<Statement, Statement[]>();
  private readonly first = new Map<Region, Statement[]>();
  private readonly last = new Map<Region, Statement[]>();
  private readonly replaced = new Map<Statement, Statement>();
  private readonly results = new Map<Statement, { result: Var; then: Atom; else: Atom }[]>();
  private readonly carried = new Map<Statement, { readonly carried: Carried; readonly next: Atom }[]>();
  readonly names = new Map<Var, Atom>();

  putBefore(s: Statement, ...added: Statement[]): void {
    append(this.before, s, added);
  }
  putAfter(s: Statement, ...added: Statement[]): void {
    append(this.after, s, added);
  }
  putFirst(region: Region, ...added: Statement[]): void {
    append(this.first, region, added);
  }
  putLast(region: Region, ...added: Statement[]): void {
    append(this.last, region, added);
  }
  /** What stands before and after the one stands before and after the other. */
  replace(s: Statement, other: Statement): void {
    this.replaced.set(s, other);
  }
  giveResult(s: If, result: Var, then: Atom, otherwise: Atom): void {
    append(this.results, s, [{ result, then, else: otherwise }]);
  }

  /** Hands something further from turn to turn of a loop. */
  giveCarried(s: Loop, carried: Carried, next: Atom): void {
    append(this.carried, s, [{ carried, next }]);
  }

  apply(fn: Fn, scopes: Scopes): Fn {
    return { ...fn, body: this.block(fn.body, scopes) };
  }

  private block(block: Block, scopes: Scopes): Block {
    const { region } = block;
    const inner = (list: readonly Statement[] | undefined): Statement[] => (list ?? []).flatMap((s) => this.around(s, region, scopes));
    const statements = [...inner(this.first.get(region)), ...inner(block.statements), ...inner(this.last.get(region))];
    return { ...block, statements, yields: block.yields.map((y) => this.atom(y, region, scopes)) };
  }
  private around(s: Statement, region: Region, scopes: Scopes): Statement[] {
    const edited = (list: readonly Statement[] | undefined): Statement[] => (list ?? []).flatMap((t) => this.around(t, region, scopes));
    return [...edited(this.before.get(s)), this.statement(this.replaced.get(s) ?? s, region, scopes), ...edited(this.after.get(s))];
  }
  private statement(s: Statement, region: Region, scopes: Scopes): Statement {
    const atom = (a: Atom): Atom => this.atom(a, region, scopes);
    if (s.kind === "if") {
      const more = this.results.get(s) ?? [];
      const side = (b: Block, which: "then" | "else"): Block => this.block({ ...b, yields: [...b.yields, ...more.map((m) => m[which])] }, scopes);
      return { ...s, test: atom(s.test), then: side(s.then, "then"), else: side(s.else, "else"), results: [...s.results, ...more.map((m) => m.result)] };
    }
    if (s.kind === "loop") {
      const counter = s.counter && { ...s.counter, start: atom(s.counter.start), bound: atom(s.counter.bound) };
      const more = this.carried.get(s) ?? [];
      const carried = [...s.carried, ...more.map((m) => m.carried)].map((c) => ({ ...c, init: atom(c.init) }));
      const body = { ...s.body, yields: [...s.body.yields, ...more.map((m) => m.next)] };
      return { ...s, ...(counter ? { counter } : {}), carried, body: this.block(body, scopes) };
    }
    return rewriteStatement(s, { atom });
  }
  /** A name that is out of scope becomes what stands for it, which may itself be out of scope further out. */
  private atom(a: Atom, region: Region, scopes: Scopes): Atom {
    let atom = a;
    while (atom.kind === "var" && !scopes.inScope(atom, region)) {
      const stands = this.names.get(atom);
      if (stands === undefined) throw new Error(`${atom.name || "a value"} of the forward sweep was not brought back`);
      atom = stands;
    }
    return atom;
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, added: readonly V[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [...added]);
  else list.push(...added);
}
