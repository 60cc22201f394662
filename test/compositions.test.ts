import { describe, expect, it } from "vitest";
import type { SparseJacobian } from "../src/index.js";
import { call, type Callable } from "./fixtures/compare.js";
import { runEmitted } from "./fixtures/emitted.js";
import { fixtures, requestedBy, type Fixture, type Requested } from "./fixtures/fixture.js";
import { directionOf, numbers } from "./fixtures/forward.js";
import { expectDense } from "./fixtures/sparse.js";
import { at, numbersIn, show } from "./fixtures/values.js";
import type { Claims } from "./fixtures/verify.js";

/** How far two ways to a second derivative may differ, as a part of the sizes that they have there. */
const tolerance = 1e-10;

/** Parts that may be missing, of unions too: they have no rows. */
const withoutRows: ReadonlySet<string> = new Set(["arrays/missing-rows", "branches/null-numbers", "branches/null-of-undefined", "closures/visited", "objects/intersection", "calls/spread-over-parameters", "classes/of-a-hierarchy", "classes/of-a-union", "classes/optional-calls", "classes/replaced-by-another", "classes/replaced-in-list", "modules/classes-elsewhere", "objects/missing-members-stored", "objects/parts-of-parts-replaced", "objects/optional", "objects/optional-calls", "objects/optional-written", "objects/optional-parts", "objects/optional-in-optional", "objects/optional-number", "objects/union", "objects/union-elements", "objects/union-in", "objects/union-in-else", "objects/union-in-text", "objects/union-of-few-numbers", "objects/union-parts", "objects/written-out-options", ...fixtures("recursive").map(({ name }) => name).filter((name) => name !== "recursive/made" && name !== "recursive/nodes-of-a-class")]);

/**
 * A constant of the function that its tangent is called with in one tuple with what varies, objects of interfaces with
 * methods in such a tuple, and functions that return arrays or objects by a rule of their own without a tangent, which
 * forward mode refuses.
 */
const excepted: ReadonlySet<string> = new Set(["classes/beside-literals", "classes/constants-written", "classes/of-an-interface", "classes/replaced-in-list", "classes/without-numbers", "loops/visited", "rules/custom-arrays", "rules/custom-records", "rules/implicit-system", "rules/implicit-minimum", "rules/members-left-out", "rules/records-in-loops"]);

/** Text without a derivative that writes to arrays or notes what was seen: it may not be run again for a sparse Jacobian. */
const withoutSparse: ReadonlySet<string> = new Set(["arrays/ordered-by-text", "arrays/shortened-in-loop", "arrays/sorted-indices", "calls/constants-of-all-kinds", "calls/read-beside-written", "calls/variable-assigned-in-turns", "closures/recursive-search", "closures/recursive-writes", "loops/lengthened-within"]);

const smooth = fixtures().filter(({ name, file, texts }) => !excepted.has(name) && texts.get(file)?.includes("order: 2"));

// Forward over reverse against reverse over forward.
describe.each(smooth.map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  it("has one second derivative, whichever mode comes first", () => {
    const requested = requestedBy(fixture);
    const harness = runEmitted(composed(fixture, requested), fixture.file);
    const { check } = harness as unknown as Claims;
    for (const args of check.at) {
      const gradient = call(harness.gradient as Callable, args, "the gradient");
      const direction = directionOf(gradient, numbers(5));
      const directions = requested.tuple ? (direction as unknown[]) : [direction];
      const product = call(harness.harnessProduct as Callable, [...args, direction], "hvp");
      const other = call(harness.harnessOther as Callable, [...args, ...directions], "grad of jvp");
      const where = `at ${show(args)} along ${show(direction)}`;
      const rows = withoutRows.has(fixture.name) ? undefined : call(harness.harnessRows as Callable, args, "hessian");
      for (const { path, value } of numbersIn(product)) {
        expectClose(at(other, path), value, 0, `grad of jvp ${where}, ${path.join(".")}`);
        if (rows === undefined) continue;
        const parts = [...numbersIn(direction)].map((d) => d.value * (at(rows, [...path, ...d.path]) as number));
        const size = parts.reduce((sum, part) => sum + Math.abs(part), 0);
        expectClose(parts.reduce((sum, part) => sum + part, 0), value, size, `hessian ${where}, ${path.join(".")}`);
      }
      if (rows === undefined || !isSparse(fixture, requested)) continue;
      const sparse = call(harness.harnessSparse as Callable, args, "sparse jacobian of grad") as SparseJacobian;
      expectDense(sparse, [...numbersIn(rows)].map(({ value }) => value), tolerance, `sparse jacobian of grad ${where}`);
    }
  });
});

function expectClose(got: unknown, want: number, size: number, where: string): void {
  if (!Number.isFinite(want)) return;
  expect(Math.abs((got as number) - want), `${where}: ${show(got)} and ${show(want)}`).toBeLessThanOrEqual(tolerance * Math.max(1, size, Math.abs(want)));
}

/** A gradient that is one number has no rows. */
function isSparse({ name }: Fixture, { params, wrt, tuple }: Requested): boolean {
  return !withoutRows.has(name) && !withoutSparse.has(name) && (tuple || params[wrt[0] ?? 0]?.shape !== "number");
}

function composed(fixture: Fixture, requested: Requested): ReadonlyMap<string, string> {
  const { subject, options, params, wrt, tuple } = requested;
  const sparse = options === "" ? ", { sparse: true }" : options.replace(/\}$/, ", sparse: true }");
  const header = [...params.map(({ type }, i) => `p${i}: ${type}`), ...wrt.map((i) => `v${i}: NonNullable<${params[i]?.type ?? "never"}>`)].join(", ");
  const args = params.map((_, i) => `p${i}`).join(", ");
  const tangents = wrt.map((i) => `v${i}`).join(", ");
  const given = options === "" || tuple ? `[${tangents}]` : tangents;
  const lines = [
    `import { grad as harnessGrad, hessian as harnessHessian, hvp as harnessHvp, jvp as harnessForward, jacobian as harnessJacobian } from "tsgrad";`,
    `export const harnessProduct = harnessHvp(${subject}${options});`,
    ...(withoutRows.has(fixture.name) ? [] : [`export const harnessRows = harnessHessian(${subject}${options});`]),
    ...(isSparse(fixture, requested) ? [`export const harnessSparse = harnessJacobian(harnessGrad(${subject}${options})${sparse});`] : []),
    `export const harnessOther = harnessGrad((${header}): number => harnessForward(${subject}${options})([${args}], ${given})[1], { wrt: ${tuple ? `[${wrt.join(", ")}]` : wrt[0]} });`,
  ];
  return new Map(fixture.texts).set(fixture.file, `${fixture.texts.get(fixture.file) ?? ""}\n${lines.join("\n")}\n`);
}
