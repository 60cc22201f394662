import type { Atom, Block, Fn, Key, Statement, Var } from "../../transformer/ir/model.js";
import type { Type } from "../../transformer/ir/types.js";

type Value = unknown;
type Memory = Record<string | number, unknown> & { length: number };
type Scope = Map<Var, Value>;

export interface InterpretOptions {
  /** Values of captured names. */
  readonly captures?: Readonly<Record<string, unknown>>;
}

/** Runs a function of the IR as it stands: the meaning that every stage must keep and the emitter must print. */
export function interpret(fn: Fn, args: readonly unknown[], options: InterpretOptions = {}): unknown {
  const results = run(fn, args, options);
  return fn.results.length === 0 ? undefined : fn.results.length === 1 ? results[0] : results;
}

function run(fn: Fn, args: readonly unknown[], options: InterpretOptions): Value[] {
  const scope: Scope = new Map();
  fn.params.forEach((p, i) => scope.set(p, args[i]));
  for (const c of fn.captures) scope.set(c, c.name in (options.captures ?? {}) ? options.captures?.[c.name] : evaluate(c.name));
  return block(fn.body, scope, options);
}

function block(b: Block, scope: Scope, options: InterpretOptions): Value[] {
  for (const s of b.statements) step(s, scope, options);
  return b.yields.map((y) => get(y, scope));
}

function step(s: Statement, scope: Scope, options: InterpretOptions): void {
  const at = (a: Atom): Value => get(a, scope);
  const memory = (a: Atom): Memory => at(a) as Memory;
  const key = (k: Key): string | number => (k.kind === "field" ? k.name : (at(k) as number));
  switch (s.kind) {
    case "let":
      return void scope.set(s.result, operate(s.op, s.args.map(at)));
    case "load":
      return void scope.set(s.result, memory(s.of)[key(s.key)]);
    case "store":
      memory(s.of)[key(s.key)] = at(s.value);
      return;
    case "accumulate": {
      const k = key(s.key);
      memory(s.of)[k] = (memory(s.of)[k] as number) + (at(s.value) as number);
      return;
    }
    case "push":
      return void (at(s.of) as Value[]).push(at(s.value));
    case "pop":
      return void scope.set(s.result, (at(s.of) as Value[]).pop());
    case "resize": {
      const a = at(s.of) as number[];
      const n = at(s.length) as number;
      while (a.length < n) a.push(0);
      if (!s.atLeast) a.length = n;
      return;
    }
    case "copy": {
      const from = s.from && (at(s.from) as number);
      const to = s.to && (at(s.to) as number);
      return void scope.set(s.result, copy(at(s.of), s.depth, from, to));
    }
    case "allocate":
      return void scope.set(s.result, allocate(s, scope));
    case "call": {
      const results = run(s.callee.fn(), s.args.map(at), options);
      s.results.forEach((r, i) => scope.set(r, results[i]));
      return;
    }
    case "opaque": {
      const value = text(s.text, s.args.map(at), true, options);
      if (s.result) scope.set(s.result, value);
      return;
    }
    case "effect":
      return void text(s.text, s.args.map(at), false, options);
    case "if": {
      const values = block(at(s.test) ? s.then : s.else, scope, options);
      s.results.forEach((r, i) => scope.set(r, values[i]));
      return;
    }
    case "loop": {
      let values = s.carried.map((c) => at(c.init));
      let status = 0;
      let i = s.counter ? (at(s.counter.start) as number) : 0;
      const bound = s.counter ? (at(s.counter.bound) as number) : 0;
      while (s.counter === undefined || (operate(s.counter.test, [i, bound]) as boolean)) {
        if (s.counter) scope.set(s.counter.var, i);
        s.carried.forEach((c, k) => scope.set(c.param, values[k]));
        const [next, ...rest] = block(s.body, scope, options);
        values = rest;
        status = next as number;
        if (status !== 0) break;
        i += s.counter?.step ?? 0;
      }
      s.carried.forEach((c, k) => scope.set(c.result, values[k]));
      if (s.exit) scope.set(s.exit, status);
    }
  }
}

