import type { Rule } from "../../transformer/rules/rule.js";
import type { Expression } from "../../transformer/rules/template.js";

/** The value of an operation of the IR at numbers: what a row's result is compared with. */
export function operate(op: string, args: readonly number[]): number {
  const [name = op] = op.split(":", 2);
  if (op === "?:") return (args[0] ? args[1] : args[2]) as number;
  if (name.startsWith("Math.")) {
    const f: unknown = Reflect.get(Math, name.slice("Math.".length));
    if (typeof f !== "function") throw new Error(`${op} is no function`);
    return f(...args) as number;
  }
  const [x = NaN, y = NaN] = args;
  switch (op) {
    case "+": return x + y;
    case "-": return x - y;
    case "*": return x * y;
    case "/": return x / y;
    case "%": return x % y;
    case "**": return x ** y;
    case "neg": return -x;
    case "identity": case "toNumber": return x;
    case "??": return Number.isNaN(x) ? y : x;
    case "isUndefined": return Number(Number.isNaN(x));
    case "sigmoid": return 1 / (1 + Math.exp(-x));
    case "<": return Number(x < y);
    case ">": return Number(x > y);
    case "<=": return Number(x <= y);
    case ">=": return Number(x >= y);
    case "===": return Number(x === y);
    case "!==": return Number(x !== y);
    default: throw new Error(`no operation ${op}`);
  }
}

export function evaluate(expression: Expression, scope: ReadonlyMap<string, number>): number {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "name": {
      const value = scope.get(expression.name);
      if (value === undefined) throw new Error(`${expression.name} is not in scope`);
      return value;
    }
    case "ternary":
      return evaluate(expression.test, scope) ? evaluate(expression.then, scope) : evaluate(expression.otherwise, scope);
    case "operation":
      return operate(expression.op, expression.args.map((arg) => evaluate(arg, scope)));
  }
}

/** The partials of a row at `args` for the adjoint `g`. */
export function partialsOf(op: string, row: Rule, args: readonly number[], g = 1): (number | undefined)[] {
  const scope = new Map(row.params.map((name, i) => [name, args[i] as number]));
  scope.set("g", g).set("out", operate(op, args));
  for (const local of row.locals) scope.set(local.name, evaluate(local.expression, scope));
  return row.partials.map((partial) => partial && evaluate(partial, scope));
}
