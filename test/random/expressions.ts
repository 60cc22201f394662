import type { Choices } from "./choices.js";
import { drawn, type Form } from "./forms.js";
import { rowOf } from "./kinds.js";
import type { Kind } from "./rows.js";
import type { Helper, Scope } from "./scope.js";
import { value } from "./values.js";
import { element, elements, has, hasTarget, place, target } from "./ways.js";

const literals = ["0.5", "2", "-1", "0.25", "1.5", "3", "0", "1"];

/** Forms of a number. The simplest stand first: shrinking goes there. */
const numbers: readonly Form[] = [
  { weight: 8, needs: (s) => s.of("number").length > 0, make: (s, d) => d.of(s.of("number")).name },
  { weight: 2, make: (_, d) => d.of(literals) },
  { weight: 7, needs: (s) => elements(s).length > 0, make: element },
  { weight: 1, needs: (s) => s.of("int").length > 0, make: (s, d) => d.of(s.of("int")).name },
];
const compounds: readonly Form[] = [
  { weight: 8, make: (s, d, depth) => `(${number(s, d, depth)} ${d.of(["*", "+", "-"])} ${number(s, d, depth)})` },
  { weight: 6, make: (s, d, depth) => `Math.${d.of(["sin", "cos", "tanh", "atan"])}(${number(s, d, depth)})` },
  { weight: 2, make: (s, d, depth) => `${number(s, d, depth)} / (1.5 + (${number(s, d, depth)}) ** 2)` },
  { weight: 1, make: (s, d, depth) => `Math.${d.of(["sqrt", "log", "cbrt"])}(2 + Math.sin(${number(s, d, depth)}))` },
  { weight: 1, make: (s, d, depth) => `Math.exp(Math.sin(${number(s, d, depth)}))` },
  { weight: 1, make: (s, d, depth) => `1 / (1 + Math.exp(-(${number(s, d, depth)})))` },
  { weight: 1, make: (s, d, depth) => `Math.hypot(${number(s, d, depth)}, 1.5)` },
  { weight: 1, make: (s, d, depth) => `Math.atan2(${number(s, d, depth)}, 2.5)` },
  { weight: 1, make: (s, d, depth) => `Math.${d.of(["max", "min"])}(${number(s, d, depth)}, ${number(s, d, depth)})` },
  { weight: 1, make: (s, d, depth) => `Math.abs(${number(s, d, depth)})` },
  { weight: 1, make: (s, d, depth) => `(2 + Math.cos(${number(s, d, depth)})) ** ${d.of(["2", "0.5", "-1", "3"])}` },
  { weight: 1, make: (s, d, depth) => `-(${number(s, d, depth)})` },
  { weight: 3, make: (s, d, depth) => `(${condition(s, d, depth)} ? ${number(s, d, depth)} : ${number(s, d, depth)})` },
  { weight: 2, needs: (s) => has(s, "maybe"), make: (s, d, depth) => `(${place(s, d, "maybe")} ?? ${number(s, d, depth)})` },
  { weight: 4, needs: (s) => helpers(s, "number").length > 0, make: (s, d, depth) => call(s, d, d.of(helpers(s, "number")), depth) },
  { weight: 1, needs: (s) => hasTarget(s, "number"), make: (s, d, depth) => `(${target(s, d, "number")} = ${tame(s, d, depth)})` },
  { weight: 1, needs: (s) => s.mutable("number").length > 0, make: (s, d) => d.of([`${d.of(s.mutable("number")).name}++`, `--${d.of(s.mutable("number")).name}`]) },
  // Unions, objects of several classes, lists and constants.
  { weight: 2, needs: (s) => has(s, "part"), make: (s, d, depth) => found(s, d, "part", (p) => `"rest" in ${p} ? ${p}.rest : ${p}.w[1] * ${number(s, d, depth)}`) },
  { weight: 1, needs: (s) => has(s, "term"), make: (s, d, depth) => found(s, d, "term", (t) => `${t} instanceof Line ? ${t}.slope : ${number(s, d, depth)}`) },
  { weight: 2, needs: (s) => has(s, "cell"), make: (s, d, depth) => `(${place(s, d, "cell")}.next?.v ?? ${number(s, d, depth)})` },
  { weight: 1, needs: (s) => has(s, "tree"), make: (s, d, depth) => lambda(s, d, ["number", "tree"], (params, inner) => `${place(s, d, "tree")}.kids.reduce((${params}) => ${tame(inner, d, depth)}, ${number(s, d, 0)})`) },
  { weight: 1, needs: (s) => has(s, "parts"), make: (s, d, depth) => lambda(s, d, ["number", "part"], (params, inner) => `${place(s, d, "parts")}.reduce((${params}) => ${tame(inner, d, depth)}, ${number(s, d, 0)})`) },
  { weight: 1, needs: (s) => has(s, "rates"), make: (s, d) => `Object.${d.of(["values(O)", "entries(O).map(([k, v]) => k.length * v)"]).replace("O", place(s, d, "rates"))}.reduce((p, q) => p + q, 0)` },
  { weight: 1, needs: (s) => s.of("mode").length > 0, make: (s, d) => d.of(["M.length", "(WEIGHTS.get(M) ?? 0.5)", "(WEIGHTS.has(M) ? WEIGHTS.get(M)! : 0.25)"]).replaceAll("M", d.of(s.of("mode")).name) },
  // Functions.
  { weight: 4, needs: (s) => has(s, "fn"), make: (s, d, depth) => `${place(s, d, "fn")}(${number(s, d, depth)})` },
  { weight: 2, needs: (s) => has(s, "maker"), make: (s, d, depth) => `${place(s, d, "maker")}(${number(s, d, depth)})(${number(s, d, 0)})` },
  { weight: 1, make: (s, d, depth) => lambda(s, d, ["number"], (u, inner) => `((${u}: number) => ${number(inner, d, depth)})(${number(s, d, 0)})`) },
  // Arrays.
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d, depth) => `(${place(s, d, "array")}[${d.of(["7", "1", "6"])}] ?? ${number(s, d, depth)})` },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `${place(s, d, "array")}.${d.of(["length", "at(-1)!"])}` },
  { weight: 1, needs: (s) => has(s, "array") && s.mutable("int").length > 0, make: (s, d) => `${place(s, d, "array")}[${d.of(s.mutable("int")).name}++ % 3]` },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `${d.of(["Math.max", "Math.min", "Math.hypot", "sumOf"])}(...${place(s, d, "array")})` },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d, depth) => `alternating(${number(s, d, depth)}, ...${place(s, d, "array")})` },
  { weight: 1, needs: (s) => has(s, "pair"), make: (s, d, depth) => `${d.of(["weighed", "Math.hypot"])}(...${place(s, d, "pair")}, ${number(s, d, depth)})` },
  {
    weight: 2,
    needs: (s) => has(s, "array", "typed"),
    make: (s, d, depth) => lambda(s, d, ["number", "number"], (params, inner) => `${place(s, d, has(s, "array") ? "array" : "typed")}.reduce((${params}) => ${d.of([`${params.split(",")[0] as string} + `, ""])}${tame(inner, d, depth)}, ${number(s, d, 0)})`),
  },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d, depth) => lambda(s, d, ["number"], (v, inner) => `(${place(s, d, "array")}.find((${v}) => ${condition(inner, d, 0)}) ?? ${number(s, d, depth)})`) },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => lambda(s, d, ["number"], (v, inner) => `${place(s, d, "array")}.filter((${v}) => ${condition(inner, d, 1)}).reduce((p, q) => p + q, 0)`) },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `${place(s, d, "array")}.slice(${d.of(["1", "0, 2", "-2"])}).reduce((p, q) => p * q)` },
  { weight: 2, needs: (s) => has(s, "points"), make: (s, d, depth) => lambda(s, d, ["number", "point"], (params, inner) => `${place(s, d, "points")}.reduce((${params}) => ${tame(inner, d, depth)}, ${number(s, d, 0)})`) },
  { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => `${place(s, d, "points")}.map(({ x, y }) => ${d.of(["x", "y", "x * y", "Math.hypot(x, y, 1)"])}).reduce((p, q) => p + q, 0)` },
];