function get(atom: Atom, scope: Scope): Value {
  if (atom.kind === "literal") return atom.value;
  if (!scope.has(atom)) throw new Error(`${atom.name} is not in scope`);
  return scope.get(atom);
}

function copy(value: Value, depth: number, from?: number, to?: number): Value {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice(from, to);
  if (Array.isArray(value)) return value.slice(from, to).map((v: Value) => (depth > 1 ? copy(v, depth - 1) : v));
  const entries = Object.entries(value as object).map(([k, v]) => [k, depth > 1 && typeof v === "object" ? copy(v, depth - 1) : (v as Value)]);
  return Object.fromEntries(entries) as Value;
}

function allocate(s: Extract<Statement, { kind: "allocate" }>, scope: Scope): Value {
  const { initial, result } = s;
  const { type } = result;
  if (initial.kind === "zerosLike") return zerosLike(get(initial.source, scope), type);
  if (initial.kind === "fill") {
    const n = get(initial.length, scope) as number;
    const value = get(initial.value, scope);
    if (type.kind === "typed") return typed(type.name, n).fill(value as number);
    return value === undefined ? new Array<unknown>(n) : new Array<unknown>(n).fill(value);
  }
  const values = initial.elements.map((e) => get(e, scope));
  if (type.kind === "record" && type.shape === "object") {
    return Object.fromEntries(type.fields.map((f, i) => [f.name, values[i]]));
  }
  return type.kind === "typed" ? Float64Array.from(values as number[]) : values;
}

function zerosLike(value: Value, type: Type): Value {
  if (type.kind === "real") return 0;
  if (value === undefined) return undefined;
  switch (type.kind) {
    case "typed":
      return new Float64Array((value as Float64Array).length);
    case "array":
      return Array.from(value as Value[], (v) => zerosLike(v, type.element));
    case "record":
      if (type.shape === "tuple") return type.fields.map((f, i) => zerosLike((value as Value[])[i], f.type));
      return Object.fromEntries(type.fields.map((f) => [f.name, zerosLike((value as Memory)[f.name], f.type)]));
    default:
      return undefined;
  }
}

function typed(name: string, n: number): Float64Array {
  return new (globalThis as unknown as Record<string, new (n: number) => Float64Array>)[name]!(n);
}

function operate(op: string, args: readonly Value[]): Value {
  const [a, b] = args;
  if (op === "neg") return -(a as number);
  if (op === "identity") return a;
  if (op === "isUndefined") return a === undefined;
  if (op === "toNumber") return Number(a);
  if (op === "sigmoid") return 1 / (1 + Math.exp(-(a as number)));
  if (op === "?:") return a ? b : args[2];
  if (op.includes(".")) {
    const fn = evaluate(op.split(":")[0]!) as (...args: readonly Value[]) => Value;
    return fn(...args);
  }
  const names = args.map((_, i) => `a${i}`);
  const body = args.length === 1 ? `${op}a0` : `a0 ${op} a1`;
  return (new Function(...names, `return ${body}`) as (...args: readonly Value[]) => Value)(...args);
}

function evaluate(text: string): Value {
  return (new Function(`return ${text}`) as () => Value)();
}

function text(parts: readonly string[], args: readonly Value[], expression: boolean, options: InterpretOptions): Value {
  const captures = options.captures ?? {};
  const names = [...args.map((_, i) => `$${i}`), ...Object.keys(captures)];
  const body = parts.map((p, i) => (i < args.length ? `${p}$${i}` : p)).join("");
  const fn = new Function(...names, expression ? `return (${body})` : body) as (...args: readonly Value[]) => Value;
  return fn(...args, ...Object.values(captures));
}
