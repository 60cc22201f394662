import { expect, test } from "vitest";
import { Builder, literal, variable } from "../../transformer/ir/build.js";
import type { Fn, Origin } from "../../transformer/ir/model.js";
import { arrayOf, int, real } from "../../transformer/ir/types.js";
import { fn, param, type Writer } from "../differentiate/construct.js";
import { emitFunction } from "../../transformer/emit/index.js";
import { emitted } from "./emitted.js";

const [x, n, a] = [param("x"), param("n", int), param("a", arrayOf(real))];
const lines = (f: Fn, reserved: readonly string[] = []): string[] => emitted(f, { reserved: new Set(reserved) }).trimEnd().split("\n").slice(1, -1).map((l) => l.slice(2));

/** Any loop; the first value of a turn is its status. */
type Turn = Parameters<Writer["turns"]>[2];
const forever = (init: readonly (typeof x | number)[], turn: Turn): Fn => fn("f", [x, n, a], (w) => w.turns(undefined, init, turn).results[0] ?? literal(0));

test("a loop that tests first is a while", () => {
  const f = forever([x], (t, [v = x]) => {
    const [status = literal(0), next = x] = t.either(t.test(">", v, 1), [int, real], (y) => [0, y.num("/", v, 2)], () => [1, v]);
    return [status, next];
  });
  expect(lines(f)).toEqual(["let v0 = x;", "while (v0 > 1) {", "  v0 /= 2;", "}", "return v0;"]);
});

test("a test that may be of NaN is not turned round", () => {
  const f = forever([x], (t, [v = x]) => {
    const [status = literal(0), next = x] = t.either(t.test(">", v, 1), [int, real], () => [1, v], (e) => [0, e.num("*", v, 2)]);
    return [status, next];
  });
  expect(lines(f)[1]).toBe("while (!(v0 > 1)) {");
});

test("a loop that tests last is a do … while", () => {
  const f = forever([x], (t, [v = x]) => {
    const next = t.num("/", v, 2);
    const [status = literal(0)] = t.either(t.test(">", next, 1), [int], () => [0], () => [1]);
    return [status, next];
  });
  expect(lines(f)).toEqual(["let v0 = x;", "do {", "  v0 /= 2;", "} while (v0 > 1);", "return v0;"]);
});

test("only a jump out of an inner loop needs a label", () => {
  const f = fn("f", [x, n, a], (w) => {
    const [s = x] = w.turns({ var: variable("i", int), start: literal(0), test: "<", bound: n, step: 1 }, [x], (t, [v = x]) => {
      const inner = t.turns({ var: variable("j", int), start: literal(0), test: "<", bound: n, step: 1 }, [v], (u, [s = x]) => {
        const [status = literal(0), next = x] = u.either(u.test(">", s, 9), [int, real], () => [2, s], (e) => [0, e.num("*", s, 2)]);
        return [status, next];
      });
      const [status = literal(0)] = t.either(t.test("===", inner.exit, 2), [int], () => [1], () => [0]);
      return [status, inner.results[0] ?? x];
    }).results;
    return s;
  });
  expect(lines(f)).toEqual([
    "let v0 = x;",
    "outer: for (let i = 0; i < n; i++) {",
    "  for (let j = 0; j < n; j++) {",
    "    if (v0 > 9) break outer;",
    "    v0 *= 2;",
    "  }",
    "}",
    "return v0;",
  ]);
});

test("branches that return leave no else", () => {
  const f = fn("f", [x, n, a], (w) => w.either(w.test(">", x, 0), [real], (t) => [t.num("Math.log", x)], (e) => e.either(e.test("<", x, -1), [real], () => [1], (o) => {
    o.put(a, 0, x);
    return [o.num("*", x, x)];
  }))[0] ?? x);
  expect(lines(f).slice(0, 2)).toEqual(["if (x > 0) return Math.log(x);", "if (x < -1) return 1;"]);
});

