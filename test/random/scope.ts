import type { Choices } from "./choices.js";
import type { Kind, Row } from "./rows.js";

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  /** Whether it may be assigned anew. */
  readonly isMutable: boolean;
}

/** A function or a method that may be called. */
export interface Helper {
  readonly name: string;
  readonly params: readonly { readonly kind: Kind; readonly isOptional: boolean }[];
  readonly result: Kind | "void";
  /** The kind of object that it is a method of. */
  readonly receiver?: Kind;
}

/** What a function may do where a statement stands. */
export interface Place {
  readonly result: Helper["result"];
  readonly helpers: readonly Helper[];
  /** Kinds that the program itself declares. */
  readonly classes: ReadonlyMap<Kind, Row>;
  readonly loops: number;
  /** Whether `break` and `continue` mean something here. */
  readonly canBreak: boolean;
  readonly canContinue: boolean;
  /** Whether the mode may be tested: within a `switch` over it TypeScript knows it too well. */
  readonly canTestMode: boolean;
  /** Labels of the statements around; of loops, which `continue` may name too, and of blocks. */
  readonly labels: readonly { readonly name: string; readonly isLoop: boolean }[];
}

export const outermost: Place = { result: "number", helpers: [], classes: new Map(), loops: 0, canBreak: false, canContinue: false, canTestMode: true, labels: [] };

/** Names that the compiler likes to use as well. */
const pool = ["x", "y", "a", "b", "dx", "t", "saved", "s", "da", "n", "x2", "t2", "db", "i", "saved2", "m", "dy", "value", "dm", "g"];

export class Scope {
  readonly #variables: Variable[] = [];
  readonly #helpers: Helper[] = [];
  readonly #outer: Scope | undefined;
  readonly place: Place;

  constructor(place: Place, outer?: Scope) {
    this.place = place;
    this.#outer = outer;
  }

  inner(changes: Partial<Place> = {}): Scope {
    return new Scope({ ...this.place, ...changes }, this);
  }
  /** The visible variables, those of the module last. */
  all(): Variable[] {
    if (this.#outer === undefined) return [...this.#variables];
    const [outer, isModule] = [this.#outer.all(), this.#outer.#outer === undefined];
    return isModule ? [...this.#variables, ...outer] : [...outer.slice(0, this.#outer.#count()), ...this.#variables, ...outer.slice(this.#outer.#count())];
  }
  /** How many variables of the function are visible. */
  #count(): number {
    return this.#outer === undefined ? 0 : this.#variables.length + this.#outer.#count();
  }
  of(...kinds: readonly Kind[]): Variable[] {
    return this.all().filter((v) => kinds.includes(v.kind));
  }
  mutable(...kinds: readonly Kind[]): Variable[] {
    return this.of(...kinds).filter((v) => v.isMutable);
  }
  /** The functions that may be called here, those of the module first. */
  helpers(): Helper[] {
    return [...this.place.helpers, ...this.#localHelpers()];
  }
  #localHelpers(): Helper[] {
    return this.#outer === undefined ? this.#helpers : [...this.#outer.#localHelpers(), ...this.#helpers];
  }
  /** A name that no visible variable has. */
  free(d: Choices): string {
    const taken = new Set([...this.all(), ...this.#localHelpers()].map((v) => v.name));
    const first = d.below(pool.length);
    for (let k = 0; k < pool.length; k++) {
      const name = pool[(first + k) % pool.length] as string;
      if (!taken.has(name)) return name;
    }
    return `v${taken.size}`;
  }
  /** A free name, which is a variable from here on. */
  declare(d: Choices, kind: Kind, isMutable = false): string {
    const name = this.free(d);
    this.add(name, kind, isMutable);
    return name;
  }
  add(name: string, kind: Kind, isMutable: boolean): void {
    this.#variables.push({ name, kind, isMutable });
  }
  addHelper(helper: Helper): void {
    this.#helpers.push(helper);
  }
}
