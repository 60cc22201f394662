/**
 * The formulas of the rule table are written as infix text and read once into this tree, whose operations carry the
 * names of the IR's operations. So a rule can be read like mathematics and instantiated without printing or parsing.
 */
export type Expression = Name | Numeral | Operation | Ternary;

/** A parameter of the rule, one of its locals, `g` (the adjoint of the result) or `out` (the result). */
export interface Name {
  readonly kind: "name";
  readonly name: string;
}
export interface Numeral {
  readonly kind: "number";
  readonly value: number;
  /** How to print a constant that has a name: `Math.LN10`, `NaN`. */
  readonly text?: string;
}
/** `op` is the name of an operation of the IR: `+`, `neg`, `===`, `Math.cos`. */
export interface Operation {
  readonly kind: "operation";
  readonly op: string;
  readonly args: readonly Expression[];
}
/** Only the chosen side may be evaluated: the other one can be infinite. */
export interface Ternary {
  readonly kind: "ternary";
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** The constants a formula may use, by the text that it uses. */
const constants: Readonly<Record<string, number>> = {
  Infinity: Infinity,
  NaN: NaN,
  "Math.LN2": Math.LN2,
  "Math.LN10": Math.LN10,
};

/** Binary operators from the loosest to the tightest; `**` and the ternary associate to the right. */
const levels: readonly (readonly string[])[] = [
  ["===", "!=="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
];

/** Reads a formula: numbers, names, calls, `-`, `+ - * / **`, comparisons, the ternary and parentheses. */
export function parse(text: string): Expression {
  const tokens = text.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_][\w.]*|[=!]==|[<>]=?|\*\*|[-+*/?:(),]|\S/g) ?? [];
  let next = 0;

  const take = (token: string): boolean => {
    if (tokens[next] !== token) return false;
    next++;
    return true;
  };
  const expect = (token: string): void => {
    if (!take(token)) throw new Error(`expected '${token}' at token ${next} of '${text}'`);
  };

  function ternary(): Expression {
    const test = binary(0);
    if (!take("?")) return test;
    const then = ternary();
    expect(":");
    return { kind: "ternary", test, then, otherwise: ternary() };
  }
  function binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let op = tokens[next]; op !== undefined && operators.includes(op); op = tokens[next]) {
      next++;
      left = { kind: "operation", op, args: [left, binary(level + 1)] };
    }
    return left;
  }
  function unary(): Expression {
    if (!take("-")) return power();
    const operand = unary();
    // A negative number is one literal, so that it prints as `-2` and not as the negation of 2.
    if (operand.kind === "number" && operand.text === undefined) return { kind: "number", value: -operand.value };
    return { kind: "operation", op: "neg", args: [operand] };
  }
  function power(): Expression {
    const base = primary();
    return take("**") ? { kind: "operation", op: "**", args: [base, unary()] } : base;
  }
  function primary(): Expression {
    const token = tokens[next++];
    if (token === "(") {
      const inner = ternary();
      expect(")");
      return inner;
    }
    if (token !== undefined && /^\d/.test(token)) return { kind: "number", value: Number(token) };
    if (token === undefined || !/^[A-Za-z_]/.test(token)) {
      throw new Error(`unexpected '${token ?? "end"}' at token ${next} of '${text}'`);
    }
    const constant = constants[token];
    if (constant !== undefined) return { kind: "number", value: constant, text: token };
    return take("(") ? { kind: "operation", op: token, args: list() } : { kind: "name", name: token };
  }
  function list(): Expression[] {
    const args = [ternary()];
    while (take(",")) args.push(ternary());
    expect(")");
    return args;
  }

  const result = ternary();
  if (next < tokens.length) throw new Error(`unexpected '${tokens[next] ?? ""}' at token ${next} of '${text}'`);
  return result;
}

/** The names that a formula uses, each once, in the order of their first use. */
export function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "name":
      return [expression.name];
    case "number":
      return [];
    case "operation":
      return [...new Set(expression.args.flatMap(namesIn))];
    case "ternary":
      return [...new Set([expression.test, expression.then, expression.otherwise].flatMap(namesIn))];
  }
}
