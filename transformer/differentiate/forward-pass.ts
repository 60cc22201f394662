import type { Builder} from "../ir/build.js";
import { zero } from "../ir/build.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, Statement, Var } from "../ir/model.js";
import { isReference, real } from "../ir/types.js";
import { Activity } from "./activity.js";
import { Direction } from "./direction.js";
import { givenIn } from "./given.js";
import { namingFor } from "./naming.js";
import { named } from "./save.js";
import { shadowType } from "./shadow-type.js";
import { tangentBlock, type TangentKind } from "./tangent.js";
import { TangentFunctions } from "./tangent-call.js";
import { numbersFor } from "./tangent-numbers.js";

/** One pass over a function that carries tangents beside its values, in one direction or in several at once. */
export class ForwardPass {
  readonly directions: readonly Direction[];
  private readonly callees: TangentFunctions;

  /** What tangents are in the function itself. */
  readonly kind: TangentKind;

  /** `seeded`: the tangents given are made here, with 0 wherever nothing changes. */
  constructor(
    private readonly fn: Fn,
    inputs: readonly Var[],
    outputs: readonly Atom[],
    { width = 1, seeded = false, kindOf = () => numbersFor(width) }: { readonly width?: number; readonly seeded?: boolean; readonly kindOf?: () => TangentKind } = {},
  ) {
    const functions = reachable(fn);
    const memory = new Memory(functions);
    const activity = new Activity(functions, memory, inputs, outputs);
    const isGiven = seeded ? (): boolean => false : givenIn(functions, inputs, memory);
    const naming = namingFor(fn, "t");
    this.directions = Array.from({ length: width }, () => new Direction(activity, naming, isGiven));
    this.callees = new TangentFunctions(activity, isGiven, width, kindOf);
    this.kind = kindOf();
  }

  /** The statements of the function, with those on tangents beside them. */
  run(): readonly Statement[] {
    const { directions } = this;
    const { statements } = tangentBlock(this.fn.body, { directions, made: new Map(), functionOf: (callee) => this.callees.of(callee), kind: this.kind });
    return [...directions.flatMap((d) => d.entry), ...statements];
  }

  /** Gives tangents the names that were wished for them. */
  named(made: Fn): Fn {
    return this.directions.reduce((fn, d) => named(fn, d.naming), made);
  }
}

/** The tangent of a result, all zero where it does not change. */
export function tangentOfResult(value: Atom, d: Direction, b: Builder): Atom {
  if (!isReference(value.type)) return d.tangentOf(value)?.atom ?? { ...zero, type: real };
  if (d.isActive(value)) return d.shadowOf(value);
  return b.allocate(shadowType(value.type), { kind: "zerosLike", source: value });
}
