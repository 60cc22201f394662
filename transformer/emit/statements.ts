import { fieldType, isNull, type Type } from "../ir/types.js";
import type { Slot, Slots } from "./coalesce.js";
import type { Expressions } from "./expressions.js";
import { concat, list, located, plain, write, type Fragment } from "./fragment.js";
import type { Assign, Declare, Destructure, Leaf, Node, Return } from "./nodes.js";
import { level } from "./precedence.js";
import { isField, partsOf, type Expr, type Operation, type Write } from "./tree.js";
import { annotated } from "./annotations.js";
import { takesUndefined } from "./types.js";
import { samePlace } from "./places.js";

/** The widest line of a statement that could be broken. */
const WIDEST_LINE = 110;

/** The widest type of a variable that is written out. */
const WIDEST_TYPE = 60;

/** Prints the statements without blocks. */
export class Statements {
  constructor(
    private readonly slots: Slots,
    private readonly names: ReadonlyMap<Slot, string>,
    private readonly print: Expressions,
    private readonly besideFunctions: ReadonlySet<Slot>,
  ) {}

  /** The lines of a statement without a block; nothing for one that has one. */
  lines(node: Node, label: (node: Node) => string, isInLoop: boolean): readonly Fragment[] | undefined {
    switch (node.kind) {
      case "assign":
        return this.fitting(located(this.assign(node, isInLoop), node.origin), [node.value]);
      case "declare":
        return [this.declare(node)];
      case "destructure":
        return this.fitting(located(this.destructure(node), node.origin), [node.value]);
      case "leaf":
        return this.leaf(node).map((line) => located(line, node.origin));
      case "break":
      case "continue":
        return [located(write`${node.kind}${label(node)};`, node.origin)];
      case "return":
        return this.fitting(this.return(node), node.values);
      default:
        return undefined;
    }
  }

  // const x = f(
  //   a,
  //   b,
  // );
  private fitting(line: Fragment, values: readonly Expr[]): readonly Fragment[] {
    const [value] = values;
    if (line.text.length <= WIDEST_LINE || value === undefined) return [line];
    const several = { open: plain("["), parts: values.map((v) => this.print.print(v, level.arrow)), close: "]" };
    const broken = values.length > 1 ? several : this.print.broken(value);
    if (broken === undefined || broken.parts.length === 0) return [line];
    const whole = concat([broken.open, broken.close === "}" ? " " : "", list(broken.parts), broken.close === "}" ? " }" : broken.close, ";"]).text;
    if (!line.text.endsWith(whole)) return [line];
    const lead = line.text.slice(0, line.text.length - whole.length);
    return [write`${lead}${broken.open}`, ...broken.parts.map((p) => write`  ${p},`), write`${broken.close};`];
  }

  name(slot: Slot): string {
    const name = this.names.get(slot);
    if (name === undefined) throw new Error(`a variable ${slot.wish} without a name`);
    return name;
  }

  private assign({ slot, value, declares }: Assign, isInLoop: boolean): Fragment {
    const name = this.name(slot);
    if (declares !== undefined) {
      const type = annotated(value, slot.type, declares, isInLoop) ? `: ${this.typeOf(slot)}` : "";
      const isAbsent = value.kind === "literal" && value.value === undefined && declares === "let" && slot.type.nullable === true && !isNull(slot.type);
      return isAbsent ? write`let ${name}${type};` : write`${declares} ${name}${type} = ${this.value(value, slot)};`;
    }
    const [a, b] = value.kind === "operation" ? value.args : [];
    if (value.kind === "operation" && isUpdate(value) && a && b) {
      const isSame = (e: Expr): boolean => e.kind === "var" && this.slots.of(e) === slot;
      if (isSame(a)) return this.update(write`${name}`, value, b);
      // Backward code has no order of its own: x = 0.5 * x is x *= 0.5.
      if (isSame(b) && /^[+*]$/.test(value.op) && value.origin?.reverse === true) return this.update(write`${name}`, value, a);
    }
    return write`${name} = ${this.value(value, slot)};`;
  }

  // A long type is written once, in the head of a function.
  private typeOf(slot: Slot): string {
    const text = this.print.naming.type(slot.type);
    return text.length > WIDEST_TYPE && !this.besideFunctions.has(slot) ? "any" : text;
  }

  // undefined! is a value of any type: of a variable that is not read where it holds that.
  private value(value: Expr, slot: Slot): Fragment {
    const printed = this.print.of(value, slot.type);
    const isAbsent = value.kind === "literal" && value.value === undefined;
    return isAbsent && !takesUndefined(slot.type) ? write`${printed}!` : printed;
  }

  // x += y; i++;
  private update(place: Fragment, { op, type }: Operation, by: Expr): Fragment {
    const isStep = by.kind === "literal" && by.value === 1 && by.text === undefined && type.kind === "int";
    if (isStep && (op === "+" || op === "-")) return write`${place}${op}${op};`;
    const positive = op === "+" ? withoutSign(by) : undefined;
    if (positive !== undefined) return write`${place} -= ${this.print.print(positive, level.arrow)};`;
    return write`${place} ${op}= ${this.print.print(by, level.arrow)};`;
  }

