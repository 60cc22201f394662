import { isWhole } from "../../ir/atoms.js";
import { literal, region, zero } from "../../ir/build.js";
import type { Atom, Block, If, Let, Load, Opaque, Region, Statement, Var } from "../../ir/model.js";
import { isFlat, isReference } from "../../ir/types.js";
import { bound, freeIn, operands } from "../../ir/walk.js";
import { madeAnew } from "./anew.js";
import { lengthOfGrown } from "./grown.js";
import { fromOriginal } from "./original.js";
import { placeOf } from "./put.js";
import { sameBefore } from "./same.js";
import type { Scopes } from "./scopes.js";

/** Operations that cost no more than a save and its load. */
const cheap: ReadonlySet<string> = new Set([
  ..."+ - * / neg < <= > >= === !== ! | & ^ ~ << >> >>> ?: identity isUndefined toNumber subarray".split(" "),
  ..."abs floor ceil round trunc sign max min fround imul clz32".split(" ").map((f) => `Math.${f}`),
  ..."isNaN isFinite isInteger".split(" ").map((f) => `Number.${f}`),
]);
/** How many statements the sides of a branch that is taken again may have. */
const most = 8;

/** The ways in which the mirror can have values of the forward sweep without their being saved. */
export class Recipes {
  private readonly originals = new Map<Load, Load | undefined>();

  constructor(
    private readonly scopes: Scopes,
    /** The shadow of a reference, where it has one. */
    private readonly shadowOf: (v: Var) => Atom | undefined,
    /** Whether a value has to be brought back to that place in any case. */
    readonly isNeeded: (v: Var, use: Region) => boolean,
    /** Whether text runs, before the mirror does, that may assign variables. */
    private readonly runsText: () => boolean,
    /** Whether anything may write what a reference leads to before the mirror runs. */
    private readonly isWritten: (a: Atom) => boolean,
  ) {}

  /** The statements of which each gives a value again in a mirror, the plainest first. */
  of(v: Var, mirror: Region): Statement[] {
    const s = this.scopes.definition.get(v);
    if (s === undefined) return [];
    const own = s.kind === "if" ? this.branchInLoop(v, s, mirror) : this.canRedo(s, mirror) ? this.ofLength(s) : undefined;
    return [own, this.result(v, mirror), this.lengthOfShadow(s), this.stored(v, mirror), this.same(s, mirror), this.other(s, mirror)].filter((recipe) => recipe !== undefined);
  }

  private same(s: Statement, mirror: Region): Let | undefined {
    if (s.kind !== "load" || isReference(s.result.type)) return undefined;
    const before = sameBefore(s, this.scopes).find(({ value, isOuter }) => isOuter || this.isNeeded(value, mirror) || this.isMadeOfNeeded(value, mirror));
    if (before === undefined) return undefined;
    const how: Pick<Let, "op" | "args"> = before.plus === 0 ? { op: "identity", args: [before.value] } : { op: before.plus > 0 ? "+" : "-", args: [before.value, literal(Math.abs(before.plus))] };
    return { kind: "let", result: s.result, ...how, ...(s.origin && { origin: s.origin }) };
  }
  /** Whether a value is one operation on what has to be brought back in any case. */
  private isMadeOfNeeded(v: Var, mirror: Region): boolean {
    const s = this.scopes.definition.get(v);
    return s?.kind === "let" && this.canRedo(s, mirror) && s.args.every((a) => a.kind === "literal" || this.isNeeded(a, mirror));
  }

  private other(s: Statement, mirror: Region): Statement | undefined {
    if (s.kind === "allocate") return madeAnew(s, mirror, this.scopes);
    if (s.kind !== "load") return undefined;
    const at = this.scopes.position.get(s);
    const length = at === undefined ? undefined : lengthOfGrown(s, at, this.scopes);
    if (length !== undefined) return length;
    if (!this.originals.has(s)) this.originals.set(s, fromOriginal(s, mirror, this.isWritten, this.scopes));
    return this.originals.get(s);
  }

  private canRedo(s: Statement, mirror: Region): boolean {
    if (s.kind === "allocate") return this.scopes.isMirrorOnly(s.result, mirror);
    if (s.kind === "opaque") return isLengthOfText(s) || s.rereads === "always" || (s.rereads === "untilTextRuns" && !this.runsText());
    if (s.kind === "let") return cheap.has(s.op.split(":")[0] ?? s.op) || s.op === "?:" || isSmallRemainder(s) || isSmallPower(s);
    return s.kind === "load" && this.scopes.isStable(s, mirror);
  }

  // da = zeros like a   is   da = new Array(n).fill(0)   where a is made with n numbers
  private ofLength(s: Statement): Statement {
    if (s.kind !== "allocate" || s.initial.kind !== "zerosLike" || s.initial.source.kind !== "var" || !isFlat(s.result.type)) return s;
    const made = this.scopes.definition.get(s.initial.source);
    return made?.kind === "allocate" && made.initial.kind === "fill" ? { ...s, initial: { ...made.initial, value: zero } } : s;
  }