test("a default is given where the variable is declared", () => {
  const f = fn("f", [x, n, a], (w) => {
    const [r = x] = w.either(w.test(">", x, 0), [real], (t) => {
      t.put(a, 0, x);
      return [t.num("*", x, 2)];
    }, () => [0]);
    w.put(a, 1, r);
    return w.num("+", r, r);
  });
  expect(lines(f)).toEqual(["let r0 = 0;", "if (x > 0) {", "  a[0] = x;", "  r0 = x * 2;", "}", "a[1] = r0;", "return r0 + r0;"]);
});

test("values are swapped by way of a third", () => {
  const f = fn("f", [x, n, a], (w) => {
    const [p = x, q = x] = w.count(n, [x, 1], (_t, _i, [v = x, u = x]) => [u, v]);
    return w.num("-", p, q);
  });
  expect(lines(f).slice(2, 6)).toEqual(["for (let i = 0; i < n; i++) {", "  const t = v0;", "  v0 = v1;", "  v1 = t;"]);
});

test("lengths grow and shrink as the IR says", () => {
  const f = fn("f", [x, n, a], (w) => {
    w.add({ kind: "resize", of: a, length: n, atLeast: true });
    w.add({ kind: "resize", of: a, length: literal(0) });
    w.push(a, x);
    w.pop(a);
    return w.pop(a);
  });
  expect(lines(f)).toEqual(["while (a.length < n) a.push(0);", "a.length = 0;", "a.push(x);", "a.pop();", "return a.pop()!;"]);
});

test("what the compiler names gives way to the source's names", () => {
  const origin = { file: "/f.ts", pos: 0, end: 1 };
  const f = fn("f", [x, n, a], (w) => {
    const dx = w.num("Math.sin", x);
    Object.assign(dx, { name: "dx", origin: { ...origin, reverse: true } });
    w.put(a, 0, dx);
    return w.num("*", dx, dx);
  });
  expect(lines(f, ["dx", "x"])[0]).toBe("const dx2 = Math.sin(x);");
  expect(lines(f, ["x"])[0]).toBe("const dx = Math.sin(x);");
});

test("a name is used again where it hides nothing", () => {
  const f = fn("f", [x, n, a], (w) => {
    for (let k = 0; k < 2; k++) w.count(n, [], (t, i) => (t.put(a, i, x), []));
    return x;
  });
  expect(lines(f).filter((l) => l.startsWith("for"))).toEqual(new Array(2).fill("for (let i = 0; i < n; i++) {"));
});

test("comments stay, and backward code says where it comes from, once", () => {
  const forward: Origin = { file: "/f.ts", pos: 10, end: 20, statement: "y = x * x", comments: ["// squared"] };
  const backward: Origin = { ...forward, reverse: true };
  const b = new Builder(forward);
  const y = b.let("*", [x, x], real, "y");
  b.origin = backward;
  b.accumulate(a, literal(0), y);
  b.accumulate(a, literal(1), y);
  const f: Fn = { name: "f", params: [x, a], captures: [], body: b.block({ name: "f" }, [y]), results: [real] };
  const { text, spans } = emitFunction(f, { name: "f", form: "declaration", reserved: new Set(["y", "x"]), callee: (r) => r.name, captured: (v) => v.name });
  expect(text.split("\n").slice(1, -2)).toEqual([
    "  // squared",
    "  const y = x * x;",
    "  // from: y = x * x",
    "  a[0] += y;",
    "  a[1] += y;",
    "  return y;",
  ]);
  expect(spans.filter((s) => s.pos === 10).map((s) => text.slice(s.start, s.end))).toContain("const y = x * x;");
});

test("a lambda that only returns has no braces", () => {
  const f = fn("f", [x], (w) => w.num("*", x, 2));
  expect(emitted(f, { form: "arrow" })).toBe("(x: number): number => x * 2");
});

test("long calls stand on several lines", () => {
  const many = Array.from({ length: 14 }, (_, i) => param(`parameter${i}`));
  const callee = { name: "combine", fn: (): Fn => fn("combine", many, () => literal(0)) };
  const text = emitted(fn("f", many, (w) => w.invoke(callee, many)[0] ?? x));
  expect(text).toContain("  return combine(\n    parameter0,\n");
  expect(Math.max(...text.split("\n").map((l) => l.length))).toBeLessThan(60);
});