  private declare({ slot, certain }: Declare): Fragment {
    const name = this.name(slot);
    const { type } = slot;
    const isNumber = type.kind === "real" || type.kind === "int";
    if (type.nullable !== true && !certain && isNumber) return write`let ${name} = 0;`;
    if (type.nullable !== true && !certain && type.kind === "bool") return write`let ${name} = false;`;
    const mark = certain || (type.nullable === true && !isNull(type)) ? "" : "!";
    return write`let ${name}${mark}: ${this.typeOf(slot)};`;
  }

  // const [a, , b] = h(x);
  private destructure({ slots, value }: Destructure): Fragment {
    const names = slots.map((s) => (s === undefined ? "" : this.name(s)));
    while (names.at(-1) === "") names.pop();
    return write`const [${names.join(", ")}] = ${this.print.print(value)};`;
  }

  private return({ values, origin }: Return): Fragment {
    const [first] = values;
    if (first === undefined) return located(write`return;`, origin);
    const value = values.length === 1 ? this.print.print(first, level.arrow) : write`[${list(values.map((v) => this.print.print(v, level.arrow)))}]`;
    return located(write`return ${value};`, origin);
  }

  private leaf({ statement: s }: Leaf): readonly Fragment[] {
    switch (s.kind) {
      case "run":
        return [write`${this.expressionStatement(s.value)};`];
      case "push":
        return [write`${this.print.base(s.of)}.push(${this.print.print(s.value, level.arrow)}${isAbsentElement(s.value, s.of.type) ? "!" : ""});`];
      case "resize": {
        const of = this.print.base(s.of);
        const length = this.print.print(s.length, 10);
        const grow = write`while (${of}.length < ${length}) ${of}.push(0);`;
        const cut = write`${of}.length = ${this.print.print(s.length, level.arrow)};`;
        if (s.length.kind === "literal" && s.length.value === 0) return s.atLeast ? [] : [cut];
        if (s.holes) return [cut];
        return s.atLeast ? [grow] : s.atMost ? [cut] : [grow, cut];
      }
      case "effect": {
        const text = this.print.source(s.text, s.args);
        return [/[;}]\s*$/.test(text.text) ? text : write`${text};`];
      }
      default:
        return [this.store(s)];
    }
  }

  // A statement must not begin like a block or a function.
  private expressionStatement(e: Expr): Fragment {
    if (e.kind === "popped") return write`${this.print.base(e.of)}.pop()`;
    const text = this.print.print(e);
    return /^(\{|function\b|class\b|let\b)/.test(text.text) ? write`(${text})` : text;
  }

  private store(s: Write): Fragment {
    const { value } = s;
    if (s.kind === "accumulate") {
      const positive = withoutSign(value);
      return write`${this.print.presentPlace(s.of, s.key)} ${positive === undefined ? "+=" : "-="} ${this.print.print(positive ?? value, level.arrow)};`;
    }
    const [a, b] = value.kind === "operation" ? value.args : [];
    if (value.kind === "operation" && isUpdate(value) && a && b) {
      const place = this.print.presentPlace(s.of, s.key);
      if (this.isPlaceOf(a, s)) return this.update(place, value, b);
      // f() + a[i] reads a[i] after the call, a[i] += f() before it.
      if (this.isPlaceOf(b, s) && /^[+*]$/.test(value.op) && value.origin?.reverse === true && !runs(a)) return this.update(place, value, a);
    }
    const absent = value.kind === "literal" && value.value === undefined ? "!" : "";
    const field = s.of.type.kind === "record" && isField(s.key) ? fieldType(s.of.type, s.key.name) : undefined;
    return concat([this.print.place(s.of, s.key), " = ", field === undefined ? this.print.print(value, level.arrow) : this.print.of(value, field), field !== undefined && isNull(field) ? "" : absent, ";"]);
  }

  private isPlaceOf(e: Expr, { of, key }: Write): boolean {
    if (e.kind !== "read" || !samePlace(e.of, of, this.slots)) return false;
    if (isField(e.key) || isField(key)) return isField(e.key) && isField(key) && e.key.name === key.name;
    return samePlace(e.key, key, this.slots);
  }
}

/** Whether evaluating the expression runs code that may write to memory. */
function runs(e: Expr): boolean {
  return e.kind === "invocation" || (e.kind === "source" && !e.pure) || partsOf(e).some(runs);
}

/** What can be subtracted instead of adding its negative. The source's own signs stay as they are. */
function withoutSign(e: Expr): Expr | undefined {
  if (e.kind === "operation" && e.op === "neg" && e.origin?.reverse === true) return e.args[0];
  if (e.kind !== "literal" || typeof e.value !== "number" || e.text !== undefined || !(e.value < 0)) return undefined;
  return { ...e, value: -e.value };
}

function isUpdate({ op }: Operation): boolean {
  return /^([-+*/%&|^]|\*\*|<<|>>>?)$/.test(op);
}

/** undefined, where an array of objects has no place for it: nothing is read of such an element. */
function isAbsentElement(value: Expr, of: Type): boolean {
  return value.kind === "literal" && value.value === undefined && of.kind === "array" && !takesUndefined(of.element);
}
