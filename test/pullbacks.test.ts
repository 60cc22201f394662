import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { call, expectDerivative, expectSame, type Args, type Callable } from "./fixtures/compare.js";
import { runEmitted } from "./fixtures/emitted.js";
import { fixtures, requestedBy, type Fixture, type Requested } from "./fixtures/fixture.js";
import { keepTexts } from "./fixtures/texts.js";
import { at, clone, numbersIn, show, withNumber } from "./fixtures/values.js";

describe.each(fixtures("pullbacks").map((fixture) => [posix.basename(fixture.name), fixture] as const))("%s", (_, fixture) => {
  it("has right pullbacks, written as kept", () => {
    const requested = requestedBy(fixture);
    const harness = runEmitted(extended(fixture, requested), fixture.file) as unknown as Harness;
    for (const args of harness.check.at) verify(harness, requested, args);
    keepTexts(fixture);
  });
});

type Vjp = (...args: unknown[]) => [unknown, (cotangent: unknown) => unknown];
interface Harness {
  readonly check: { readonly at: readonly Args[]; readonly isDrawn?: boolean };
  readonly pullback: Vjp;
  readonly harnessPrimal: Callable;
  readonly [name: `harnessWrt${number}`]: Vjp;
}

/** A copy that also gives the function itself, and the pullback by each parameter. */
function extended(fixture: Fixture, { subject, wrt }: Requested): ReadonlyMap<string, string> {
  const lines = [
    `import { vjp as harnessVjp } from "tsgrad";`,
    `export const harnessPrimal = ${subject};`,
    ...wrt.map((i) => `export const harnessWrt${i} = harnessVjp(${subject}, { wrt: ${i} });`),
  ];
  return new Map(fixture.texts).set(fixture.file, `${fixture.texts.get(fixture.file) ?? ""}\n${lines.join("\n")}\n`);
}

/** Compares with differences of ⟨g, f⟩ for several g, each called again after all that could be changed has been. */
function verify(harness: Harness, { wrt, tuple }: Requested, args: Args): void {
  const { pullback, harnessPrimal: primal } = harness;
  const given = clone(args) as unknown[];
  const [value, pull] = pullback(...given);
  expectSame(given, args, `arguments after vjp at ${show(args)}`);
  const own = clone(value);
  if (harness.check.isDrawn !== true) expectSame(value, primal(...(clone(args) as unknown[])), `value at ${show(args)}`);
  const seen: unknown[] = [];
  for (let k = 0; k < 3; k++) {
    const cotangent = cotangentFor(value, k);
    const kept = clone(cotangent);
    const got = pull(cotangent);
    expectSame(cotangent, kept, "the cotangent after a pullback");
    seen.push(clone(got));
    const places = new Map(wrt.map((parameter, i) => [parameter, tuple ? (got as unknown[])[i] : got]));
    const along: Callable = (...moved) => (harness.check.isDrawn === true ? drawn(harness, cotangent, moved) : product(cotangent, primal(...moved)));
    expectDerivative(along, args, places);
    for (const i of wrt) {
      const projection = call((...rest) => harness[`harnessWrt${i}`]?.(...rest)[1](cotangent), args, `wrt ${i}`);
      if (harness.check.isDrawn !== true) expectSame(projection, places.get(i), `wrt ${i} at ${show(args)}`);
    }
    spoil(got);
  }
  // Later, in another order, after everything that was given or got has been written to.
  given.forEach(spoil);
  spoil(value);
  for (const k of [2, 0, 1]) expectSame(pull(cotangentFor(own, k)), seen[k], `a later call with cotangent ${k} at ${show(args)}`);
}

/** What is drawn is drawn anew at each call: programs with `isDrawn` give in `along` what they draw. */
function drawn(harness: Harness, cotangent: unknown, args: Args): number {
  const along = (harness as unknown as { along?: Callable }).along;
  if (along === undefined) throw new Error("a fixture that draws exports the function with what was drawn, 'along'");
  return product(cotangent, along(...args));
}

/** Numbers other than 0 in all places, then in every other one, then in the last. */
function cotangentFor(value: unknown, k: number): unknown {
  const paths = [...numbersIn(value)].map(({ path }) => path);
  let cotangent = value instanceof Float32Array ? Float64Array.from(value) : clone(value);
  paths.forEach((path, i) => {
    const weight = k === 0 ? 0.7 - 0.4 * i : k === 1 ? (i % 2 === 0 ? 1.3 : 0) : i === paths.length - 1 ? 1 : 0;
    cotangent = path.length === 0 ? weight : withNumber(cotangent, path, weight);
  });
  return cotangent;
}

function product(g: unknown, value: unknown): number {
  return [...numbersIn(value)].reduce((sum, { path, value: number }) => sum + Number(at(g, path)) * number, 0);
}

/** Writes other numbers into whatever can be written to. */
function spoil(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    if (typeof members[key] === "number") members[key] = 1e3;
    else spoil(members[key]);
  }
  expect(value).toBeDefined();
}
