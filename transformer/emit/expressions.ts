import type { FnRef, Var } from "../ir/model.js";
import { int, isNull, isReference, type Type } from "../ir/types.js";
import { allocation, duplicate, elementsOf, properties } from "./allocations.js";
import { concat, list, located, plain, write, type Fragment } from "./fragment.js";
import { printLiteral } from "./literals.js";
import { asTest } from "./logic.js";
import { binary, leftOf, level } from "./precedence.js";
import { isField, literal, type Choice, type Expr, type Fresh, type Invocation, type Operation, type Read, type Source } from "./tree.js";
import { areApart, isIdentifier, takesUndefined } from "./types.js";

/** How the parts that have names are written. */
export interface Naming {
  variable(v: Var): string;
  callee(ref: FnRef): string;
  /** The name of a function that stands beside, of the text that is written for a name. */
  shared?(wish: string, write: (name: string) => string): string;
  type(type: Type): string;
}

interface Printed {
  readonly fragment: Fragment;
  /** How tightly its outermost operator binds. */
  readonly level: number;
}

/** Prints expressions with as few parentheses as can be. */
export class Expressions {
  constructor(readonly naming: Naming) {}

  /** An expression where at least `least` is asked for. */
  print(e: Expr, least: number = level.anything): Fragment {
    return this.wrapped(e, this.any(e), least);
  }

  /** An expression where a value of a type is wanted, which may be null where it is missing. */
  of(e: Expr, wanted: Type): Fragment {
    return this.print(e.kind === "literal" && e.value === undefined && isNull(wanted) ? { ...e, type: wanted } : e, level.arrow);
  }

  private wrapped(e: Expr, { fragment, level: own }: Printed, least: number): Fragment {
    const origin = e.kind === "var" || e.kind === "literal" ? undefined : e.origin;
    const mapped = located(fragment, origin);
    return own < least ? write`(${mapped})` : mapped;
  }

  /** `of[key]`, `of.field`. */
  place(of: Expr, key: Read["key"], chain: "" | "?." = ""): Fragment {
    const base = chain === "" ? this.base(of) : this.print(of, level.primary);
    if (!isField(key)) return write`${base}${chain}[${this.print(key)}]`;
    if (/^(0|[1-9]\d*)$/.test(key.name)) return write`${base}${chain}[${key.name}]`;
    const isHidden = of.type.kind === "record" && of.type.fields.some((f) => f.name === key.name && f.hidden === true);
    return isIdentifier(key.name) && !isHidden ? write`${base}${chain || "."}${key.name}` : write`${base}${chain}[${JSON.stringify(key.name)}]`;
  }

  /** A place that holds something though its object may lack it: `o.k!`. */
  presentPlace(of: Expr, key: Read["key"]): Fragment {
    const place = this.place(of, key);
    const field = of.type.kind === "record" && of.type.shape === "object" && isField(key) ? of.type.fields.find((f) => f.name === key.name) : undefined;
    return field?.type.nullable === true && field.type.kind !== "opaque" ? write`${place}!` : place;
  }

  /**
   * A call, an array or an object with a line for each part, where that is possible. The parts in between stand one
   * step further in.
   */
  broken(e: Expr): { readonly open: Fragment; readonly parts: readonly Fragment[]; readonly close: string } | undefined {
    if (e.kind === "invocation" && e.later === undefined) return { open: write`${this.naming.callee(e.callee)}(`, parts: this.given(e), close: ")" };
    if (e.kind !== "fresh" || e.initial !== "elements" || e.type.kind === "typed") return undefined;
    const parts = elementsOf(e, this);
    if (e.type.kind !== "record" || e.type.shape === "tuple") return { open: plain("["), parts, close: "]" };
    return { open: plain("{"), parts: properties(e, e.type.fields, parts), close: "}" };
  }

  /** The arguments of a call: what may be missing for its type is there where it is handed to a function that wants it. */
  private given({ callee, args }: Invocation): readonly Fragment[] {
    const { params } = callee.fn();
    return args.map((a, i) => (a.kind !== "literal" && isReference(a.type) && a.type.nullable === true && params[i]?.type.nullable !== true ? this.base(a) : this.print(a, level.arrow)));
  }

