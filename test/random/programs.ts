import type { Requested } from "../fixtures/fixture.js";
import { Choices, type Genome } from "./choices.js";
import { classOf } from "./classes.js";
import { number } from "./expressions.js";
import { declareParameter, helperOf, typeOf } from "./helpers.js";
import { rowOf } from "./kinds.js";
import type { Kind, Row } from "./rows.js";
import { prelude, preludeOf } from "./prelude.js";
import { outermost, Scope, type Helper } from "./scope.js";
import { block, indented } from "./statements.js";
import { numberWithin } from "./ways.js";

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

const parameterKinds: readonly Kind[] = ["number", "array", "number", "array", "point", "matrix", "typed", "pair", "int", "flag", "mode", "number", "object", "points", "body", "loose", "mixed", "part", "parts", "term", "terms", "layers", "cell", "tree", "rates"];

export function programOf(genome: Genome): RandomProgram {
  const head = new Choices(genome.head);
  const classes = new Map<Kind, Row>();
  const module = new Scope({ ...outermost, classes });
  const constants = declareConstants(module, head);

  const helpers: Helper[] = prelude.flatMap((entry) => entry.helpers ?? []);
  const place = { ...outermost, classes };
  const functions = genome.helpers.flatMap((genes, i) => (i === 1 && head.chance(50) ? classOf("Model", genes, head, module, place, helpers, classes) : helperOf(`h${i}`, genes, head, module, place, helpers)));

  const kinds: Kind[] = [head.of<Kind>(["number", "array", "number"])];
  for (let count = head.below(4); count > 0; count--) kinds.push(head.of(parameterKinds));
  const given = [...classes.keys()].filter((kind) => rowOf(module, kind).argument !== undefined);
  if (given.length > 0 && head.chance(50)) kinds.push(head.of(given));
  const scope = new Scope({ ...place, helpers }, module);
  const names = kinds.map((kind) => declareParameter(scope, head, kind));
  const body = [...block(scope, genome.body), `return ${total(scope, new Choices(genome.result))};`];
  const header = names.map((name, i) => `${name}: ${typeOf(scope, kinds[i] as Kind)}`).join(", ");
  const isBrief = head.chance(60);
  const isSecond = !isBrief && head.chance(50);
  const text = [...constants, ...functions, `export function f(${header}): number {`, ...indented(body), `}`].join("\n");
  const points = [1, 2].map((point) => kinds.map((kind, i) => argument(scope, kind, head, point * 7 + i * 3)));
  const checkpoint = body.some((line) => /^ *(for|while) /.test(line)) && head.chance(20) ? { checkpoint: `checkpoint: ${head.of([`"sqrt"`, `"revolve"`, "2"])}` } : {};
  return { text: `${[...preludeOf(text), text].join("\n")}\n`, requested: { ...requestOf(scope, kinds, head), ...checkpoint }, points, isSecond, isBrief };
}

/** Constants of the module. They are no variables of the generator but numbers of their own: nothing is written to them. */
function declareConstants(module: Scope, d: Choices): string[] {
  const lines = Array.from({ length: d.below(3) }, (_, i) => {
    const isArray = d.chance(40);
    module.add(isArray ? `TABLE${i}[${d.below(3)}]` : `RATE${i}`, "number", false);
    return isArray ? `const TABLE${i} = [0.5, -1.25, 0.75];` : `const RATE${i} = ${d.of(["0.75", "-0.5", "1.25"])};`;
  });
  if (d.chance(40)) module.add(d.of(prelude.flatMap((entry) => entry.numbers ?? [])), "number", false);
  return lines;
}

/** A sum of what there is at the end, so that little of the program is for nothing. */
function total(scope: Scope, d: Choices): string {
  const terms = [number(scope, d, 2)];
  for (const variable of scope.all()) {
    const term = variable.kind === "maybe" ? `(${variable.name} ?? 0.5)` : numberWithin(scope, d, variable);
    if (term !== undefined && d.chance(60)) terms.push(term);
  }
  return terms.join(" + ");
}

function argument(scope: Scope, kind: Kind, d: Choices, shift: number): unknown {
  let i = 0;
  // Two digits, and no value that is likely to meet another.
  const next = (): number => (((d.below(199) + shift * 31 + i++ * 53) * 67) % 199) / 100 - 0.985;
  return rowOf(scope, kind).argument?.(next, d);
}

function requestOf(scope: Scope, kinds: readonly Kind[], d: Choices): Requested {
  const reals = kinds.flatMap((kind, i) => (rowOf(scope, kind).shape === undefined ? [] : [i]));
  const asked = reals.length === kinds.length && (kinds.length === 1 || d.chance(70)) ? undefined : reals;
  return {
    subject: "f",
    params: kinds.map((kind) => ({ type: rowOf(scope, kind).type, shape: rowOf(scope, kind).shape })),
    options: asked === undefined ? "" : `, { wrt: [${asked.join(", ")}] }`,
    wrt: reals,
    tuple: asked !== undefined || kinds.length > 1,
  };
}
