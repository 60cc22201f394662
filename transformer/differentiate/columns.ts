import { Builder, field, lengthField, literal, one, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, FnRef, Key, Var } from "../ir/model.js";
import { carriesReal, int, isReference, real, type Type } from "../ir/types.js";
import { optimise } from "../optimise/index.js";
import { areOnlyRead, byPlace, hasPlaces, nowhere } from "./by-place.js";
import type { Direction } from "./direction.js";
import { shadowType } from "./shadow-type.js";

/** The place of a number among the parameters asked for: that of its column in a row of the Jacobian. */
export type Place = readonly Key[];

/** A column: where it is in a row, and its direction. */
export interface Column {
  readonly place: Place;
  /** The input that is itself the number, if one is. */
  readonly seed?: number;
  /**
   * The tangents of the inputs that are memory, in their order: memory too, or the places where they are 1. Along an input that is
   * itself the number the others do not change, and have none.
   */
  readonly tangents: readonly Atom[];
}

/** What is done for several columns at once. */
export type Run = (b: Builder, columns: readonly Column[]) => void;

/** A number whose place is known: in memory, or an input itself. */
interface Leaf {
  readonly place: Place;
  readonly input: number;
  /** The tangent memory of each direction that it stands in, if there is any, and where. */
  readonly memory?: readonly Atom[];
  readonly key?: Key;
}

/** Goes through the numbers that a function is differentiated by, several at a time, each with 1 for its tangent. */
export class Columns {
  /** For each direction, the tangents of the inputs: memory that is all zero, or nothing where the input is a number. */
  private readonly tangents: readonly (readonly (Var | undefined)[])[];

  constructor(
    private readonly inputs: readonly Var[],
    /** Whether the gradient is that of one input, and no tuple. */
    private readonly single: boolean,
    /** How many columns are made at once. */
    private readonly width: number,
    /** Whether tangents are given as places. */
    private readonly isByPlace: boolean,
    private readonly run: Run,
    entry: Builder,
  ) {
    const isMade = (p: Var): boolean => !isByPlace && isMemory(p.type);
    this.tangents = Array.from({ length: width }, () =>
      inputs.map((p) => (isMade(p) ? entry.allocate(shadowType(p.type), { kind: "zerosLike", source: p }, `d${p.name}`) : undefined)),
    );
  }

  each(b: Builder): void {
    const leaves = this.inputs.flatMap((p, k) => {
      const place: Place = this.single ? [] : [literal(k)];
      if (p.type.kind === "real") return [{ place, input: k }];
      return isMemory(p.type) ? this.leaves(p, this.tangents.flatMap((of) => of[k] ?? []), place, k, b) : [];
    });
    this.flush(leaves.filter(({ memory }) => memory !== undefined), b);
    this.flush(leaves.filter(({ memory }) => memory === undefined), b);
  }

  /** The numbers at known places of memory; those of arrays are gone through at once. */
  private leaves(of: Atom, tangents: readonly Atom[], place: Place, input: number, b: Builder): Leaf[] {
    const { type } = of;
    const members = membersOf(type);
    if (members === undefined) {
      this.elements(of, tangents, place, input, b);
      return [];
    }
    return members.flatMap(({ key, type: inner }): Leaf[] => {
      const at = [...place, key];
      if (inner.kind === "real") return [{ place: at, input, memory: tangents, key }];
      if (!isMemory(inner)) return [];
      return this.leaves(b.load(of, key), tangents.map((t) => b.load(t, key)), at, input, b);
    });
  }

  // for (let j = 0; j < n; j++) { dx[j] = 1; …; dx[j] = 0; }   several at a time first
  private elements(of: Atom, tangents: readonly Atom[], place: Place, input: number, b: Builder): void {
    const n = b.load(of, lengthField, "n");
    const isNested = of.type.kind === "array" && isReference(of.type.element);
    if (isNested || this.width === 1) {
      loop(b, zero, n, 1, (j, inner) => {
        const at = [...place, j];
        if (!isNested) return this.flush([{ place: at, input, memory: tangents, key: j }], inner);
        const rows = tangents.map((t) => inner.load(t, j));
        this.flush(this.leaves(inner.load(of, j), rows, at, input, inner), inner);
      });
      return;
    }
    const { width } = this;
    loop(b, zero, b.let("-", [n, literal(width - 1)], int), width, (j, inner) => {
      const leaves = Array.from({ length: width }, (_, l): Leaf => {
        const key = l === 0 ? j : inner.let("+", [j, literal(l)], int);
        return { place: [...place, key], input, memory: tangents, key };
      });
      this.flush(leaves, inner);
    });
    const start = b.let("-", [n, b.let("%", [n, literal(width)], int)], int);
    loop(b, start, n, 1, (j, inner) => {
      this.flush([{ place: [...place, j], input, memory: tangents, key: j }], inner);
    });
  }