export function number(s: Scope, d: Choices, depth: number): string {
  const goesOn = depth > 0 && d.chance(55);
  return drawn(goesOn ? compounds : numbers, s, d, depth - 1);
}

/** Which of several an object is, found out by a name of its own, so that TypeScript does not know it yet. */
function found(s: Scope, d: Choices, kind: Kind, make: (name: string) => string): string {
  const name = s.inner().free(d);
  return `((${name}: ${rowOf(s, kind).type}) => (${make(name)}))(${place(s, d, kind)})`;
}

/** Whether a member of an enumeration is in a text: TypeScript may find that what it is a part of holds such members only. */
export function hasEnumeration(text: string): boolean {
  return text.includes("Mode.");
}

/** A number that stays within a few units whatever it is made of. */
export function tame(s: Scope, d: Choices, depth: number): string {
  const inner = number(s, d, depth);
  return d.of([`Math.sin(${inner})`, `Math.tanh(${inner})`, `1.5 * Math.cos(${inner})`, `Math.atan(${inner})`]);
}

/** Something with parameters of its own, which `make` prints: it is given their names and the scope in which they are known. */
export function lambda(s: Scope, d: Choices, kinds: readonly Kind[], make: (params: string, inner: Scope) => string): string {
  const inner = s.inner();
  const names = kinds.map((kind) => inner.declare(d, kind));
  return make(names.join(", "), inner);
}

