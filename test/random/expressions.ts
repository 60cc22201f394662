import type { Choices } from "./choices.js";
import type { Helper, Kind, Scope } from "./scope.js";

/** A maker of one form of expression. `depth` is how much deeper it may go. */
interface Form {
  readonly weight: number;
  readonly needs?: (s: Scope) => boolean;
  readonly make: (s: Scope, d: Choices, depth: number) => string;
}

const literals = ["0.5", "2", "-1", "0.25", "1.5", "3", "0", "1"];

/** Forms of a number. The simplest stand first: shrinking goes there. */
const numbers: readonly Form[] = [
  { weight: 8, needs: (s) => s.of("number").length > 0, make: (s, d) => d.of(s.of("number")).name },
  { weight: 2, make: (_, d) => d.of(literals) },
  { weight: 6, needs: hasElements, make: element },
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
  { weight: 2, needs: (s) => s.of("maybe").length > 0, make: (s, d, depth) => `(${d.of(s.of("maybe")).name} ?? ${number(s, d, depth)})` },
  { weight: 1, needs: (s) => s.of("array").length > 0, make: (s, d, depth) => `(${d.of(s.of("array")).name}[${d.of(["7", "1", "6"])}] ?? ${number(s, d, depth)})` },
  { weight: 1, needs: (s) => s.of("array").length > 0, make: (s, d) => `${d.of(s.of("array")).name}.${d.of(["length", "at(-1)!"])}` },
  {
    weight: 1,
    needs: (s) => s.of("array", "typed").length > 0,
    make: (s, d, depth) => {
      const inner = s.inner();
      const sum = lambdaParameter(inner, d, "number");
      const value = lambdaParameter(inner, d, "number");
      return `${d.of(s.of("array", "typed")).name}.reduce((${sum}, ${value}) => ${d.of([`${sum} + `, ""])}${tame(inner, d, depth)}, ${number(s, d, 0)})`;
    },
  },
  { weight: 4, needs: (s) => helpers(s, "number").length > 0, make: (s, d, depth) => call(s, d, d.of(helpers(s, "number")), depth) },
  { weight: 1, needs: (s) => s.mutable("number").length > 0, make: (s, d, depth) => `(${d.of(s.mutable("number")).name} = ${tame(s, d, depth)})` },
  { weight: 1, needs: (s) => s.mutable("number").length > 0, make: (s, d) => d.of([`${d.of(s.mutable("number")).name}++`, `--${d.of(s.mutable("number")).name}`]) },
  { weight: 1, needs: (s) => s.of("array").length > 0 && s.mutable("int").length > 0, make: (s, d) => `${d.of(s.of("array")).name}[${d.of(s.mutable("int")).name}++ % 3]` },
];

function applicable(forms: readonly Form[], s: Scope): Form[] {
  return forms.filter((form) => form.needs?.(s) ?? true);
}

export function number(s: Scope, d: Choices, depth: number): string {
  const goesOn = depth > 0 && d.chance(55);
  return d.weighted(applicable(goesOn ? compounds : numbers, s)).make(s, d, depth - 1);
}

/** A number that stays within a few units whatever it is made of. */
export function tame(s: Scope, d: Choices, depth: number): string {
  const inner = number(s, d, depth);
  return d.of([`Math.sin(${inner})`, `Math.tanh(${inner})`, `1.5 * Math.cos(${inner})`, `Math.atan(${inner})`]);
}

/** An index of an array or, with 2, of a matrix or a pair. */
export function index(s: Scope, d: Choices, size: 2 | 3): string {
  const ints = s.of("int");
  if (ints.length === 0 || d.chance(35)) return String(d.below(size));
  const { name } = d.of(ints);
  return d.of([`${name} % ${size}`, `(${name} + 1) % ${size}`, `${size - 1} - (${name} % ${size})`]);
}

