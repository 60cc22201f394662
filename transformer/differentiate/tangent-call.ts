import { literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Call, Fn, FnRef, Statement, Var } from "../ir/model.js";
import { isReference, real } from "../ir/types.js";
import type { Activity } from "./activity.js";
import { Direction } from "./direction.js";
import { namingFor } from "./naming.js";
import { named } from "./save.js";
import { tangentBlock, type Forward, type TangentKind } from "./tangent.js";

/**
 * The functions that stand in place of calls: `hTangent` takes the tangents of `h`'s arguments too, and gives those of
 * its results, for every direction in turn.
 */
export class TangentFunctions {
  private readonly made = new Map<Fn, FnRef>();

  constructor(
    private readonly activity: Activity,
    private readonly isGiven: Direction["isGiven"],
    /** How many directions there are. */
    private readonly width: number,
    /** What tangents are, for each function anew. */
    private readonly kindOf: () => TangentKind,
  ) {}

  of(callee: FnRef): FnRef {
    const fn = callee.fn();
    const known = this.made.get(fn);
    if (known !== undefined) return known;
    let built: Fn | undefined;
    const name = callee.name + this.kindOf().suffix;
    const ref: FnRef = { name, fn: () => (built ??= this.build(fn, name)) };
    this.made.set(fn, ref);
    return ref;
  }

  private build(fn: Fn, name: string): Fn {
    const naming = namingFor(fn, "t");
    const directions = Array.from({ length: this.width }, () => new Direction(this.activity, naming, this.isGiven));
    const kind = this.kindOf();
    const f: Forward = { directions, made: new Map(), functionOf: (callee) => this.of(callee), kind };
    const given = directions.flatMap((d) =>
      fn.params.filter((p) => d.isActive(p)).map((p): Var => {
        if (isReference(p.type)) return d.bindShadow(p);
        const tangent = d.variable(p);
        d.set(p, { atom: tangent, absent: true });
        return tangent;
      }),
    );
    const { statements } = tangentBlock(fn.body, f);
    const more = directions.flatMap((d) => fn.body.yields.flatMap((y) => (d.isActive(y) ? [tangentOrZero(y, d)] : [])));
    const entry = directions.flatMap((d) => d.entry);
    const yields = [...fn.body.yields, ...more];
    return named(
      {
        ...fn,
        name,
        params: [...fn.params, ...given, ...kind.context],
        body: { region: region(name), statements: [...entry, ...statements], yields },
        results: [...fn.results, ...more.map((a) => (a.type.kind === "int" ? real : a.type))],
      },
      naming,
    );
  }
}

function tangentOrZero(y: Atom, d: Direction): Atom {
  if (isReference(y.type)) return d.shadowOf(y);
  return d.tangentOf(y)?.atom ?? { ...literal(0), type: real };
}

// r = h(x, a)   becomes   [r, dr] = hTangent(x, a, dx, da)
export function tangentCall(s: Call, f: Forward): Statement[] {
  if (s.callee.custom !== undefined) return f.kind.custom(s, s.callee.custom, f);
  const { directions } = f;
  const fn = s.callee.fn();
  const isActive = directions.some((d) => [...fn.params, ...fn.body.yields].some((a) => d.isActive(a)));
  if (!isActive) return [s];
  const args = directions.flatMap((d) =>
    fn.params.flatMap((p, i): Atom[] => {
      const arg = s.args[i] ?? zero;
      if (!d.isActive(p)) return [];
      return [isReference(p.type) ? d.shadowOf(arg) : (d.tangentOf(arg)?.atom ?? { ...zero, type: real })];
    }),
  );
  const results = directions.flatMap((d) =>
    fn.body.yields.flatMap((y, i): Var[] => {
      const result = s.results[i];
      if (result === undefined || !d.isActive(y)) return [];
      if (isReference(y.type)) return [d.bindShadow(result)];
      const tangent = variable(d.naming.adjoint(result), real, result.origin);
      d.set(result, { atom: tangent, absent: true });
      return [tangent];
    }),
  );
  return [{ ...s, callee: f.functionOf(s.callee), args: [...s.args, ...args, ...f.kind.context], results: [...s.results, ...results] }];
}
