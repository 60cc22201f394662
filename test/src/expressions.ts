/** An expression in the variables x[0], x[1], …. */
export type Expression =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly index: number }
  | { readonly kind: "call"; readonly name: Name; readonly operand: Expression }
  | { readonly kind: "operation"; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** A value with its derivatives by each variable, and how far they can be trusted. */
export interface Dual {
  readonly value: number;
  readonly derivatives: readonly number[];
  /** Whether every function on the way has a derivative where it is called. */
  readonly smooth: boolean;
  /** How far the value may be off by the rounding on the way. */
  readonly rounding: number;
}

interface Known {
  of(x: number): number;
  derivative(x: number): number;
  /** Where it has a kink, a jump or a vertical tangent. */
  bends?(x: number): boolean;
}

const atZero = (x: number): boolean => x === 0;

const functions = {
  sin: { of: Math.sin, derivative: Math.cos },
  cos: { of: Math.cos, derivative: (x) => -Math.sin(x) },
  exp: { of: Math.exp, derivative: Math.exp },
  tanh: { of: Math.tanh, derivative: (x) => 1 / Math.cosh(x) / Math.cosh(x) },
  atan: { of: Math.atan, derivative: (x) => 1 / (1 + x * x) },
  square: { of: (x) => x * x, derivative: (x) => 2 * x },
  sqrt: { of: Math.sqrt, derivative: (x) => 0.5 / Math.sqrt(x), bends: atZero },
  log: { of: Math.log, derivative: (x) => 1 / x },
  cbrt: { of: Math.cbrt, derivative: (x) => 1 / (3 * Math.cbrt(x) ** 2), bends: atZero },
  abs: { of: Math.abs, derivative: Math.sign, bends: atZero },
  relu: { of: (x) => Math.max(x, 0), derivative: (x) => (x > 0 ? 1 : 0), bends: atZero },
  floor: { of: Math.floor, derivative: () => 0, bends: Number.isInteger },
} satisfies Record<string, Known>;

type Name = keyof typeof functions;
const names = Object.keys(functions) as Name[];

const operators = ["+", "-", "*", "/"] as const;
type Operator = (typeof operators)[number];

export function randomExpression(random: () => number, depth: number, variables: number): Expression {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  if (depth === 0 || random() < 0.1) {
    if (random() < 0.2) return { kind: "constant", value: Math.round(random() * 40 - 20) / 4 };
    return { kind: "variable", index: Math.floor(random() * variables) };
  }
  const operand = (): Expression => randomExpression(random, depth - 1, variables);
  if (random() < 0.5) return { kind: "call", name: pick(names), operand: operand() };
  return { kind: "operation", operator: pick(operators), left: operand(), right: operand() };
}

/** The value and its derivatives by dual numbers, in which what does not depend on a variable has an exact zero. */
export function evaluate(expression: Expression, x: readonly number[]): Dual {
  switch (expression.kind) {
    case "constant":
      return { value: expression.value, derivatives: x.map(() => 0), smooth: true, rounding: 0 };
    case "variable":
      return { value: x[expression.index]!, derivatives: x.map((_, i) => (i === expression.index ? 1 : 0)), smooth: true, rounding: 0 };
    case "call": {
      const operand = evaluate(expression.operand, x);
      const { of, derivative, bends }: Known = functions[expression.name];
      const bent = bends?.(operand.value) === true && operand.derivatives.some((d) => d !== 0);
      const made = chain(of(operand.value), [[operand, derivative(operand.value)]]);
      return bent ? { ...made, smooth: false } : made;
    }
    case "operation": {
      const left = evaluate(expression.left, x);
      const right = evaluate(expression.right, x);
      const { value, partials } = operate(expression.operator, left.value, right.value);
      return chain(value, [[left, partials[0]], [right, partials[1]]]);
    }
  }
}

function operate(operator: Operator, a: number, b: number): { value: number; partials: [number, number] } {
  if (operator === "+") return { value: a + b, partials: [1, 1] };
  if (operator === "-") return { value: a - b, partials: [1, -1] };
  if (operator === "*") return { value: a * b, partials: [b, a] };
  return { value: a / b, partials: [1 / b, -(a / b) / b] };
}

/** The chain rule: each operand comes with the partial derivative by it. */
function chain(value: number, operands: readonly (readonly [Dual, number])[]): Dual {
  const product = (a: number, b: number): number => (a === 0 ? 0 : a * b);
  const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0);
  return {
    value,
    derivatives: operands[0]![0].derivatives.map((_, i) => sum(operands.map(([dual, partial]) => product(dual.derivatives[i]!, partial)))),
    smooth: operands.every(([dual]) => dual.smooth),
    rounding: Number.EPSILON * Math.abs(value) + sum(operands.map(([dual, partial]) => product(dual.rounding, Math.abs(partial)))),
  };
}

/** The expression as it is written in a program. */
export function written(expression: Expression): string {
  switch (expression.kind) {
    case "constant":
      return String(expression.value);
    case "variable":
      return `x[${expression.index}]`;
    case "call":
      return `${expression.name}(${written(expression.operand)})`;
    case "operation":
      return `(${written(expression.left)} ${expression.operator} ${written(expression.right)})`;
  }
}