function hasElements(s: Scope): boolean {
  return s.of("array", "typed", "matrix", "pair", "object").length > 0;
}

/** Something in memory that can be read and written. */
export function element(s: Scope, d: Choices): string {
  const { name, kind } = d.of(s.of("array", "typed", "matrix", "pair", "object"));
  if (kind === "object") return d.chance(50) ? `${name}.v` : `${name}.w[${index(s, d, 3)}]`;
  if (kind === "matrix") return `${name}[${index(s, d, 2)}][${index(s, d, 3)}]`;
  // A tuple wants an index that is known: any number gives an element of the union, which is a number too.
  return `${name}[${index(s, d, kind === "pair" ? 2 : 3)}]`;
}

/** A name for a parameter of a function without a body of statements. */
export function lambdaParameter(s: Scope, d: Choices, kind: Kind): string {
  const name = s.free(d);
  s.add(name, kind, false);
  return name;
}

const conditions: readonly Form[] = [
  { weight: 8, make: (s, d, depth) => `${number(s, d, depth)} ${d.of([">", "<", "<=", ">="])} ${number(s, d, depth)}` },
  { weight: 3, needs: (s) => s.of("int").length > 0, make: (s, d) => `${d.of(s.of("int")).name} ${d.of(["% 3 === 1", "% 2 === 0", "> 1", "% 3 !== 2", "< 1"])}` },
  { weight: 2, needs: (s) => s.of("flag").length > 0, make: (s, d) => `${d.of(["", "!"])}${d.of(s.of("flag")).name}` },
  { weight: 1, needs: (s) => s.place.canTestMode && s.of("mode").length > 0, make: (s, d) => `${d.of(s.of("mode")).name} === "sine"` },
  { weight: 1, needs: (s) => s.of("maybe").length > 0, make: (s, d) => `${d.of(s.of("maybe")).name} ${d.of(["===", "!=="])} undefined` },
  { weight: 1, needs: (s) => s.of("array").length > 1, make: (s, d) => `${d.of(s.of("array")).name} ${d.of(["===", "!=="])} ${d.of(s.of("array")).name}` },
];
const connectives: readonly Form[] = [
  { weight: 2, make: (s, d, depth) => `(${condition(s, d, depth)} ${d.of(["&&", "||"])} ${condition(s, d, depth)})` },
  { weight: 1, make: (s, d, depth) => `!(${condition(s, d, depth)})` },
];

export function condition(s: Scope, d: Choices, depth: number): string {
  const goesOn = depth > 0 && d.chance(20);
  return d.weighted(applicable(goesOn ? connectives : conditions, s)).make(s, d, depth - 1);
}

/** The helpers with such a result whose arguments are at hand. */
export function helpers(s: Scope, result: Helper["result"]): Helper[] {
  const has = (kind: Kind): boolean => kind === "number" || kind === "int" || kind === "flag" || s.of(kind).length > 0;
  return s.place.helpers.filter((h) => h.result === result && h.params.every((p) => p.isOptional || has(p.kind)));
}

export function call(s: Scope, d: Choices, helper: Helper, depth: number): string {
  const args: string[] = [];
  for (const { kind, isOptional } of helper.params) {
    if (isOptional && d.chance(50)) break;
    args.push(argument(s, d, kind, depth));
  }
  return `${helper.name}(${args.join(", ")})`;
}

function argument(s: Scope, d: Choices, kind: Kind, depth: number): string {
  switch (kind) {
    case "number":
      return number(s, d, depth);
    case "int":
      return s.of("int").length > 0 && d.chance(50) ? `${d.of(s.of("int")).name} % 3` : String(d.below(3));
    case "flag":
      return condition(s, d, 0);
    case "array":
      return s.of("matrix").length > 0 && d.chance(30) ? `${d.of(s.of("matrix")).name}[${index(s, d, 2)}]` : d.of(s.of("array")).name;
    default:
      return d.of(s.of(kind)).name;
  }
}
