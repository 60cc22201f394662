import ts from "typescript";
import { expect, it } from "vitest";
import { fixtures } from "./fixtures/fixture.js";
import { language, math, methods, type Example } from "./language/items.js";
import { makeProgram } from "./program.js";

/** All programs of which a gradient is compared with differences. */
const all = fixtures();
const { program, file } = makeProgram(Object.fromEntries(all.flatMap(({ texts }) => [...texts])));
const checker = program.getTypeChecker();

/** A fixture that holds an example, of those of which second derivatives are compared too. */
function exampleOf(example: Example): string | undefined {
  const found = all.find(({ texts }) => [...texts.values()].some((text) => text.includes("order: 2")) && [...texts.keys()].some((name) => holds(file(name), example)));
  return found?.name;
}

function holds(node: ts.Node, example: Example): boolean {
  return example(node, checker) || (ts.forEachChild(node, (child) => holds(child, example) || undefined) ?? false);
}

it.each(Object.entries({ ...language, ...methods, ...math }))("%s stands in a fixture", (_, example) => {
  expect(exampleOf(example)).toBeDefined();
});
