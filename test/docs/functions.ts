import { constant, cutting } from "../../transformer/rules/activity.js";
import type { Edge, Rule } from "../../transformer/rules/rule.js";
import { rows, ruleOf } from "../../transformer/rules/table.js";

/** Operations that only the compiler makes, under names of its own. */
const internal = new Set(["identity", "toNumber", "?:", "??"]);

/** The page of supported functions, from the rule table. */
export function functionsPage(): string {
  const shown = Object.entries(rows).filter(([op]) => !internal.has(op));
  const variadic = ["Math.hypot", "Math.max", "Math.min"].map((op) => [op, found(op, 2)] as const);
  const functions = [...shown.filter(([op]) => op.startsWith("Math.")), ...variadic].sort(([a], [b]) => (a < b ? -1 : 1));
  const operators = shown.filter(([op]) => !op.startsWith("Math."));
  const cut = (how: string): string[] => Object.keys(cutting).filter((op) => cutting[op] === how && !internal.has(op) && op !== "isUndefined");
  return [
    "# Supported functions",
    "",
    "Printed from the rule table, `transformer/rules/table.ts`. `g` is the derivative of the whole by the result of the",
    "function, `out` that result; each formula gives the derivative of the whole by one argument, and its text is what the",
    "compiler writes into your program. The last column lists known values at the edges, for `g = 1`.",
    "",
    "## Functions",
    "",
    ...table(functions),
    "",
    "`Math.max` and `Math.min` take any number of arguments. Where some are equal they share the derivative, except that an",
    "argument written as a constant leaves nothing to the others: `Math.max(0, x)` has the derivative 0 at 0. `Math.hypot`",
    "takes any number of arguments as well.",
    "",
    "## Operators",
    "",
    ...table(operators),
    "",
    "`sigmoid` is `1 / (1 + Math.exp(-x))`, recognised where it is written out or called. A literal exponent needs no case",
    "distinction: the derivative of `x ** 2` is `2 * x * g`.",
    "",
    "## No derivative, with a warning where the result depends on it",
    "",
    "These are constant in pieces, so their derivative is 0:",
    "",
    cut("warned").map(code).join(", "),
    "",
    "## No derivative, in silence",
    "",
    cut("silent").map(code).join(", "),
    "",
    "## Constants",
    "",
    ...Object.entries(constant).map(([op, reason]) => `- ${code(op)}: ${reason}`),
    "",
  ].join("\n");
}

function table(entries: readonly (readonly [string, Rule])[]): string[] {
  const lines = entries.map(([op, row]) => {
    const locals = row.locals.map(({ name }, i) => `${name} = ${row.localText[i] ?? ""}`);
    const formulas = row.text.map((text, i) => `${row.params[i]}: ${code(text ?? "0")}`);
    const shared = locals.length > 0 ? ` with ${locals.map(code).join(", ")}` : "";
    return `| ${[signature(op, row), formulas.join("<br>") + shared, row.edges.map(edge).join("<br>")].join(" | ")} |`;
  });
  return ["| function | derivative by | edges |", "|---|---|---|", ...lines];
}

function signature(op: string, { params }: Rule): string {
  if (op === "neg") return code("-x");
  if (/^\w/.test(op)) return code(`${op}(${params.join(", ")})`);
  return code(params.join(` ${op} `));
}
function edge([args, partials]: Edge): string {
  const list = (numbers: readonly (number | undefined)[]): string => {
    const texts = numbers.map((n) => (n === undefined ? "–" : print(n)));
    return texts.length === 1 ? (texts[0] ?? "") : `(${texts.join(", ")})`;
  };
  return `${list(args)} → ${list(partials)}`;
}
function print(n: number): string {
  if (Object.is(n, -0)) return "−0";
  if (Math.abs(n) === Infinity) return n > 0 ? "∞" : "−∞";
  return String(Number(n.toPrecision(6))).replaceAll("-", "−").replace("e+", "e");
}
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
function found(op: string, arity: number): Rule {
  const row = ruleOf(op, arity);
  if (row === undefined) throw new Error(`no row for ${op}`);
  return row;
}
