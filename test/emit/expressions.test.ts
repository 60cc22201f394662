import { describe, expect, test } from "vitest";
import { literal } from "../../transformer/ir/build.js";
import type { Atom, Literal } from "../../transformer/ir/model.js";
import { arrayOf, bool, int, nullable, real, recordOf, tupleOf, type Type } from "../../transformer/ir/types.js";
import { fn, param, type Writer } from "../differentiate/construct.js";
import { emitted } from "./emitted.js";

const [a, b, c] = [param("a"), param("b"), param("c")];
const [p, q] = [param("p", bool), param("q", bool)];
const maybe = param("maybe", nullable(real));

/** The text of the expression that a function of some parameters returns. */
function printed(write: (w: Writer) => Atom, type: Type = real): string {
  const text = emitted(fn("f", [a, b, c, p, q, maybe], write, [type]));
  return /\n {2}return ([^]*);\n}\n$/.exec(text)?.[1] ?? text;
}
const number = (value: number, text?: string): Literal => ({ kind: "literal", value, type: real, ...(text === undefined ? {} : { text }) });

test.each<[string, (w: Writer) => Atom]>([
  ["a - b - c", (w) => w.num("-", w.num("-", a, b), c)],
  ["a - (b - c)", (w) => w.num("-", a, w.num("-", b, c))],
  ["a + (b + c)", (w) => w.num("+", a, w.num("+", b, c))],
  ["a * b / c", (w) => w.num("/", w.num("*", a, b), c)],
  ["(a * b) % c", (w) => w.num("%", w.num("*", a, b), c)],
  ["(-a) ** 2", (w) => w.num("**", w.num("neg", a), 2)],
  ["-(a ** 2)", (w) => w.num("neg", w.num("**", a, 2))],
  ["(a ** b) ** c", (w) => w.num("**", w.num("**", a, b), c)],
  ["a ** b ** c", (w) => w.num("**", a, w.num("**", b, c))],
  ["a ** -b", (w) => w.num("**", a, w.num("neg", b))],
  ["(-1) ** a", (w) => w.num("**", -1, a)],
  ["-(-a)", (w) => w.num("neg", w.num("neg", a))],
  ["-(-1)", (w) => w.num("neg", -1)],
  ["a - -1", (w) => w.num("-", a, -1)],
  ["a - -b", (w) => w.num("-", a, w.num("neg", b))],
  ["(a + b) * c", (w) => w.num("*", w.num("+", a, b), c)],
  ["Math.max(a, b, 1)", (w) => w.num("Math.max:001", a, b, 1)],
  ["1 / (1 + Math.exp(-a))", (w) => w.num("sigmoid", a)],
  ["b * (1 / (1 + Math.exp(-(a + b))))", (w) => w.num("*", b, w.num("sigmoid", w.num("+", a, b)))],
  ["(a + b) | 0", (w) => w.let("|", [w.num("+", a, b), literal(0)], int)],
  ["a | b | c", (w) => w.let("|", [w.let("|", [a, b], int), c], int)],
  ["~~a >> 1", (w) => w.let(">>", [w.let("~", [w.let("~", [a], int)], int), literal(1)], int)],
  ["Number(p) + a", (w) => w.num("+", w.let("toNumber", [p], int), a)],
  ["maybe!", (w) => w.let("identity", [maybe], real)],
  ["maybe ?? a", (w) => w.num("??", maybe, a)],
  ["(maybe ?? a) + b", (w) => w.num("+", w.num("??", maybe, a), b)],
  ["a > b ? a : b", (w) => w.num("?:", w.test(">", a, b), a, b)],
  ["a > b ? (b > c ? a : b) : c", (w) => w.num("?:", w.test(">", a, b), w.num("?:", w.test(">", b, c), a, b), c)],
  ["maybe ?? a", (w) => w.num("?:", w.test("isUndefined", maybe), a, w.let("identity", [maybe], real))],
])("%s", (text, write) => {
  expect(printed(write)).toBe(text);
});

describe("tests", () => {
  const both = (w: Writer, first: Atom, second: (w: Writer) => Atom): Atom => w.either(first, [bool], (t) => [second(t)], () => [literal(false)])[0] as Atom;
  const oneOf = (w: Writer, first: Atom, second: (w: Writer) => Atom): Atom => w.either(first, [bool], () => [literal(true)], (e) => [second(e)])[0] as Atom;

  test.each<[string, (w: Writer) => Atom]>([
    ["p && a < b", (w) => both(w, p, (t) => t.test("<", a, b))],
    ["(p && q) || a < b", (w) => oneOf(w, both(w, p, () => q), (e) => e.test("<", a, b))],
    ["p && (q || a < b)", (w) => both(w, p, (t) => oneOf(t, q, (e) => e.test("<", a, b)))],
    ["!(p && q)", (w) => w.test("!", both(w, p, () => q))],
    ["!(a < b)", (w) => w.test("!", w.test("<", a, b))],
    ["maybe !== undefined", (w) => w.test("!", w.test("isUndefined", maybe))],
    ["Number.isNaN(a)", (w) => w.test("Number.isNaN", a)],
  ])("%s", (text, write) => {
    expect(printed(write, bool)).toBe(text);
  });
});

test.each<[string, Literal]>([
  ["-0", number(-0)],
  ["NaN", number(NaN)],
  ["Infinity", number(Infinity)],
  ["-Infinity", number(-Infinity)],
  ["1e+21", number(1e21)],
  ["1e-3", number(0.001, "1e-3")],
  ["Math.PI", number(Math.PI, "Math.PI")],
])("the number %s", (text, value) => {
  expect(printed(() => value)).toBe(text);
});

describe("memory", () => {
  const numbers = arrayOf(real);
  const rows = param("rows", arrayOf(numbers));
  const state = recordOf([{ name: "p", type: real }, { name: "at", type: numbers }], "object", "State");
  const record = param("r", state);
  const momentum = param("p");
  const text = (params: Parameters<typeof fn>[1], write: (w: Writer) => Atom, type: Type): string =>
    emitted(fn("f", params, write, [type]), { reserved: new Set(["State"]) });

  const typed = { kind: "typed", name: "Uint8Array" } as const;
  const pair = tupleOf([real, bool]);
  test.each<[string, string]>([
    ["rows.map((row) => row.slice())", text([rows], (w) => w.copy(rows, 2), rows.type)],
    ["rows.map((row) => new Array<number>(row.length).fill(0))", text([rows], (w) => w.allocate(rows.type, { kind: "zerosLike", source: rows }), rows.type)],
    ["{ ...r, at: r.at.slice() }", text([record], (w) => w.copy(record, 2), state)],
    ["{ p: 0, at: new Array<number>(r.at.length).fill(0) }", text([record], (w) => w.allocate(state, { kind: "zerosLike", source: record }), state)],
    ["{ p, at: new Array<number>(3).fill(1) }", text([momentum], (w) => {
      const at = w.allocate(numbers, { kind: "fill", length: literal(3), value: number(1) });
      return w.allocate(state, { kind: "elements", elements: [momentum, at] });
    }, state)],
    ["[a, true]", text([a], (w) => w.allocate(pair, { kind: "elements", elements: [a, literal(true)] }), pair)],
    ["new Uint8Array(a)", text([a], (w) => w.allocate(typed, { kind: "fill", length: a, value: literal(0) }), typed)],
    ["new Uint8Array(a).fill(1)", text([a], (w) => w.allocate(typed, { kind: "fill", length: a, value: literal(1) }), typed)],
  ])("%s", (expected, printedText) => {
    expect(printedText.split("\n")[1]).toBe(`  return ${expected};`);
  });
});
