import type { Choices, Gene } from "./choices.js";
import { number } from "./expressions.js";
import { Made } from "./made.js";
import { result } from "./jumps.js";
import { rowOf } from "./kinds.js";
import type { Kind, Part, Row } from "./rows.js";
import { type Helper, type Place, Scope } from "./scope.js";
import { block, indented } from "./statements.js";
import { declareParameter, typeOf } from "./helpers.js";

const fields: readonly Kind[] = ["number", "array", "point", "number", "points", "matrix", "vec"];

/** A class with state, and at times one that extends it: their lines. What they give is added to the place. */
export function classOf(name: string, genes: readonly Gene[], d: Choices, module: Scope, place: Place, helpers: Helper[], classes: Map<Kind, Row>): string[] {
  const held = [fields[d.below(2)] as Kind, d.of(fields)];
  const rows = held.map((kind) => rowOf(module, kind));
  const parts: Part[] = [...held.map((kind, i) => ({ kind, text: () => `.${i === 0 ? "held" : "state"}` })), { kind: "number", text: () => ".total" }];
  const [isExtended, hasGetter] = [d.chance(50), d.chance(60)];
  const made = (type: string) => (part: (kind: Kind) => string) => `new ${type}(${part(held[0] as Kind)}, ${part(held[1] as Kind)})`;
  const names = isExtended ? [name, `${name}Again`] : [name];
  const members = ["held", "state"].flatMap((member, i) => (rows[i]?.shape === undefined ? [] : [{ name: member, shape: rows[i].shape, optional: false }]));
  // An accessor that is a number has no place in a gradient.
  const isGiven = !hasGetter && rows.every((r) => r.argument !== undefined);
  const row: Row = {
    type: name,
    parts,
    literal: made(name),
    ...(isExtended && { others: [made(`${name}Again`)], isAnnotated: true }),
    ...(isGiven && { argument: (next, c) => new Made(c.of(names), rows.map((r) => r.argument?.(next, c))), shape: { type: name, members: [{ name: "total", shape: "number", optional: false }, ...members] } }),
  };
  classes.set(name, row);
  const type = (kind: Kind): string => rowOf(module, kind).type;
  const lines = [`  total = ${d.of(["0", "0.5"])};`, `  held: ${type(held[0] as Kind)};`, `  constructor(held: ${type(held[0] as Kind)}, public state: ${type(held[1] as Kind)}) {`, `    this.held = held;`, `  }`];
  const methods: Method[] = [];
  for (let i = 0; i * 2 < Math.max(genes.length, 2); i++) {
    const method: Method = { name: `step${i}`, result: d.of<Helper["result"]>(["void", "number", "number", name, "point"]), param: d.of<Kind>(["number", "array", "point", "fn", "part"]), known: [...helpers] };
    methods.push(method);
    lines.push(...indented(methodOf(method, name, genes.slice(i * 2, i * 2 + 2), d, module, place)));
    helpers.push({ name: method.name, params: [{ kind: method.param, isOptional: false }], result: method.result, receiver: name });
  }
  if (hasGetter) {
    const self = new Scope({ ...place, helpers: [] }, module);
    self.add("this", name, false);
    lines.push(`  get level(): number {`, `    return ${number(self, d, 2)};`, `  }`);
    classes.set(name, { ...row, parts: [...parts, { kind: "number", text: () => ".level", isReadonly: true }] });
  }
  const again = isExtended ? extended(name, d.of(methods), genes, d, module, place) : [];
  return [`export class ${name} {`, ...lines, `}`, ...again];
}

interface Method {
  readonly name: string;
  readonly result: Helper["result"];
  readonly param: Kind;
  /** What it may call. */
  readonly known: readonly Helper[];
}

/** A class that extends another one and has a method of its own in the place of one of its methods. */
function extended(name: string, method: Method, genes: readonly Gene[], d: Choices, module: Scope, place: Place): string[] {
  const lines = [`  extra = 0.75;`, ...indented(methodOf(method, name, genes.slice(-2), d, module, place, d.chance(60)))];
  return [`export class ${name}Again extends ${name} {`, ...lines, `}`];
}

function methodOf({ name, result: kind, param, known }: Method, receiver: Kind, genes: readonly Gene[], d: Choices, module: Scope, place: Place, callsSuper?: boolean): string[] {
  const scope = new Scope({ ...place, result: kind, helpers: known, loops: 1 }, module);
  scope.add("this", receiver, false);
  const p = declareParameter(scope, d, param);
  const before = callsSuper === true ? [kind === "number" ? `let ${scope.declare(d, "number", true)} = super.${name}(${p});` : `super.${name}(${p});`] : [];
  const body = [...before, ...block(scope, genes), ...(kind === "void" ? [] : [kind === receiver ? "return this;" : `return${result(scope, d)};`])];
  return [`${callsSuper === undefined ? "" : "override "}${name}(${p}: ${typeOf(scope, param)}): ${typeOf(scope, kind)} {`, ...indented(body), `}`];
}
