// The project that is compiled: 200 modules of 75 lines, of which every tenth asks for a gradient. Most of it is what most of any
// program is, with types and classes and texts; the functions that are differentiated have loops, arrays and calls.

const count = 200;
const lines = 75;
const every = 10;

/** The files of the project with their texts. */
export function files() {
  return Array.from({ length: count }, (_, i) => [`src/module${i}.ts`, moduleText(i)]);
}

function moduleText(i) {
  const asks = i % every === every - 1;
  const parts = [...imports(i, asks), ...records(i), ...numbers(i), ...store(i), ...texts(i), ...(asks ? gradient(i) : [])];
  if (parts.length > lines) throw new Error(`module ${i} has ${parts.length} lines`);
  const rest = Array.from({ length: lines - parts.length }, (_, k) => `export const limit${k} = ${(i + 1) * (k + 3)};`);
  return [...parts, ...rest, ""].join("\n");
}

function imports(i, asks) {
  const marker = asks ? [`import { ${markers[((i - every + 1) / every) % markers.length]} } from "tsgrad";`] : [];
  return i === 0 ? marker : [...marker, `import { energy${i - 1}, scaled${i - 1}, type Item${i - 1} } from "./module${i - 1}.js";`];
}

const markers = ["grad", "valueAndGrad", "gradInto", "grad"];

// Every fourth gradient is that of a function in another module, and every fifth one of a lambda.
function gradient(i) {
  const n = (i - every + 1) / every;
  const marker = markers[n % markers.length];
  const f = n % 4 === 3 ? `energy${i - 1}` : n % 5 === 0 ? `(x: number[], k: number) => energy${i}(x, k) + k * scaled${i - 1}(k)` : `energy${i}`;
  return ["", `export const derivative${i} = ${marker}(${f});`];
}

function records(i) {
  return [
    "",
    `export interface Item${i} {`,
    "  readonly id: number;",
    "  readonly name: string;",
    "  readonly tags: readonly string[];",
    `  readonly parent?: Item${i};`,
    "}",
    "",
    `export type Change${i} =`,
    `  | { readonly kind: "added"; readonly item: Item${i} }`,
    `  | { readonly kind: "renamed"; readonly id: number; readonly name: string }`,
    `  | { readonly kind: "removed"; readonly id: number };`,
  ];
}

function numbers(i) {
  const call = i === 0 ? "Math.sin(k)" : `scaled${i - 1}(k)`;
  return [
    "",
    `export function scaled${i}(x: number): number {`,
    `  return x > ${i % 7} ? Math.log1p(x * x) : ${i % 3} * x + Math.cos(x);`,
    "}",
    "",
    `export function energy${i}(x: number[], k: number): number {`,
    "  let sum = 0;",
    "  for (let i = 1; i < x.length; i++) {",
    "    const d = x[i] - x[i - 1];",
    "    if (d > 0) sum += k * d * d;",
    "    else sum += Math.exp(d) - 1;",
    "  }",
    `  return sum + ${call};`,
    "}",
  ];
}

function store(i) {
  const total = i === 0 ? "weights.reduce((a, b) => a + b, 0)" : `energy${i - 1}(weights, this.items.size)`;
  return [
    "",
    `export class Store${i} {`,
    `  private readonly items = new Map<number, Item${i}>();`,
    `  private readonly changes: Change${i}[] = [];`,
    "",
    `  apply(change: Change${i}): void {`,
    "    this.changes.push(change);",
    "    switch (change.kind) {",
    `      case "added":`,
    "        this.items.set(change.item.id, change.item);",
    "        break;",
    `      case "renamed": {`,
    "        const item = this.items.get(change.id);",
    "        if (item !== undefined) this.items.set(change.id, { ...item, name: change.name });",
    "        break;",
    "      }",
    `      case "removed":`,
    "        this.items.delete(change.id);",
    "    }",
    "  }",
    "",
    "  weight(): number {",
    "    const weights = [...this.items.values()].map(({ tags }) => tags.length);",
    `    return ${total};`,
    "  }",
    "}",
  ];
}

function texts(i) {
  const other = i === 0 ? "" : ` | Item${i - 1}`;
  return [
    "",
    `export function title${i}(item: Item${i}${other}): string {`,
    "  const words = item.name.split(/\\s+/).filter((word) => word.length > 0);",
    "  const capital = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));",
    "  return item.tags.length === 0 ? capital.join(\" \") : `${capital.join(\" \")} (${item.tags.join(\", \")})`;",
    "}",
    "",
    `export const defaults${i}: Readonly<Record<string, number>> = { first: ${i}, second: ${i * 2}, third: ${i * 3} };`,
  ];
}
