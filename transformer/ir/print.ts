import type { Atom, Block, Fn, Key, Statement, Var } from "./model.js";
import { printType } from "./types.js";

/** Prints a function as indented text, every name made unique: for `trace`, for tests, for people. */
export function printFn(fn: Fn): string {
  const print = new Printer();
  const params = fn.params.map((p) => print.bind(p)).join(", ");
  const lines = [`fn ${fn.name}(${params}) -> ${fn.results.map(printType).join(", ") || "void"}`];
  if (fn.captures.length > 0) lines.push(`  captures ${fn.captures.map((c) => print.bind(c)).join(", ")}`);
  print.block(fn.body, "  ", "return", lines);
  return lines.join("\n") + "\n";
}

class Printer {
  private readonly names = new Map<Var, string>();
  private readonly taken = new Set<string>();

  bind(v: Var): string {
    return `${this.name(v)}: ${printType(v.type)}`;
  }

  block(block: Block, indent: string, ending: string, lines: string[]): void {
    for (const s of block.statements) this.statement(s, indent, lines);
    lines.push(`${indent}${ending} ${block.yields.map((y) => this.atom(y)).join(", ")}`.trimEnd());
  }

  private statement(s: Statement, indent: string, lines: string[]): void {
    const mark = s.origin?.reverse ? "'" : "";
    const put = (text: string): number => lines.push(indent + text + mark);
    switch (s.kind) {
      case "let":
        return void put(`${this.bind(s.result)} = ${s.op}(${s.args.map((a) => this.atom(a)).join(", ")})`);
      case "load":
        return void put(`${this.bind(s.result)} = ${this.place(s.of, s.key)}`);
      case "store":
        return void put(`${this.place(s.of, s.key)} = ${this.atom(s.value)}`);
      case "accumulate":
        return void put(`${this.place(s.of, s.key)} += ${this.atom(s.value)}`);
      case "push":
        return void put(`push ${this.atom(s.of)}, ${this.atom(s.value)}`);
      case "pop":
        return void put(`${this.bind(s.result)} = pop ${this.atom(s.of)}`);
      case "resize":
        return void put(`resize ${this.atom(s.of)} to ${s.atLeast ? "at least " : s.atMost ? "at most " : ""}${this.atom(s.length)}`);
      case "copy": {
        const range = s.from === undefined ? "" : `[${this.atom(s.from)}..${s.to === undefined ? "" : this.atom(s.to)}]`;
        return void put(`${this.bind(s.result)} = copy ${this.atom(s.of)}${range} depth ${s.depth}`);
      }
      case "allocate":
        return void put(`${this.bind(s.result)} = allocate ${this.initial(s.initial)}`);
      case "call": {
        const results = s.results.map((r) => this.bind(r)).join(", ");
        const args = s.args.map((a) => this.atom(a)).join(", ");
        return void put(`${results === "" ? "" : `${results} = `}${s.later !== undefined ? "later" : s.checkpoint === true ? "checkpoint" : "call"} ${s.callee.name}(${args})`);
      }
      case "opaque":
        return void put(`${s.result ? `${this.bind(s.result)} = ` : ""}opaque ${this.text(s.text, s.args)}`);
      case "effect":
        return void put(`${s.throws ? "throws" : "effect"} ${this.text(s.text, s.args)}`);
      case "if": {
        const results = s.results.map((r) => this.bind(r)).join(", ");
        put(`${results === "" ? "" : `${results} = `}if ${this.atom(s.test)}${region(s.then)}`);
        this.block(s.then, indent + "  ", "yield", lines);
        lines.push(`${indent}else${region(s.else)}`);
        return this.block(s.else, indent + "  ", "yield", lines);
      }
      case "loop": {
        const c = s.counter;
        const head = c && `${this.bind(c.var)} = ${this.atom(c.start)}; ${c.test} ${this.atom(c.bound)}; ${c.step}`;
        put(`loop ${head ?? "forever"}${region(s.body)}`);
        for (const { param, init } of s.carried) lines.push(`${indent}  carry ${this.bind(param)} = ${this.atom(init)}`);
        this.block(s.body, indent + "  ", "turn", lines);
        const out = s.carried.map(({ result }) => this.bind(result));
        if (s.exit) out.push(`exit ${this.bind(s.exit)}`);
        if (out.length > 0) lines.push(`${indent}giving ${out.join(", ")}`);
      }
    }
  }

  private initial(i: Extract<Statement, { kind: "allocate" }>["initial"]): string {
    if (i.kind === "fill") return `${this.atom(i.length)} of ${this.atom(i.value)}`;
    if (i.kind === "zerosLike") return `zeros like ${this.atom(i.source)}`;
    return `[${i.elements.map((e) => this.atom(e)).join(", ")}]`;
  }

  private place(of: Atom, key: Key): string {
    return key.kind === "field" ? `${this.atom(of)}.${key.name}` : `${this.atom(of)}[${this.atom(key)}]`;
  }

  private text(text: readonly string[], args: readonly Atom[]): string {
    return "`" + text.map((t, i) => t + (args[i] === undefined ? "" : `{${this.atom(args[i])}}`)).join("") + "`";
  }

  private atom(atom: Atom): string {
    if (atom.kind === "var") return this.name(atom);
    return atom.text ?? (Object.is(atom.value, -0) ? "-0" : typeof atom.value === "string" ? JSON.stringify(atom.value) : String(atom.value));
  }

  private name(v: Var): string {
    let name = this.names.get(v);
    if (name !== undefined) return name;
    const base = v.name === "" ? "t" : v.name;
    name = base;
    for (let i = 2; this.taken.has(name); i++) name = `${base}_${i}`;
    this.names.set(v, name);
    this.taken.add(name);
    return name;
  }
}

function region(block: Block): string {
  return block.region.mirrors === undefined ? "" : ` (mirrors ${block.region.mirrors.name})`;
}