/** A comparison. Of `a < (b > (c) ? …` TypeScript reads types between the signs. */
function compared(a: string, sign: string, b: string): string {
  return sign === "<" && b.startsWith("(") ? `${b} > ${a}` : `${a} ${sign} ${b}`;
}

const conditions: readonly Form[] = [
  { weight: 8, make: (s, d, depth) => compared(number(s, d, depth), d.of([">", "<", "<=", ">="]), number(s, d, depth)) },
  { weight: 3, needs: (s) => s.of("int").length > 0, make: (s, d) => `${d.of(s.of("int")).name} ${d.of(["% 3 === 1", "% 2 === 0", "> 1", "% 3 !== 2", "< 1"])}` },
  { weight: 2, needs: (s) => has(s, "flag"), make: (s, d) => `${d.of(["", "!"])}${place(s, d, "flag")}` },
  { weight: 1, needs: (s) => s.place.canTestMode && s.of("mode").length > 0, make: (s, d) => `${d.of(s.of("mode")).name} === "sine"` },
  { weight: 1, needs: (s) => has(s, "body"), make: (s, d) => `${place(s, d, "body")}.name === "sine"` },
  { weight: 1, needs: (s) => has(s, "maybe"), make: (s, d) => `${place(s, d, "maybe")} ${d.of(["===", "!=="])} undefined` },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `${place(s, d, "array")} ${d.of(["===", "!=="])} ${place(s, d, "array")}` },
  { weight: 1, needs: (s) => has(s, "point"), make: (s, d) => `${place(s, d, "point")} ${d.of(["===", "!=="])} ${place(s, d, "point")}` },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d, depth) => lambda(s, d, ["number"], (v, inner) => `${place(s, d, "array")}.${d.of(["some", "every"])}((${v}) => ${condition(inner, d, depth)})`) },
];
const connectives: readonly Form[] = [
  { weight: 2, make: (s, d, depth) => `(${condition(s, d, depth)} ${d.of(["&&", "||"])} ${condition(s, d, depth)})` },
  { weight: 1, make: (s, d, depth) => `!(${condition(s, d, depth)})` },
];

export function condition(s: Scope, d: Choices, depth: number): string {
  const goesOn = depth > 0 && d.chance(20);
  return drawn(goesOn ? connectives : conditions, s, d, depth - 1);
}

/** The functions with such a result, and the methods of what there is. */
export function helpers(s: Scope, result: Helper["result"]): Helper[] {
  return s.helpers().filter((h) => h.result === result && (h.receiver === undefined || has(s, h.receiver)));
}

export function call(s: Scope, d: Choices, helper: Helper, depth: number): string {
  const args: string[] = [];
  const callee = helper.receiver === undefined ? helper.name : `${place(s, d, helper.receiver)}.${helper.name}`;
  for (const { kind, isOptional } of helper.params) {
    if (isOptional && d.chance(50)) break;
    args.push(kind === "flag" ? condition(s, d, 0) : value(s, d, kind, depth));
  }
  return `${callee}(${args.join(", ")})`;
}
