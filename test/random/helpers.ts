import type { Choices, Gene } from "./choices.js";
import { number, tame } from "./expressions.js";
import { result } from "./jumps.js";
import { rowOf } from "./kinds.js";
import type { Kind } from "./rows.js";
import { type Helper, type Place, Scope } from "./scope.js";
import { block, indented } from "./statements.js";
import { value } from "./values.js";

const parameterKinds: readonly Kind[] = ["number", "array", "int", "flag", "matrix", "typed", "object", "point", "points", "body", "fn", "vec", "loose", "mixed", "part", "parts", "term", "terms", "cell", "tree", "layers", "rates"];

/** A parameter of a kind, under a new name. Functions and constants of the mode are not assigned. */
export function declareParameter(scope: Scope, d: Choices, kind: Kind): string {
  return scope.declare(d, kind, !["flag", "mode", "pair", "fn", "maker"].includes(kind));
}

export const typeOf = (s: Scope, kind: Helper["result"]): string => (kind === "void" ? "void" : rowOf(s, kind).type);

/** A function of the module: its lines. It is added to those that later ones may call. */
export function helperOf(name: string, genes: readonly Gene[], d: Choices, module: Scope, place: Place, helpers: Helper[]): string[] {
  const isRecursive = d.chance(25);
  const kind = d.of<Helper["result"]>(["number", "number", "void", "array", "point", "number", "points", "vec", "fn", "body", "part", "term", "cell", "tree"]);
  const kinds: Kind[] = kind === "number" || kind === "fn" ? ["number"] : [d.of(["array", "points", "body", "parts", "terms", "tree"])];
  for (let count = d.below(3); count > 0; count--) kinds.push(d.of(parameterKinds));
  const defaults = !isRecursive && d.chance(40) ? d.of(["= 0.5", "?"]) : undefined;
  const scope = new Scope({ ...place, result: kind, helpers: [...helpers], loops: d.below(2) }, module);
  const names = kinds.map((k) => declareParameter(scope, d, k));
  const params = names.map((n, i) => `${n}: ${typeOf(scope, kinds[i] as Kind)}`);
  if (defaults !== undefined) {
    const [last, given] = [scope.free(d), d.of(["0.5", number(scope.inner(), d, 0)])];
    params.push(defaults === "?" ? `${last}?: number` : `${last} = ${given}`);
    scope.add(last, defaults === "?" ? "maybe" : "number", true);
  }
  const helper: Helper = {
    name,
    params: [
      ...(isRecursive ? [{ kind: "int", isOptional: false }] : []),
      ...kinds.map((k) => ({ kind: k, isOptional: false })),
      ...(defaults === undefined ? [] : [{ kind: "number", isOptional: true }]),
    ],
    result: kind,
  };
  const body = isRecursive ? recursive(scope, d, helper, kinds, params, genes) : [printed(name, params, typeOf(scope, kind), [...block(scope, genes), ...last(scope, d)])];
  helpers.push(helper);
  return body.flat();
}

function printed(name: string, params: readonly string[], type: string, lines: readonly string[]): string[] {
  return [`function ${name}(${params.join(", ")}): ${type} {`, ...indented(lines), `}`];
}

function last(scope: Scope, d: Choices): string[] {
  return scope.place.result === "void" ? [] : [`return${result(scope, d)};`];
}

/** A function that calls itself so many times, at times by way of another one. */
function recursive(scope: Scope, d: Choices, { name, result: kind }: Helper, kinds: readonly Kind[], params: readonly string[], genes: readonly Gene[]): string[][] {
  const depth = scope.declare(d, "int");
  const header = [`${depth}: number`, ...params];
  const isMutual = d.chance(30);
  const end = `if (${depth} <= 0) return${result(scope, d)};`;
  const lines = [...block(scope, genes), ...again(scope, d, isMutual ? `${name}b` : name, kinds, depth), ...last(scope, d)];
  const type = typeOf(scope, kind);
  const self = printed(name, header, type, [end, ...lines]);
  if (!isMutual) return [self];
  const args = [depth, ...params.map((p) => p.split(":")[0] as string)].join(", ");
  const call = `${kind === "void" ? "" : "return "}${kind === "number" ? "1.5 * " : ""}${name}(${args});`;
  return [self, printed(`${name}b`, header, type, [call])];
}

function again(scope: Scope, d: Choices, name: string, kinds: readonly Kind[], depth: string): string[] {
  const args = kinds.map((kind) => (kind === "number" ? tame(scope, d, 1) : kind === "fn" ? d.of(scope.of(kind)).name : value(scope, d, kind, 0)));
  const text = `${name}(${[`${depth} - 1`, ...args].join(", ")})`;
  const { result: kind } = scope.place;
  if (kind === "void") return [`${text};`];
  return kind === "number" ? [`let ${scope.declare(d, kind, true)} = Math.sin(${text});`] : [`const ${scope.declare(d, kind)} = ${text};`];
}