  /** Out of a branch alone a value comes as its result, and needs no array. */
  private branchInLoop(v: Var, s: If, mirror: Region): If | undefined {
    const home = this.scopes.regionOf.get(v);
    return home && this.isInLoop(home, mirror) ? this.branch(v, s, mirror) : undefined;
  }
  private isInLoop(home: Region, mirror: Region): boolean {
    return this.scopes.chain(home, mirror).some(({ statement }) => statement.kind === "loop");
  }
  // test = i === 0 || j === 0   once more: of what one result of a branch is made, where that is little
  private branch(v: Var, s: If, mirror: Region, size = { left: most }): If | undefined {
    const at = s.results.indexOf(v);
    const side = (block: Block): Block | undefined => this.part(block, block.yields[at], mirror, size);
    const never: Block = { region: region("never"), statements: [], yields: [literal(undefined, v.type)] };
    // The mirror is not reached by a side that throws.
    const [then, otherwise] = [s.then, s.else].map((block) => (throws(block) ? never : side(block)));
    if (then === undefined || otherwise === undefined) return undefined;
    const test = then === never || otherwise === never ? literal(otherwise === never) : s.test;
    return { ...s, test, then, else: otherwise, results: [v] };
  }
  /** What of a block makes one value, where that is little. */
  private part({ statements }: Block, value: Atom | undefined, mirror: Region, size: { left: number }): Block | undefined {
    const kept = new Map<Statement, Statement>();
    const keep = (a: Atom): boolean => {
      const made = a.kind === "var" ? statements.find((t) => bound(t).includes(a)) : undefined;
      if (a.kind === "literal" || made === undefined) return true;
      const known = kept.get(made);
      if (known !== undefined) return bound(known).includes(a);
      const again = made.kind === "if" ? this.branch(a, made, mirror, size) : this.canRedo(made, mirror) ? made : this.same(made, mirror);
      if (again === undefined || size.left-- === 0) return false;
      kept.set(made, again);
      return usedBy(again).every(keep);
    };
    if (value === undefined || !keep(value)) return undefined;
    return { region: region("again"), statements: statements.flatMap((t) => kept.get(t) ?? []), yields: [value] };
  }

  // if (c) { …; row = made; } else …   In the mirror of that side `made` is `row`, where that is brought back.
  private result(v: Var, mirror: Region): Let | undefined {
    const home = this.scopes.regionOf.get(v);
    const known = home && this.resultOf(v, home, mirror);
    return known && { kind: "let", result: v, op: "identity", args: [known], ...(v.origin && { origin: v.origin }) };
  }
  private resultOf(v: Var, home: Region, mirror: Region): Var | undefined {
    const owner = this.scopes.owner.get(home);
    if (owner?.statement.kind !== "if") return undefined;
    const { then, else: otherwise, results } = owner.statement;
    const { yields } = then.region === home ? then : otherwise;
    const isSaved = this.isInLoop(home, mirror);
    return results.find((result, i) => yields[i] === v && (!isSaved || this.isNeeded(result, mirror) || this.stored(result, mirror) || this.resultOf(result, owner.region, mirror) !== undefined));
  }

  /** A value that stands in memory, where nothing else is written. */
  private stored(v: Var, mirror: Region): Load | undefined {
    const home = this.scopes.regionOf.get(v);
    for (const s of (home && this.scopes.blocks.get(home)?.statements) ?? []) {
      const place = placeOf(v, s, this.scopes);
      const load: Load | undefined = place && { kind: "load", result: v, ...place, ...(v.origin && { origin: v.origin }) };
      if (load && this.scopes.isStable(load, mirror, s)) return load;
    }
    return undefined;
  }

  // n = row.length   is   drow.length   where neither ever becomes longer or shorter
  private lengthOfShadow(s: Statement): Load | undefined {
    if (s.kind !== "load" || s.key.kind !== "field" || s.key.name !== "length" || s.of.kind !== "var" || !isReference(s.of.type)) return undefined;
    const shadow = this.shadowOf(s.of);
    if (shadow?.kind !== "var" || s.of.type.kind === "record" || s.of.type.nullable === true || shadow.type.nullable === true) return undefined;
    const again: Load = { ...s, of: shadow };
    return this.scopes.isFixed(s) && this.scopes.isFixed(again) ? again : undefined;
  }
}

function throws({ statements }: Block): boolean {
  return statements.some((s) => s.kind === "effect" && s.throws === true);
}

/** The names that a statement uses, and those of the blocks within that they do not bind. */
export function usedBy(s: Statement): readonly Atom[] {
  return s.kind === "if" ? freeIn({ region: region("alone"), statements: [s], yields: [] }) : operands(s);
}

/** name.length: a text never changes. */
function isLengthOfText({ text, args: [of] }: Opaque): boolean {
  return text.length === 2 && text[0] === "" && text[1] === ".length" && of?.type.kind === "opaque" && of.type.text === "string" && of.type.nullable !== true;
}

/** i % 3: the remainder of small integers is fast, that of doubles slow. */
function isSmallRemainder({ op, args, result }: Let): boolean {
  const [, divisor] = args;
  return op === "%" && result.type.kind === "int" && (divisor?.kind !== "literal" || Number(divisor.value) < 2 ** 16);
}

/** x ** 2: what a few products make. */
function isSmallPower({ op, args: [, exponent] }: Let): boolean {
  return /^(\*\*|Math\.pow)$/.test(op) && isWhole(exponent) && Number(exponent.value) >= 0 && Number(exponent.value) <= 4;
}
