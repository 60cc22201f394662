import { of, type Entry } from "./entries.js";

/** Classes of which an object is one, and what is called on it. Those of arguments are exported. */
export const families: readonly Entry[] = [
  {
    name: "Term|Line|Wave",
    text: `abstract class Term {
  constructor(public gain: number) {}
  abstract at(u: number): number;
  twice(u: number): number { return this.at(this.at(u)); }
  nudge(u: number): void { this.gain += Math.tanh(u); }
}
export class Line extends Term {
  constructor(gain: number, public slope: number) { super(gain); }
  at(u: number): number { return this.gain + this.slope * Math.sin(u); }
}
export class Wave extends Term {
  constructor(gain: number, public phase: number[]) { super(gain); }
  at(u: number): number { return this.gain * Math.sin(u + this.phase[0]); }
  override twice(u: number): number { return super.twice(u) - this.phase[1]; }
  override nudge(u: number): void {
    super.nudge(u * this.gain);
    this.phase[1] += Math.cos(u);
  }
}`,
    helpers: [of("at", ["number"], "number", "term"), of("twice", ["number"], "number", "term"), of("nudge", ["number"], "void", "term"), of("twice", ["number"], "number", "wave"), of("nudge", ["number"], "void", "line")],
  },
  {
    name: "Layer|Scale|Shift",
    text: `interface Layer { apply(x: number[]): void; size(u: number): number }
export class Scale implements Layer {
  constructor(public by: number) {}
  apply(x: number[]): void { for (let i = 0; i < x.length; i++) x[i] = Math.sin(x[i] * this.by); }
  size(): number { return this.by; }
}
export class Shift implements Layer {
  constructor(public offsets: number[]) {}
  apply(x: number[]): void { this.offsets.forEach((o, i) => { if (i < x.length) x[i] += o; }); }
  size(u: number): number { return Math.tanh(this.offsets[0] * u); }
}`,
    helpers: [of("apply", ["array"], "void", "layer"), of("size", ["number"], "number", "layer")],
  },
  {
    name: "through",
    text: `function through(layers: readonly Layer[], u: number): number {
  const x = [u, 1, 0.5];
  for (const layer of layers) layer.apply(x);
  return x[0] + x[1] * x[2];
}`,
    helpers: [of("through", ["layers", "number"], "number")],
  },
  {
    name: "Tally|makeTally",
    text: `interface Tally { add(u: number): void; level(k: number): number }
function makeTally(start: number): Tally {
  let total = start;
  let count = 1;
  return {
    add(u) {
      total += Math.sin(u);
      count++;
    },
    level: (k) => (total * k) / count,
  };
}`,
    helpers: [of("add", ["number"], "void", "tally"), of("level", ["number"], "number", "tally")],
  },
];

/** Objects that are told apart by a member, and those that hold others of their kind. */
export const shapes: readonly Entry[] = [
  { name: "Rates", text: `type Rates = Record<"r0" | "r1", number>;` },
  {
    name: "Part|Spring|Damper|force|turned",
    text: `interface Spring { kind: "spring"; v: number; rest: number }
interface Damper { kind: "damper"; v: number; w: number[] }
type Part = Spring | Damper;
function force(part: Part, u: number): number {
  switch (part.kind) {
    case "spring":
      return part.v * (Math.sin(u) - part.rest);
    case "damper":
      return part.v * Math.cos(part.w[0] * u);
  }
}
function turned(part: Part, u: number): Part {
  return part.kind === "spring" ? { ...part, rest: part.v * u } : { kind: "spring", v: part.w[1], rest: part.v };
}`,
    helpers: [of("force", ["part", "number"], "number"), of("turned", ["part", "number"], "part"), of("force", ["spring", "number"], "number")],
  },
  {
    name: "Cell|spread|worth|shifted",
    text: `interface Cell { v: number; next?: Cell }
function worth(c: Cell | undefined, k: number): number {
  return c === undefined ? 0 : c.v + k * Math.sin(worth(c.next, k * c.v));
}
function shifted(c: Cell, u: number): Cell {
  return { v: Math.sin(c.v + u), next: c.next && shifted(c.next, u * c.v) };
}
function spread(c: Cell, u: number): void {
  for (let at: Cell | undefined = c; at !== undefined; at = at.next) at.v = Math.tanh(at.v * u + 1);
}`,
    helpers: [of("worth", ["cell", "number"], "number"), of("shifted", ["cell", "number"], "cell"), of("spread", ["cell", "number"], "void")],
  },
  {
    name: "Tree|weigh|damped|heat",
    text: `interface Tree { v: number; kids: Tree[] }
function weigh(tree: Tree, u: number): number {
  let sum = Math.sin(tree.v * u);
  for (const kid of tree.kids) sum += weigh(kid, u * 0.5 + tree.v) / 2;
  return sum;
}
function damped(tree: Tree, u: number): Tree {
  return { v: Math.cos(tree.v * u), kids: tree.kids.map((kid) => damped(kid, u + tree.v)) };
}
function heat(tree: Tree, u: number): void {
  tree.v = Math.sin(tree.v + u);
  tree.kids.forEach((kid) => heat(kid, tree.v));
}`,
    helpers: [of("weigh", ["tree", "number"], "number"), of("damped", ["tree", "number"], "tree"), of("heat", ["tree", "number"], "void")],
  },
];
