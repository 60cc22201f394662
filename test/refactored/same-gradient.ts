import { describe, expect, it } from "vitest";
import { call, type Callable } from "../fixtures/compare.js";
import { runEmitted } from "../fixtures/emitted.js";
import { expectedFile, requestedBy, type Fixture } from "../fixtures/fixture.js";
import { count, refactored } from "../fixtures/refactored.js";
import { run } from "../fixtures/run.js";
import { keptTexts } from "../fixtures/texts.js";
import { difference, isClose, show } from "../fixtures/values.js";
import type { Claims } from "../fixtures/verify.js";

/** Each fixture has the gradient of its copies, which mean the same. */
export function haveSameGradients(list: readonly Fixture[]): void {
  describe.each(list.map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
    it("has the same gradient when it is written differently", () => {
      const original = run(keptTexts(fixture), expectedFile(fixture.file));
      const { at } = (original as unknown as Claims).check;
      const copies = refactored(fixture, requestedBy(fixture));
      expect(copies).toHaveLength(count);
      for (const { how, texts, entry } of copies) {
        const other = runEmitted(texts, entry);
        // Objects of classes are of those of the copy.
        const own = (other as unknown as Partial<Claims>).check?.at ?? at;
        for (const [i, args] of at.entries()) {
          const want = call(original.gradient as Callable, args, "the gradient");
          const got = call(other.gradient as Callable, own[i] ?? args, `the gradient with ${how}`);
          expect(difference(got, want, isClose), `with ${how} at ${show(args)}`).toBeUndefined();
        }
      }
    });
  });
}