  private flush(leaves: readonly Leaf[], b: Builder): void {
    for (let k = 0; k < leaves.length; k += this.width) {
      const lanes = leaves.slice(k, k + this.width);
      const seed = (value: Atom): void => {
        lanes.forEach(({ memory, key }, l) => {
          const tangent = memory?.[l];
          if (tangent !== undefined && key !== undefined) b.store(tangent, key, value);
        });
      };
      seed(one);
      const columns = lanes.map(({ place, input, memory, key }, l): Column => {
        if (memory === undefined) return { place, tangents: [], seed: input };
        return { place, tangents: this.isByPlace ? this.placesOf(input, key) : (this.tangents[l] ?? []).filter((t) => t !== undefined) };
      });
      this.run(b, columns);
      seed(zero);
    }
  }

  /** Where the tangents of the inputs are 1. */
  private placesOf(input: number, key: Key | undefined): Atom[] {
    return this.inputs.flatMap((p, k) => (!isMemory(p.type) ? [] : k === input && key !== undefined && key.kind !== "field" ? [key] : [nowhere]));
  }
}

/** The inputs that change along columns: all of them, or those that are themselves the numbers. */
export function changing(inputs: readonly Var[], seeds: readonly (number | undefined)[]): readonly Var[] {
  const numbers = seeds.flatMap((k) => (k === undefined ? [] : (inputs[k] ?? [])));
  return numbers.length > 0 ? numbers : inputs;
}

/**
 * The parameters for the tangents of the inputs that are memory; `use` is told of each. Along a number that is an input itself,
 * the `seed`, there are none: its tangent is 1, and no other changes.
 */
export function tangentParameters(d: Direction, inputs: readonly Var[], seed: number | undefined, use: (p: Var, tangent: Var, k: number) => void): Var[] {
  const number = seed === undefined ? undefined : inputs[seed];
  if (number !== undefined) {
    d.set(number, { atom: { ...one, type: real }, absent: false });
    return [];
  }
  return inputs.flatMap((p, k): Var[] => {
    if (!isMemory(p.type)) return [];
    const tangent = d.newShadow(p);
    use(p, tangent, k);
    return [tangent];
  });
}

/** Functions made for several columns at once, each kind of columns once. Their last parameters are the tangents. */
export class Kernels {
  private readonly made = new Map<string, FnRef>();
  /** Whether they take the places where tangents are 1, and no memory. */
  readonly areByPlace: boolean;

  private readonly memory: readonly Var[];

  constructor(
    private readonly make: (seeds: readonly (number | undefined)[]) => Fn,
    inputs: readonly Var[],
    width: number,
  ) {
    this.memory = inputs.filter((p) => isMemory(p.type));
    // A function for fewer columns does no more with its tangents than that for the most.
    const widest = this.memory.every((p) => hasPlaces(p.type)) ? optimise(make(Array.from({ length: width }, () => undefined)), true) : undefined;
    this.areByPlace = widest !== undefined && areOnlyRead(widest, this.tangentsOf(widest, width));
  }

  of(columns: readonly Column[]): FnRef {
    const seeds = columns.map(({ seed }) => seed);
    const key = seeds.join();
    let ref = this.made.get(key);
    if (ref === undefined) {
      const fn = this.areByPlace && seeds[0] === undefined ? this.placed(seeds) : this.make(seeds);
      this.made.set(key, (ref = { name: fn.name, fn: () => fn }));
    }
    return ref;
  }

  private placed(seeds: readonly (number | undefined)[]): Fn {
    const fn = optimise(this.make(seeds), true);
    return byPlace(fn, this.tangentsOf(fn, seeds.length), this.memory);
  }

  private tangentsOf(fn: Fn, width: number): readonly Var[] {
    return fn.params.slice(fn.params.length - width * this.memory.length);
  }
}

export function isMemory(type: Type): boolean {
  return isReference(type) && carriesReal(type);
}

/** What stands at places that are known now: the fields of an object, the elements of a tuple. */
export function membersOf(type: Type): readonly { readonly key: Key; readonly type: Type }[] | undefined {
  if (type.kind === "record") return type.fields.map((f) => ({ key: field(f.name), type: f.type }));
  if (type.kind !== "array" || type.length === undefined) return undefined;
  const { element, length } = type;
  return Array.from({ length }, (_, i) => ({ key: literal(i), type: element }));
}

/** for (let j = start; j < bound; j += step) { … } */
export function loop(b: Builder, start: Atom, bound: Atom, step: number, write: (j: Var, inner: Builder) => void): void {
  const j = variable("j", int, b.origin);
  const inner = new Builder(b.origin);
  write(j, inner);
  b.add({ kind: "loop", counter: { var: j, start, test: "<", bound, step }, carried: [], body: inner.block(region("columns"), [zero]) });
}

/** How many numbers a value of a type holds; infinitely many where that is not known. */
export function countOf(type: Type): number {
  if (type.nullable === true && carriesReal(type)) return Infinity;
  if (type.kind === "real") return 1;
  if (!isReference(type) || !carriesReal(type)) return 0;
  const members = membersOf(type);
  return members === undefined ? Infinity : members.reduce((n, member) => n + countOf(member.type), 0);
}
