import type { Choices } from "./choices.js";
import { call, condition, element, helpers, index, lambdaParameter, number, tame } from "./expressions.js";
import type { Kind, Scope } from "./scope.js";
import type { Maker } from "./statements.js";

const has = (s: Scope, ...kinds: readonly Kind[]): boolean => s.of(...kinds).length > 0;

/** An array of at least three numbers: a new one, or one that there is. */
function arrayValue(s: Scope, d: Choices): string {
  const forms = [`[${number(s, d, 1)}, ${number(s, d, 1)}, ${tame(s, d, 1)}]`, `new Array<number>(3).fill(${number(s, d, 1)})`];
  if (has(s, "array")) {
    const [a, b] = [d.of(s.of("array")).name, d.of(s.of("array")).name];
    forms.push(a, b, a, `${a}.slice()`, `[...${a}]`, `(${condition(s, d, 1)} ? ${a} : ${b})`);
    // What makes an array longer, once for each turn, would keep a loop over its length going.
    if (s.place.loops === 0) forms.push(`${a}.slice(1).concat(${b})`, `[${number(s, d, 1)}, ...${a}]`);
  }
  if (has(s, "matrix")) forms.push(`${d.of(s.of("matrix")).name}[${index(s, d, 2)}]`, `${d.of(s.of("matrix")).name}[${index(s, d, 2)}].slice()`);
  if (has(s, "object")) forms.push(`${d.of(s.of("object")).name}.w`, `${d.of(s.of("object")).name}.w`);
  if (has(s, "array")) {
    const inner = s.inner();
    const value = lambdaParameter(inner, d, "number");
    forms.push(`${d.of(s.of("array")).name}.map((${value}, ${lambdaParameter(inner, d, "int")}) => ${number(inner, d, 2)})`);
  }
  const makers = helpers(s, "array");
  if (makers.length > 0) forms.push(call(s, d, d.of(makers), 1), call(s, d, d.of(makers), 1));
  return d.of(forms);
}

function matrixValue(s: Scope, d: Choices): string {
  const forms = [`[${arrayValue(s, d)}, ${arrayValue(s, d)}]`];
  if (has(s, "matrix")) {
    const { name } = d.of(s.of("matrix"));
    forms.push(name, `${name}.slice()`, `[${name}[1], ${name}[0]]`);
  }
  return d.of(forms);
}

function typedValue(s: Scope, d: Choices): string {
  const forms = [`new Float64Array([${number(s, d, 1)}, ${number(s, d, 1)}, 0.5])`, `new Float64Array(3)`];
  if (has(s, "typed")) {
    const { name } = d.of(s.of("typed"));
    forms.push(name, `${name}.slice()`, `new Float64Array(${name})`);
  }
  if (has(s, "array")) forms.push(`new Float64Array(${d.of(s.of("array")).name})`);
  return d.of(forms);
}

function objectValue(s: Scope, d: Choices): string {
  const forms = [`{ v: ${number(s, d, 1)}, w: ${arrayValue(s, d)} }`];
  if (has(s, "object")) {
    const { name } = d.of(s.of("object"));
    forms.push(name, `{ ...${name}, v: ${number(s, d, 1)} }`, `(${condition(s, d, 1)} ? ${name} : ${d.of(s.of("object")).name})`);
  }
  return d.of(forms);
}

const values = { array: arrayValue, matrix: matrixValue, typed: typedValue, object: objectValue } as const;
const declare = (kind: keyof typeof values): Maker["make"] => (s, d) => {
  const value = values[kind](s, d);
  const [name, isMutable] = [s.free(d), d.chance(40)];
  s.add(name, kind, isMutable);
  return [`${isMutable ? "let" : "const"} ${name} = ${value};`];
};

