import ts from "typescript";
import { describe, expect, it } from "vitest";
import { attemptsFor } from "../../../transformer/hosts/cli/check/attempts.js";
import { parametersOf } from "../../../transformer/hosts/cli/check/parameters.js";
import { NoRecipe } from "../../../transformer/hosts/cli/check/recipe.js";
import { sampleArguments, show } from "../../../transformer/hosts/cli/check/sample.js";
import { randomNumbers } from "../../../src/check/random.js";
import { makeProgram } from "../../program.js";

/** Arguments made up for a function with these parameters, as a program would write them; or why there are none. */
function argumentsFor(parameters: string, declarations = ""): string {
  const { program, file } = makeProgram({
    "main.ts": `${declarations}\nexport const f = ${parameters} => 0;\n`,
  });
  const statement = file("main.ts").statements.find((s) => ts.isVariableStatement(s));
  const f = statement?.declarationList.declarations[0]?.name;
  if (f === undefined || !ts.isIdentifier(f)) throw new Error("no f");
  const recipes = parametersOf(ts, program.getTypeChecker(), f);
  if (recipes instanceof NoRecipe) return recipes.why;
  const [first] = attemptsFor(recipes);
  if (first === undefined) throw new Error("no attempts");
  return show(sampleArguments(recipes, first, 1, randomNumbers(1))).replace(/-?\d+\.\d+/g, "#");
}

describe("arguments are made up from types", () => {
  it.each([
    ["numbers", "(x: number, y: number | undefined, z?: number)", "#, #, #"],
    ["brands and enums", "(x: number & { readonly unit: 'm' }, e: E)", "#, 2"],
    ["arrays of one length", "(x: number[], y: readonly number[])", "[#, #, #], [#, #, #]"],
    ["square matrices", "(m: number[][])", "[[#, #, #], [#, #, #], [#, #, #]]"],
    ["tuples", "(p: [number, number], q: readonly [x: number, ...rest: number[]])", "[#, #], [#, #, #]"],
    ["typed arrays", "(x: Float64Array, y: Float32Array)", "new Float64Array([#, #, #]), new Float32Array([#, #, #])"],
    ["typed arrays of integers", "(i: Int32Array)", /^new Int32Array\(\[[0-2], [0-2], [0-2]\]\)$/],
    ["booleans and literals", "(on: boolean, m: 'a' | 'b', n: 1 | 2)", `true, "a", 1`],
    ["objects", "(p: { x: number; y?: number; log?: () => void; readonly tag: 't' })", `{ x: #, y: #, tag: "t" }`],
    ["records", "(p: Record<string, number>)", "{ a: #, b: # }"],
    ["types that contain themselves", "(t: Tree)", /^\{ value: #, children: \[\{ value: #, children: \[\] \}, .*\}$/],
    ["type parameters", "<T extends number>(x: T, y: T[])", "#, [#, #, #]"],
    ["rest parameters", "(...xs: number[])", "#, #, #"],
    ["the parameters of a derivative", "(...args: [x: number, y: number[]])", "#, [#, #, #]"],
    ["a union of shapes", "(x: string | number | number[])", "[#, #, #]"],
    ["defaults that cannot be made up", "(x: number, s = 'abc', d?: Date)", "#, undefined, undefined"],
  ])("%s", (_name, parameters, expected) => {
    const got = argumentsFor(parameters, "enum E { A = 1, B }\ninterface Tree { value: number; children: Tree[] }");
    if (typeof expected === "string") expect(got).toBe(expected);
    else expect(got).toMatch(expected);
  });

  it.each([
    ["(x: number, s: string)", "its parameter 's' is of type string, and no such values are made up"],
    ["(f: (x: number) => number)", "its parameter 'f' is a function, and no such values are made up"],
    ["(m: Map<string, number>)", "its parameter 'm' has 'clear', which is a function, and no such values are made up"],
    ["(a: A)", "its parameter 'a' is of the class A, and no such values are made up"],
    ["(n: Node)", "its parameter 'n' has 'next', which has 'next', which contains itself, and no such values are made up"],
    ["(p: { inner: { when: bigint } })", "its parameter 'p' has 'inner', which has 'when', which is of type bigint, and no such values are made up"],
  ])("not from %s", (parameters, why) => {
    expect(argumentsFor(parameters, "class A { x = 1; }\ninterface Node { next: Node }")).toBe(why);
  });
});
