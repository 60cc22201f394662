import type { Requested, Shape } from "../fixtures/fixture.js";
import { Choices, type Gene, type Genome } from "./choices.js";
import { number, tame } from "./expressions.js";
import { result } from "./jumps.js";
import { Scope, types, type Helper, type Kind, type Place } from "./scope.js";
import { block, indented } from "./statements.js";

/** A module with a function `f`, and the points at which it is looked at. */
export interface RandomProgram {
  readonly text: string;
  readonly requested: Requested;
  readonly points: readonly (readonly unknown[])[];
  /** Whether the gradient is differentiated again. */
  readonly isSecond: boolean;
  /** Asks for the gradient and nothing else: enough for most failures, and compiled six times as fast. */
  readonly isBrief: boolean;
}

const place: Place = { result: "number", helpers: [], loops: 0, canBreak: false, canContinue: false, canTestMode: true, labels: [] };
const parameterKinds: readonly Kind[] = ["number", "array", "number", "array", "matrix", "typed", "pair", "int", "flag", "mode", "number", "object"];

export function programOf(genome: Genome): RandomProgram {
  const head = new Choices(genome.head);
  const module = new Scope(place);
  const constants = Array.from({ length: head.below(3) }, (_, i) => {
    const isArray = head.chance(40);
    // A constant array can be read only: it is no variable of the generator but a number of its own.
    module.add(isArray ? `TABLE${i}[${head.below(3)}]` : `RATE${i}`, "number", false);
    return isArray ? `const TABLE${i} = [0.5, -1.25, 0.75];` : `const RATE${i} = ${head.of(["0.75", "-0.5", "1.25"])};`;
  });

  const helpers: Helper[] = [];
  const functions = genome.helpers.flatMap((genes, i) => helperOf(`h${i}`, genes, head, module, helpers));

  const kinds: Kind[] = [head.of<Kind>(["number", "array", "number"])];
  for (let count = head.below(4); count > 0; count--) kinds.push(head.of(parameterKinds));
  const scope = new Scope({ ...place, helpers }, module);
  const names = kinds.map((kind) => declareParameter(scope, head, kind));
  const body = [...block(scope, genome.body), `return ${total(scope, new Choices(genome.result))};`];
  const header = names.map((name, i) => `${name}: ${types[kinds[i] as Kind]}`).join(", ");
  const isSecond = head.chance(30);
  const text = [...constants, ...functions, `export function f(${header}): number {`, ...indented(body), `}`].join("\n");
  const points = [1, 2].map((point) => kinds.map((kind, i) => argument(kind, head, point * 7 + i * 3)));
  return { text: `${text}\n`, requested: requestOf(kinds, head), points, isSecond, isBrief: false };
}

function declareParameter(scope: Scope, d: Choices, kind: Kind): string {
  const name = scope.free(d);
  // A matrix or a tuple is written to, not replaced.
  scope.add(name, kind, kind !== "flag" && kind !== "mode" && kind !== "pair" && kind !== "object");
  return name;
}

/** A sum of what there is at the end, so that little of the program is for nothing. */
function total(scope: Scope, d: Choices): string {
  const terms = [number(scope, d, 2)];
  for (const { name, kind } of scope.all()) {
    const term = { number: name, maybe: `(${name} ?? 0.5)`, array: `${name}[${d.below(3)}] * ${name}[0]`, typed: `${name}[1]`, matrix: `${name}[${d.below(2)}][1]`, pair: `${name}[0] * ${name}[1]`, object: `${name}.v * ${name}.w[1]`, int: "", flag: "", mode: "", function: "" }[kind];
    if (term !== "" && d.chance(60)) terms.push(term);
  }
  return terms.join(" + ");
}

