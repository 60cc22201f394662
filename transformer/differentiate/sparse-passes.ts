import { Builder, literal, region, zero } from "../ir/build.js";
import type { Atom, Fn, Var } from "../ir/model.js";
import type { Type } from "../ir/types.js";
import { isMemory } from "./columns.js";
import { eachNumber, plus } from "./each-number.js";
import { ForwardPass, tangentOfResult } from "./forward-pass.js";
import { privateCopies } from "./gradient.js";
import { depthOf } from "./places.js";
import { shadowType } from "./shadow-type.js";
import type { TangentKind } from "./tangent.js";

/** Memory for what goes along with each parameter asked for; a number has a place of its own. */
interface Along {
  /** What the passes are given, for each direction and parameter that holds numbers. */
  readonly tangents: readonly (readonly Atom[])[];
  /** How many numbers there are. */
  readonly count: Atom;
}

// for (let j = 0; j < n; j++) dx[j] = …
/** Goes through the columns, and gives each a tangent in every direction. */
export function seeded(memory: readonly (readonly (Var | undefined)[])[], inputs: readonly Var[], b: Builder, seedOf: (j: Atom, l: number, b: Builder) => Atom): Along {
  const tangents = memory.map((): Atom[] => []);
  let count: Atom = zero;
  inputs.forEach((p, k) => {
    if (p.type.kind === "real") {
      const at = count;
      tangents.forEach((of, l) => of.push(seedOf(at, l, b)));
      count = plus(count, literal(1), b);
    } else if (isMemory(p.type)) {
      const of = memory.map((lane) => lane[k] as Var);
      of.forEach((t, l) => tangents[l]?.push(t));
      count = eachNumber([p, ...of], p.type, count, b, (inner, [, ...holders], key, j) => {
        holders.forEach((holder, l) => { inner.store(holder, key, seedOf(j, l, inner)); });
      });
    }
  });
  return { tangents, count };
}

/** Tangent memory of the parameters asked for, all zero, for each direction. */
export function tangentMemory(inputs: readonly Var[], width: number, b: Builder): (Var | undefined)[][] {
  return Array.from({ length: width }, () =>
    inputs.map((p) => (isMemory(p.type) ? b.allocate(shadowType(p.type), { kind: "zerosLike", source: p }, `d${p.name}`) : undefined)),
  );
}

// fTangents(x, dx, dx2) { …; return [dy, dy2]; }
/** How the result changes along tangents that are given, of numbers too. */
export function passes(fn: Fn, wrt: readonly number[], name: string, width: number, kindOf?: () => TangentKind): Fn {
  const entry = new Builder(fn.origin);
  const own = privateCopies(fn, entry);
  const inputs = wrt.map((i) => own.params[i] as Var);
  const pass = new ForwardPass(own, inputs, own.body.yields, { width, seeded: true, ...(kindOf && { kindOf }) });
  const tangents = pass.directions.flatMap((d) =>
    inputs.flatMap((p, k): Var[] => {
      if (p.type.kind === "real") {
        const tangent = d.variable(p);
        d.set(p, { atom: tangent, absent: true });
        return [tangent];
      }
      if (!isMemory(p.type)) return [];
      const tangent = d.newShadow(p);
      // What the function writes to is a copy, and so is its tangent.
      d.shadows.set(p, p === fn.params[wrt[k] ?? 0] ? tangent : entry.copy(tangent, depthOf(p.type), tangent.name));
      return [tangent];
    }),
  );
  const statements = pass.run();
  const exit = new Builder(fn.origin);
  const changes = pass.directions.map((d) => tangentOfResult(own.body.yields[0] ?? zero, d, exit));
  return pass.named({
    ...fn,
    name,
    params: [...fn.params, ...tangents, ...pass.kind.context],
    body: { region: region(name), statements: [...entry.statements, ...statements, ...exit.statements], yields: changes },
    results: changes.map((a): Type => a.type),
  });
}
