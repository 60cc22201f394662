import type { Choices, Gene } from "./choices.js";
import { number } from "./expressions.js";
import { result } from "./jumps.js";
import { rowOf, type Kind, type Part, type Row } from "./kinds.js";
import { type Helper, type Place, Scope } from "./scope.js";
import { block, indented } from "./statements.js";
import { declareParameter, typeOf } from "./helpers.js";

const fields: readonly Kind[] = ["number", "array", "point", "number", "points", "matrix", "vec"];

/** A class with state, and at times one that extends it: their lines. What they give is added to the place. */
export function classOf(name: string, genes: readonly Gene[], d: Choices, module: Scope, place: Place, helpers: Helper[], classes: Map<Kind, Row>): string[] {
  const held = [fields[d.below(2)] as Kind, d.of(fields)];
  const parts: Part[] = [...held.map((kind, i) => ({ kind, text: () => `.${i === 0 ? "held" : "state"}` })), { kind: "number", text: () => ".total" }];
  const row: Row = { type: name, parts, literal: (part) => `new ${name}(${part(held[0] as Kind)}, ${part(held[1] as Kind)})` };
  classes.set(name, row);
  const type = (kind: Kind): string => rowOf(module, kind).type;
  const lines = [`  total = ${d.of(["0", "0.5"])};`, `  readonly held: ${type(held[0] as Kind)};`.replace("readonly ", ""), `  constructor(held: ${type(held[0] as Kind)}, public state: ${type(held[1] as Kind)}) {`, `    this.held = held;`, `  }`];
  for (let i = 0; i * 2 < Math.max(genes.length, 2); i++) lines.push(...indented(methodOf(`step${i}`, name, genes.slice(i * 2, i * 2 + 2), d, module, place, helpers)));
  const self = new Scope({ ...place, helpers: [] }, module);
  self.add("this", name, false);
  lines.push(`  get level(): number {`, `    return ${number(self, d, 2)};`, `  }`);
  const own = [`class ${name} {`, ...lines, `}`];
  classes.set(name, { ...row, parts: [...parts, { kind: "number", text: () => ".level", isReadonly: true }] });
  return own;
}

function methodOf(name: string, receiver: Kind, genes: readonly Gene[], d: Choices, module: Scope, place: Place, helpers: Helper[]): string[] {
  const kind = d.of<Helper["result"]>(["void", "number", "number", receiver, "point"]);
  const param = d.of<Kind>(["number", "array", "point", "fn"]);
  const scope = new Scope({ ...place, result: kind, helpers: [...helpers], loops: 1 }, module);
  scope.add("this", receiver, false);
  const p = declareParameter(scope, d, param);
  const body = [...block(scope, genes), ...(kind === "void" ? [] : [kind === receiver ? "return this;" : `return${result(scope, d)};`])];
  helpers.push({ name, params: [{ kind: param, isOptional: false }], result: kind, receiver });
  return [`${name}(${p}: ${typeOf(scope, param)}): ${typeOf(scope, kind)} {`, ...indented(body), `}`];
}