/** Statements on arrays. */
export const arrayStatements: readonly Maker[] = [
  { weight: 9, needs: (s) => has(s, "array", "typed", "matrix", "pair", "object"), make: (s, d) => [`${element(s, d)} = ${d.chance(75) ? tame(s, d, 2) : d.of(["1", "0.5"])};`] },
  { weight: 6, needs: (s) => has(s, "array", "typed", "matrix", "pair", "object"), make: (s, d) => [`${element(s, d)} ${update(s, d)};`] },
  { weight: 6, make: declare("array") },
  { weight: 3, make: declare("matrix") },
  { weight: 2, make: declare("typed") },
  { weight: 3, make: declare("object") },
  { weight: 2, needs: (s) => has(s, "object"), make: (s, d) => [`${d.of(s.of("object")).name}.w = ${arrayValue(s, d)};`] },
  {
    weight: 2,
    make: (s, d) => {
      const value = `[${number(s, d, 1)}, ${number(s, d, 1)}]`;
      const name = s.free(d);
      s.add(name, "pair", false);
      return [`const ${name}: [number, number] = ${value};`];
    },
  },
  {
    weight: 3,
    needs: (s) => s.mutable("array", "matrix", "typed", "object").length > 0,
    make: (s, d) => {
      const { name, kind } = d.of(s.mutable("array", "matrix", "typed", "object"));
      return [`${name} = ${values[kind as keyof typeof values](s, d)};`];
    },
  },
  {
    weight: 3,
    needs: (s) => s.mutable("array").length > 1,
    make: (s, d) => {
      const [a, b] = [d.of(s.mutable("array")).name, d.of(s.mutable("array")).name];
      return [`[${a}, ${b}] = [${b}, ${a}];`];
    },
  },
  {
    weight: 2,
    needs: (s) => has(s, "array"),
    make: (s, d) => {
      const { name } = d.of(s.of("array"));
      const [i, j] = [index(s, d, 3), index(s, d, 3)];
      return [`[${name}[${i}], ${name}[${j}]] = [${name}[${j}], ${name}[${i}]];`];
    },
  },
  { weight: 2, needs: (s) => has(s, "array"), make: (s, d) => withLength(d, d.of(s.of("array")).name, tame(s, d, 1)) },
  {
    weight: 2,
    needs: (s) => has(s, "array") && s.mutable("number").length > 0,
    make: (s, d) => {
      const { name } = d.of(s.of("array"));
      return [`if (${name}.length > 3) ${d.of(s.mutable("number")).name} ${d.of(["=", "+=", "-="])} ${name}.pop()!;`];
    },
  },
  { weight: 1, needs: (s) => has(s, "array", "typed"), make: (s, d) => [`${d.of(s.of("array", "typed")).name}.fill(${tame(s, d, 1)}${d.of(["", ", 1", ", 0, 2"])});`] },
  {
    weight: 2,
    needs: (s) => has(s, "matrix"),
    make: (s, d) => {
      const { name } = d.of(s.of("matrix"));
      return [`[${name}[0], ${name}[1]] = [${name}[1], ${name}[0]];`];
    },
  },
  { weight: 2, needs: (s) => has(s, "matrix"), make: (s, d) => [`${d.of(s.of("matrix")).name}[${index(s, d, 2)}] = ${arrayValue(s, d)};`] },
  { weight: 1, needs: (s) => has(s, "matrix"), make: (s, d) => withLength(d, d.of(s.of("matrix")).name, arrayValue(s, d)) },
  {
    weight: 1,
    needs: (s) => has(s, "array"),
    make: (s, d) => {
      const from = d.of(s.of("array")).name;
      const [first, isMutable] = [s.free(d), d.chance(50)];
      s.add(first, "number", isMutable);
      const second = s.free(d);
      s.add(second, "number", isMutable);
      return [`${isMutable ? "let" : "const"} [${first}, ${second}] = ${from};`];
    },
  },
];

/** A push that does not go on for ever in a loop over the array. */
function withLength(d: Choices, name: string, value: string): string[] {
  return [`if (${name}.length < ${d.of(["5", "4"])}) ${name}.push(${value});`];
}

/** What may follow a place that is updated. */
export function update(s: Scope, d: Choices): string {
  const value = tame(s, d, 2);
  return d.of([`+= ${value}`, `-= ${value}`, `*= ${value}`, `/= 2.5 + ${value}`, `= ${value}`]);
}
