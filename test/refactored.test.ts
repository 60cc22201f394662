import { describe, expect, it } from "vitest";
import { call, type Callable } from "./fixtures/compare.js";
import { runEmitted } from "./fixtures/emitted.js";
import { fixtures, requestedBy } from "./fixtures/fixture.js";
import { refactored } from "./fixtures/refactored.js";
import { difference, isClose, show } from "./fixtures/values.js";
import type { Claims } from "./fixtures/verify.js";

describe.each(fixtures().map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  it("has the same gradient when it is written differently", () => {
    const original = runEmitted(fixture.texts, fixture.file);
    const { at } = (original as unknown as Claims).check;
    for (const { how, texts, entry } of refactored(fixture, requestedBy(fixture))) {
      const other = runEmitted(texts, entry);
      for (const args of at) {
        const want = call(original.gradient as Callable, args, "the gradient");
        const got = call(other.gradient as Callable, args, `the gradient with ${how}`);
        expect(difference(got, want, isClose), `with ${how} at ${show(args)}`).toBeUndefined();
      }
    }
  });
});
