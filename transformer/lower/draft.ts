import type ts from "typescript";
import { literal } from "../ir/build.js";
import type { Atom } from "../ir/model.js";
import type { RecordType, Type } from "../ir/types.js";
import { filler } from "./branch.js";
import type { Lowering } from "./lowering.js";

/**
 * An object while its constructor runs. As long as its fields are only given values and read it is no object yet, so
 * that it is written in one piece:
 *
 *     new Vec(a, b)   becomes   { x: a, y: b }
 */
export class Draft {
  private readonly values = new Map<string, Atom>();
  private made: Atom | undefined;

  constructor(
    private readonly l: Lowering,
    readonly type: RecordType,
    private readonly declaration: ts.ClassLikeDeclaration,
    private readonly name: string,
  ) {}

  /** The object itself. What it has not been given yet is undefined, or 0 where TypeScript has seen to it that this is never read. */
  object(): Atom {
    if (this.made === undefined) {
      const elements = this.type.fields.map((f) => this.values.get(f.name) ?? this.absent(f.name, f.type));
      this.made = this.l.allocate(this.type, { kind: "elements", elements }, this.name);
      this.l.made.set(this.made, this.declaration);
      const functions = [...this.values].filter(([, v]) => this.l.closures.isKnown(v));
      if (functions.length > 0) this.l.closures.hold(this.made, { members: new Map(functions), accessors: new Map() });
    }
    return this.made;
  }

  private absent(name: string, type: Type): Atom {
    const { strict, strictPropertyInitialization } = this.l.context.program.getCompilerOptions();
    const isChecked = strictPropertyInitialization ?? strict ?? false;
    const field = this.declaration.members.find((m) => m.name?.getText() === name);
    const isAsserted = field !== undefined && this.l.ts.isPropertyDeclaration(field) && field.exclamationToken !== undefined;
    return isChecked && !isAsserted && type.kind !== "array" && type.kind !== "record" ? filler(type) : literal(undefined, { ...type, nullable: true });
  }

  /** A function that the object gets: its place in memory is not of interest. */
  hold(name: string, held: Atom): void {
    if (this.made === undefined) return void this.values.set(name, held);
    const known = this.l.closures.holderOf(this.made);
    this.l.closures.hold(this.made, { members: new Map([...(known?.members ?? []), [name, held]]), accessors: new Map() });
  }

  /** The value of a field that has one. */
  get(name: string): Atom | undefined {
    return this.made === undefined ? this.values.get(name) : undefined;
  }

  set(name: string, v: Atom): void {
    if (this.made === undefined) this.values.set(name, v);
    else this.l.add({ kind: "store", of: this.made, key: { kind: "field", name }, value: v });
  }
}