  /** What stands before a dot or a bracket. */
  base(of: Expr): Fragment {
    if (isNothing(of)) return plain("(undefined as any)");
    const base = this.print(of, level.primary);
    return of.type.nullable === true && of.type.kind !== "opaque" ? write`${base}!` : base;
  }

  /** Source text with expressions in its gaps. */
  source(parts: readonly string[], args: readonly Expr[]): Fragment {
    // x! of what cannot be undefined is x.
    const text = parts.map((part, i) => {
      const before = args[i - 1];
      return before !== undefined && before.type.nullable !== true && before.type.kind !== "opaque" && /^!(?!=)/.test(part) ? part.slice(1) : part;
    });
    return concat(
      text.flatMap((part, i) => {
        const arg = args[i];
        if (arg === undefined) return [part];
        // Of undefined TypeScript knows no members.
        if (arg.kind === "literal" && arg.value === undefined && /^\s*(\?\.|\.|!|\[|as\b)/.test(text[i + 1] ?? "")) return [part, "(undefined as any)"];
        // Within f(…, …), […] and ${…} an expression stands alone.
        const alone = /(^|[([,{])\s*$/.test(part) && /^\s*($|[)\],}])/.test(text[i + 1] ?? "");
        return [part, this.print(arg, alone ? level.choice : level.primary)];
      }),
    );
  }

  private any(e: Expr): Printed {
    const primary = (fragment: Fragment): Printed => ({ fragment, level: level.primary });
    switch (e.kind) {
      case "var":
        return primary(plain(this.naming.variable(e)));
      case "literal": {
        const { text, level: own } = printLiteral(e);
        return { fragment: plain(text), level: own };
      }
      case "read":
        return primary(e.type.nullable === true ? this.place(e.of, e.key) : this.presentPlace(e.of, e.key));
      case "operation":
        return this.operation(e);
      case "choice":
        return this.choice(e);
      case "invocation":
        if (e.later !== undefined) return this.later(e, e.later);
        return primary(write`${this.naming.callee(e.callee)}(${list(this.given(e))})`);
      case "popped":
        return primary(e.type.nullable === true ? write`${this.base(e.of)}.pop()` : write`${this.base(e.of)}.pop()!`);
      case "fresh":
        return { fragment: allocation(e, this), level: isPresentOnly(e) ? level.choice : level.primary };
      case "duplicate":
        return primary(duplicate(e, this));
      case "source":
        return this.opaque(e);
    }
  }

  // (g: number) => fPullback(g, x)
  private later(e: Invocation, open: readonly Var[]): Printed {
    const header = open.map((v) => `${v.name}: ${this.naming.type(v.type)}`).join(", ");
    const given = [...open.map((v) => plain(v.name)), ...e.args.slice(open.length).map((a) => this.print(a, level.arrow))];
    return { fragment: write`(${header}) => ${this.naming.callee(e.callee)}(${list(given)})`, level: level.arrow };
  }

  // Text of the source may hold any operator.
  private opaque(e: Source): Printed {
    const fragment = this.source(e.text, e.args);
    return { fragment, level: isPath(fragment.text) || /^new \w+(<[^()]*>)?\(\)$/.test(fragment.text) ? level.primary : level.anything };
  }

  private operation(e: Operation): Printed {
    const [a, b] = e.args;
    if (a === undefined) return { fragment: plain(`${functionName(e.op)}()`), level: level.primary };
    switch (e.op) {
      case "neg":
        return this.negative(e, a);
      case "!":
        if (a.kind === "operation" && a.op === "isUndefined" && a.args[0]) {
          return { fragment: write`${this.print(a.args[0], 10)} ${isNull(a.args[0].type) ? "!= null" : "!== undefined"}`, level: 8 };
        }
        if (a.kind === "operation" && (a.op === "===" || a.op === "!==")) return this.operation({ ...a, op: a.op === "===" ? "!==" : "===" });
        return { fragment: this.prefix("!", a), level: level.unary };
      case "~":
        return { fragment: this.prefix(e.op, a), level: level.unary };
      case "identity":
        if (isNothing(a) && isReference(e.type) && e.type.nullable !== true) return { fragment: plain("(undefined as any)"), level: level.primary };
        if (a.type.nullable !== true || e.type.nullable === true) return this.any(a);
        return { fragment: write`${this.print(a, level.primary)}!`, level: level.primary };
      case "surrogate":
        return this.any(a);
      case "===":
      case "!==":
        if (b !== undefined && areApart(a.type, b.type)) return { fragment: write`(${this.print(a, level.primary)} as unknown) ${e.op} ${this.print(b, 9)}`, level: 8 };
        // By shape.constructor === Circle TypeScript would take the shape for a Circle, by !== for nothing.
        if (b === undefined || a.kind !== "read" || a.key.kind !== "field" || a.key.name !== "constructor") break;
        return { fragment: write`(${this.print(a, level.primary)} as unknown) ${e.op} ${this.print(b, 9)}`, level: 8 };
      case "isUndefined":
        return { fragment: write`${this.print(a, 10)} ${isNull(a.type) ? "== null" : "=== undefined"}`, level: 8 };
      case "toNumber":
        return { fragment: write`Number(${this.print(a, level.arrow)})`, level: level.primary };
      case "subarray":
        return { fragment: write`${this.base(a)}.subarray(${list(e.args.slice(1).map((x) => this.print(x, level.arrow)))})`, level: level.primary };
      case "sigmoid":
        return this.any(sigmoid(e, a));
    }
    const operator = b && binary(e.op);
    if (operator === undefined) {
      return { fragment: write`${functionName(e.op)}(${list(e.args.map((x) => this.print(x, level.arrow)))})`, level: level.primary };
    }
    const positive = e.op === "+" || (e.op === "-" && b.kind !== "literal") ? positiveOf(b) : undefined;
    if (positive !== undefined) return this.operation({ ...e, op: e.op === "+" ? "-" : "+", args: [a, positive] });
    const left = this.print(a, leftOf(e.op, a.kind === "operation" ? a.op : undefined));
    return { fragment: write`${left} ${e.op} ${this.print(b, operator.right)}`, level: operator.level };
  }

  // -1 / x   for   -(1 / x), in backward code
  private negative(e: Operation, a: Expr): Printed {
    const [first, second] = a.kind === "operation" && /^[*/]$/.test(a.op) && e.origin?.reverse === true ? a.args : [];
    if (a.kind !== "operation" || first === undefined || second === undefined) return { fragment: this.prefix("-", a), level: level.unary };
    const isPlain = first.kind === "literal" && typeof first.value === "number" && first.text === undefined;
    return this.operation({ ...a, args: [isPlain ? { ...first, value: -first.value } : { ...e, args: [first] }, second] });
  }

  // - -x and --x are different things.
  private prefix(sign: string, operand: Expr): Fragment {
    const inner = this.print(operand, level.unary);
    return inner.text.startsWith(sign) && sign === "-" ? write`${sign}(${inner})` : write`${sign}${inner}`;
  }

  // a ? b : false   is   a && b
  private choice(e: Choice): Printed {
    if (e.type.kind === "bool" && e.test.type.kind === "bool") {
      const { test, then, else: other } = e;
      if (isBool(other, false) && isBool(then, true)) return this.any(test);
      if (isBool(then, false) && isBool(other, true)) return { fragment: this.prefix("!", test), level: level.unary };
      if (isBool(other, false)) return this.logic("&&", test, then);
      if (isBool(then, true)) return this.logic("||", test, other);
    }
    const present = defaulted(e);
    if (present !== undefined) {
      return { fragment: write`${this.print(present, level.and + 1)} ?? ${this.print(e.then, level.and + 1)}`, level: level.nullish };
    }
    const there = readIfThere(e);
    if (there !== undefined) return { fragment: this.place(there.of, there.key, "?."), level: level.primary };
    const test = this.print(asTest(e.test), level.or);
    // Which side is taken decides too where it is read: undefined! stands in the place of a value of any type.
    const side = (of: Expr, at: number): Fragment => (of.kind === "literal" && of.value === undefined && isNull(e.type) ? this.of(of, e.type) : of.kind === "literal" && of.value === undefined && !takesUndefined(e.type) ? write`${this.print(of, at)}!` : this.print(of, at));
    return { fragment: write`${test} ? ${side(e.then, e.then.kind === "choice" ? level.or : level.arrow)} : ${side(e.else, level.arrow)}`, level: level.choice };
  }

  // (a && b) || c: valid without parentheses, and read better with them.
  private logic(op: "&&" | "||", a: Expr, b: Expr): Printed {
    const own = op === "&&" ? level.and : level.or;
    const side = (e: Expr): Fragment => {
      const printed = this.any(e);
      return this.wrapped(e, printed, printed.level === level.and && op === "||" ? level.power : own);
    };
    return { fragment: write`${side(a)} ${op} ${side(b)}`, level: own };
  }
}

/** What is nothing, of which TypeScript knows no members: text that is never reached. */
function isNothing(e: Expr): boolean {
  if (e.kind === "operation" && e.op === "identity" && e.args[0]) return isNothing(e.args[0]);
  return e.kind === "literal" && e.value === undefined;
}

function isBool(e: Expr, value: boolean): boolean {
  return e.kind === "literal" && e.value === value;
}

/** Of `x === undefined ? d : x!` the x, where `x ?? d` is the same: a number is never null. */
function defaulted({ test, else: other }: Choice): Expr | undefined {
  const [x] = test.kind === "operation" && test.op === "isUndefined" ? test.args : [];
  const [same] = other.kind === "operation" && other.op === "identity" ? other.args : [other];
  if (x?.kind !== "var" || same !== x) return undefined;
  return x.type.kind === "real" || x.type.kind === "int" || x.type.kind === "bool" ? x : undefined;
}

/** Of `a === undefined ? undefined : a[i]` the read, which is `a?.[i]`. */
function readIfThere({ test, then, else: other }: Choice): Read | undefined {
  const [x] = test.kind === "operation" && test.op === "isUndefined" ? test.args : [];
  if (x?.kind !== "var" || then.kind !== "literal" || then.value !== undefined || isNull(then.type) || other.kind !== "read") return undefined;
  const [of] = other.of.kind === "operation" && other.of.op === "identity" ? other.of.args : [other.of];
  return of === x ? { ...other, of: x } : undefined;
}

/** The zeros of what may be undefined, which are undefined then. */
function isPresentOnly(e: Fresh): boolean {
  return e.initial === "zerosLike" && e.args[0]?.type.nullable === true;
}

/** Of `-3 * x`, `-x` and `-x / y`, made by the compiler, `3 * x`, `x` and `x / y`, and of -1 beside an integer 1: what is added can as well be subtracted. */
function positiveOf(e: Expr): Expr | undefined {
  if (e.kind === "literal" && e.type.kind === "int" && typeof e.value === "number" && e.value < 0 && e.text === undefined) return { ...e, value: -e.value };
  if (e.kind !== "operation" || e.origin?.reverse !== true) return undefined;
  const [first, x] = e.args;
  if (e.op === "neg") return first;
  if ((e.op !== "*" && e.op !== "/") || first === undefined || x === undefined) return undefined;
  const isPlain = first.kind === "literal" && typeof first.value === "number" && first.value < 0 && first.text === undefined;
  const factor = isPlain ? { ...first, value: -Number(first.value) } : positiveOf(first);
  return factor && { ...e, args: [factor, x] };
}

/** `Math.max` of the operation `Math.max:01`. */
function functionName(op: string): string {
  return op.split(":", 1)[0] ?? op;
}

// 1 / (1 + Math.exp(-x))
function sigmoid(e: Operation, x: Expr): Expr {
  const { type } = e;
  const one = literal(1, int);
  const exp: Expr = { kind: "operation", op: "Math.exp", args: [{ kind: "operation", op: "neg", args: [x], type }], type };
  return { kind: "operation", op: "/", args: [one, { kind: "operation", op: "+", args: [one, exp], type }], type };
}

/** `a`, `a.b[i]`, `a["b"]`, `a.f(x)!`, `"text"`: a name or a text and what hangs on it, to the very end. */
function isPath(source: string): boolean {
  const text = source.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^`{}]*\})*`/g, (_, at: number) => (at === 0 ? "text" : "[]"));
  if (!/^[\p{ID_Start}$_]/u.test(text) || /["'`/]/.test(text)) return false;
  let depth = 0;
  for (const char of text) {
    if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    else if (depth === 0 && !/[\p{ID_Continue}$.!]/u.test(char)) return false;
  }
  return depth === 0;
}
