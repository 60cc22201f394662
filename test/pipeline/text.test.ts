import { expect, test } from "vitest";
import { transformText } from "../../transformer/text.js";
import { applyEdits } from "../../transformer/text/edits.js";
import { indented } from "../../transformer/text/shape.js";
import { compileMain } from "./stubs.js";

test("edits are applied in the order of the text, at one place in their own", () => {
  const edit = (start: number, end: number, text: string) => ({ start, end, emitted: { text, spans: [] } });
  const { text, kept } = applyEdits("f.ts", "abcdef", [edit(4, 5, "E"), edit(0, 1, ""), edit(3, 3, "1"), edit(3, 3, "2")]);
  expect(text).toBe("bc12dEf");
  for (const { start, end, pos, length } of kept) expect(text.slice(start, end)).toBe("abcdef".slice(pos, pos + length));
});

test("edits that overlap are a fault", () => {
  const edit = (start: number, end: number) => ({ start, end, emitted: { text: "", spans: [] } });
  expect(() => applyEdits("f.ts", "abcdef", [edit(0, 4), edit(2, 3)])).toThrow("overlap");
});

test("spans move with the lines", () => {
  const text = "ab\n\ncd\n";
  const span = (start: number, end: number) => ({ start, end, file: "f.ts", pos: 0, length: 1 });
  const moved = indented({ text, spans: [span(0, 2), span(4, 6), span(0, 7)] }, "  ");
  expect(moved.text).toBe("  ab\n\n  cd\n");
  expect(moved.spans.map(({ start, end }) => moved.text.slice(start, end))).toEqual(["ab", "cd", "ab\n\n  cd\n"]);
});

test("every span of a transformed file holds what was emitted for its place", () => {
  const { compilation, file, ts } = compileMain(
    `export function outer() {\n  const f = (x: number) => x;\n  return grad(f)(1) + grad((x: number) => x)(2);\n}`,
  );
  const main = file("main.ts");
  const change = compilation.changes.get(main);
  if (change === undefined) throw new Error("nothing was changed");
  const { text, spans, kept } = transformText(ts, change);
  const pairs = spans.map(({ start, end, pos, length }) => [text.slice(start, end), main.text.slice(pos, pos + length)]);
  expect(pairs).toEqual([
    ["fGrad", "grad(f)"],
    ["(x: number): any => 1", "(x: number) => x"],
    ["function fGrad(x: number): any {\n    return 1;\n  }", "(x: number) => x"],
  ]);
  for (const { start, end, pos, length } of kept) expect(text.slice(start, end)).toBe(main.text.slice(pos, pos + length));
});

test("an import goes where the last one stands", () => {
  const one = compileMain(`export const g = grad((x: number) => x);`).text("main.ts");
  expect(one).toBe("export const g = (x: number): any => 1;\n");
});
