import type { Choices, Gene } from "./choices.js";
import { helpers, lambda, number } from "./expressions.js";
import { result } from "./jumps.js";
import { rowOf } from "./kinds.js";
import type { Kind } from "./rows.js";
import type { Helper, Scope } from "./scope.js";
import { block, indented } from "./statements.js";
import { has, place } from "./ways.js";
import { value } from "./values.js";

const ofOneNumber = (s: Scope): Helper[] => helpers(s, "number").filter((h) => h.receiver === undefined && h.params.length === 1 && h.params[0]?.kind === "number" && !h.params[0].isOptional);

/** A function of one number. */
export function functionValue(s: Scope, d: Choices, depth: number): string {
  const forms = [(): string => lambda(s, d, ["number"], (u, inner) => `(${u}: number) => ${number(inner, d, 1 + depth)}`), (): string => d.of(["Math.sin", "Math.cos", "Math.tanh", "Math.atan"])];
  if (has(s, "fn")) forms.push(() => place(s, d, "fn"), () => place(s, d, "fn"));
  if (has(s, "maker")) forms.push(() => `${place(s, d, "maker")}(${number(s, d, 1)})`);
  if (ofOneNumber(s).length > 0) forms.push(() => d.of(ofOneNumber(s)).name);
  return d.of(forms)();
}

/** A function that gives such a function. */
export function makerValue(s: Scope, d: Choices): string {
  return lambda(s, d, ["number"], (k, inner) => `(${k}: number) => ${lambda(inner, d, ["number"], (u, innermost) => `(${u}: number) => ${number(innermost, d, 2)}`)}`);
}

const parameterKinds: readonly Kind[] = ["number", "number", "array", "point", "fn", "points", "vec", "part", "term", "cell", "tree"];

/** A function that uses what is around it, and a call of it; later statements call it too. */
export function nestedFunction(s: Scope, d: Choices, [body = []]: Gene["bodies"]): string[] {
  const kind = d.of(parameterKinds);
  const kindOfResult: Helper["result"] = d.of<Helper["result"]>(["number", "void", "number", "void", "point", "array"]);
  const name = s.free(d);
  const inner = s.inner({ result: kindOfResult, canBreak: false, canContinue: false, labels: [], loops: 1 });
  inner.add(name, "taken", false);
  const param = inner.declare(d, kind, kind !== "fn");
  const lines = [...indented(block(inner, body)), ...(kindOfResult === "void" ? [] : [`  return${result(inner, d)};`])];
  const header = `(${param}: ${rowOf(s, kind).type}): ${kindOfResult === "void" ? "void" : rowOf(s, kindOfResult).type}`;
  const given = value(s, d, kind);
  // A function declaration has a 'this' of its own.
  const isDeclaration = s.of(...s.place.classes.keys()).every((v) => v.name !== "this") && d.chance(50);
  const declaration = isDeclaration ? [`function ${name}${header} {`, ...lines, `}`] : [`const ${name} = ${header} => {`, ...lines, `};`];
  s.addHelper({ name, params: [{ kind, isOptional: false }], result: kindOfResult });
  const again = d.chance(40) ? value(s, d, kind) : given;
  if (kindOfResult === "void") return [...declaration, `${name}(${given});`, `${name}(${again});`];
  if (kindOfResult === "number") return [...declaration, `let ${s.declare(d, "number", true)} = ${name}(${given}) + ${name}(${again});`];
  return [...declaration, `const ${s.declare(d, kindOfResult)} = ${name}(${given});`];
}

/** A function that uses what is around it and calls itself, and a call of it. */
export function recursiveFunction(s: Scope, d: Choices, [body = []]: Gene["bodies"]): string[] {
  const kind = d.of<Kind>(["number", "array", "point", "tree", "cell"]);
  const isVoid = d.chance(40);
  const name = s.free(d);
  const inner = s.inner({ result: isVoid ? "void" : "number", canBreak: false, canContinue: false, labels: [], loops: 2 });
  inner.add(name, "taken", false);
  const [depth, param] = [inner.declare(d, "int"), inner.declare(d, kind)];
  const deeper = inner.inner();
  const lines = block(deeper, body);
  const again = `${name}(${depth} - 1, ${value(deeper, d, kind, 0)})`;
  const end = isVoid ? [`${again};`] : [`return ${number(deeper, d, 1)} + Math.sin(${again});`];
  const header = `(${depth}: number, ${param}: ${rowOf(s, kind).type}): ${isVoid ? "void" : "number"}`;
  const whole = [...indented([`if (${depth} <= 0) return${result(inner, d)};`, ...lines, ...end])];
  const hasThis = s.of(...s.place.classes.keys()).some((v) => v.name === "this");
  const declaration = hasThis || d.chance(50) ? [`const ${name} = ${header} => {`, ...whole, `};`] : [`function ${name}${header} {`, ...whole, `}`];
  s.addHelper({ name, params: [{ kind: "int", isOptional: false }, { kind, isOptional: false }], result: isVoid ? "void" : "number" });
  const call = `${name}(${d.of(["2", "1", "3"])}, ${value(s, d, kind)})`;
  return [...declaration, isVoid ? `${call};` : `let ${s.declare(d, "number", true)} = ${call};`];
}