function helperOf(name: string, genes: readonly Gene[], d: Choices, module: Scope, helpers: Helper[]): string[] {
  const isRecursive = d.chance(25);
  const kind: Helper["result"] = d.of(["number", "number", "void", "array"]);
  const kinds: Kind[] = kind === "number" ? ["number"] : ["array"];
  for (let count = d.below(3); count > 0; count--) kinds.push(d.of<Kind>(["number", "array", "int", "flag", "matrix", "typed", "object"]));
  const defaults = !isRecursive && d.chance(40) ? d.of(["= 0.5", "?"]) : undefined;
  const scope = new Scope({ ...place, result: kind, helpers: [...helpers], loops: d.below(2) }, module);
  const names = kinds.map((k) => declareParameter(scope, d, k));
  const params = names.map((n, i) => `${n}: ${types[kinds[i] as Kind]}`);
  if (defaults !== undefined) {
    const [last, value] = [scope.free(d), d.of(["0.5", number(scope.inner(), d, 0)])];
    params.push(defaults === "?" ? `${last}?: number` : `${last} = ${value}`);
    scope.add(last, defaults === "?" ? "maybe" : "number", true);
  }
  const depth = isRecursive ? scope.free(d) : undefined;
  if (depth !== undefined) scope.add(depth, "int", false);
  const lines = depth === undefined ? [] : [`if (${depth} <= 0) return${result(scope, d)};`];
  lines.push(...block(scope, genes));
  if (depth !== undefined) lines.push(...again(scope, d, name, kind, kinds, depth));
  if (kind !== "void") lines.push(`return${result(scope, d)};`);
  const first = depth === undefined ? [] : [`${depth}: number`];
  helpers.push({
    name,
    params: [
      ...first.map(() => ({ kind: "int" as const, isOptional: false })),
      ...kinds.map((k) => ({ kind: k, isOptional: false })),
      ...(defaults === undefined ? [] : [{ kind: "number" as const, isOptional: true }]),
    ],
    result: kind,
  });
  const suffix = kind === "array" ? "number[]" : kind;
  return [`function ${name}(${[...first, ...params].join(", ")}): ${suffix} {`, ...indented(lines), `}`];
}

/** The call of a recursive function by itself. */
function again(scope: Scope, d: Choices, name: string, result: Helper["result"], kinds: readonly Kind[], depth: string): string[] {
  const args = kinds.map((kind) => (kind === "number" ? tame(scope, d, 1) : d.of(scope.of(kind)).name));
  const text = `${name}(${[`${depth} - 1`, ...args].join(", ")})`;
  if (result === "void") return [`${text};`];
  const value = scope.free(d);
  scope.add(value, result, true);
  return [`let ${value} = ${result === "number" ? `Math.sin(${text})` : text};`];
}

function argument(kind: Kind, d: Choices, shift: number): unknown {
  // Two digits, and no value that is likely to meet another.
  const value = (i: number): number => (((d.below(199) + shift * 31 + i * 53) * 67) % 199) / 100 - 0.985;
  switch (kind) {
    case "int":
      return d.below(4);
    case "flag":
      return d.chance(50);
    case "mode":
      return d.of(["sine", "line", "other"]);
    case "array":
      return Array.from({ length: 3 + d.below(2) }, (_, i) => value(i));
    case "typed":
      return Float64Array.from({ length: 3 + d.below(2) }, (_, i) => value(i));
    case "pair":
      return [value(0), value(1)];
    case "matrix":
      return Array.from({ length: 2 }, (_, r) => Array.from({ length: 3 }, (_, i) => value(r * 3 + i)));
    case "object":
      return { v: value(0), w: [value(1), value(2), value(3)] };
    default:
      return value(0);
  }
}

const shapes: Readonly<Partial<Record<Kind, Shape>>> = {
  number: "number",
  int: "number",
  array: { element: "number" },
  typed: { element: "number" },
  matrix: { element: { element: "number" } },
  pair: { places: ["number", "number"] },
  object: { members: [{ name: "v", shape: "number", optional: false }, { name: "w", shape: { element: "number" }, optional: false }] },
};

function requestOf(kinds: readonly Kind[], d: Choices): Requested {
  const reals = kinds.flatMap((kind, i) => (["int", "flag", "mode"].includes(kind) ? [] : [i]));
  const asked = reals.length === kinds.length && (kinds.length === 1 || d.chance(70)) ? undefined : reals;
  return {
    subject: "f",
    params: kinds.map((kind) => ({ type: types[kind], shape: shapes[kind] })),
    options: asked === undefined ? "" : `, { wrt: [${asked.join(", ")}] }`,
    wrt: reals,
    tuple: asked !== undefined || kinds.length > 1,
  };
}
