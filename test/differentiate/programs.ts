import { literal, variable } from "../../transformer/ir/build.js";
import type { Fn, FnRef } from "../../transformer/ir/model.js";
import { arrayOf, bool, float64Array, int, real, recordOf, type RecordType } from "../../transformer/ir/types.js";
import { fn, param, ref } from "./construct.js";

export interface Program {
  readonly fn: Fn;
  readonly points: readonly (readonly unknown[])[];
}

const x = (): ReturnType<typeof param> => param("x");
const array = arrayOf(real);

/** Scalars, branches and loops over values. */
const values: Record<string, () => Program> = {
  product: () => {
    const [a, b] = [param("a"), param("b")];
    return { fn: fn("product", [a, b], (w) => w.num("*", w.num("Math.sin", a), w.num("+", w.num("*", a, b), b))), points: [[0.7, -1.3]] };
  },
  // if (x > 1) r = x * x else r = 3 * x
  branch: () => {
    const a = x();
    const body = fn("branch", [a], (w) => w.either(w.test(">", a, 1), [real], (t) => [t.num("*", a, a)], (e) => [e.num("*", 3, a)])[0]!);
    return { fn: body, points: [[2.5], [0.5]] };
  },
  // s = x; for (i < n) s = sin(s) * x
  chain: () => {
    const [a, n] = [x(), param("n", int)];
    return { fn: fn("chain", [a, n], (w) => w.count(n, [a], (t, _i, [s]) => [t.num("*", t.num("Math.sin", s!), a)])[0]!), points: [[0.8, 4], [0.8, 0], [1.7, 1]] };
  },
  // for (i < n) [p, q] = [q * x, p + q], leaving when p > limit
  exits: () => {
    const [a, n] = [x(), param("n", int)];
    const body = fn("exits", [a, n], (w) => {
      const i = variable("i", int);
      const { results } = w.turns({ var: i, start: literal(0), test: "<", bound: n, step: 1 }, [a, 1], (t, [p, q]) => {
        const [status, p2, q2] = t.either(
          t.test(">", p!, 5),
          [int, real, real],
          () => [1, p!, q!],
          (e) => [0, e.num("*", q!, e.num("Math.exp", e.num("*", 0.3, a))), e.num("+", p!, e.num("*", q!, a))],
        );
        return [status!, p2!, q2!];
      });
      return w.num("+", results[0]!, w.num("*", 2, results[1]!));
    });
    return { fn: body, points: [[1.2, 3], [1.2, 9], [0.3, 5], [6, 4]] };
  },
  // while: the turn that leaves has done work of its own
  leavesWithWork: () => {
    const a = x();
    const body = fn("leavesWithWork", [a], (w) => {
      const { results } = w.turns(undefined, [a, 0], (t, [s, c]) => {
        const next = t.num("*", s!, t.num("+", 2.2, t.num("Math.sin", s!)));
        const count = t.num("+", c!, 1);
        const [status, out] = t.either(t.test(">", next, 10), [int, real], (y) => [1, y.num("*", next, next)], () => [0, next]);
        return [status!, out!, count];
      });
      return w.num("*", results[0]!, a);
    });
    return { fn: body, points: [[1.1], [0.4], [7.9]] };
  },
  // for (i) for (j < i) { if (s > 3) break inner; s = s * 1.1 + x * j }
  nestedExit: () => {
    const [a, n] = [x(), param("n", int)];
    const body = fn("nestedExit", [a, n], (w) => {
      const [s] = w.count(n, [a], (t, i, [outer]) => {
        const j = variable("j", int);
        const { results } = t.turns({ var: j, start: literal(0), test: "<", bound: i, step: 1 }, [outer!], (u, [v]) => {
          const [status, next] = u.either(u.test(">", v!, 3), [int, real], () => [1, v!], (e) => [0, e.num("+", e.num("*", v!, v!), e.num("*", a, j))]);
          return [status!, next!];
        });
        return [t.num("Math.sin", results[0]!)];
      });
      return s!;
    });
    return { fn: body, points: [[0.6, 5], [1.4, 4], [0.2, 1]] };
  },
};

/** Memory: what a mirror needs has been overwritten. */
const memory: Record<string, () => Program> = {
  // for (i < a.length) s += sin(a[i]) ** 2
  sum: () => {
    const a = param("a", float64Array);
    const body = fn("sum", [a], (w) => w.count(w.size(a), [0], (t, i, [s]) => {
      const y = t.num("Math.sin", t.at(a, i));
      return [t.num("+", s!, t.num("*", y, y))];
    })[0]!);
    return { fn: body, points: [[Float64Array.of(0.3, -1.2, 2.2)], [Float64Array.of()]] };
  },
  // b = a.slice(); for (k < n) for (i in 1..) b[i] = b[i] * b[i - 1]; sum
  inPlace: () => {
    const [a, n] = [param("a", array), param("n", int)];
    const body = fn("inPlace", [a, n], (w) => {
      const b = w.copy(a, 1, "b");
      w.count(n, [], (t, k) => {
        t.count(t.num("-", t.size(b), 1), [], (u, i) => {
          const next = u.let("+", [i, literal(1)], int);
          u.put(b, next, u.num("+", u.num("*", u.at(b, next), u.at(b, i)), k));
          return [];
        });
        return [];
      });
      return w.count(w.size(b), [0], (t, i, [s]) => [t.num("+", s!, t.num("*", t.at(b, i), t.at(b, i)))])[0]!;
    });
    return { fn: body, points: [[[0.7, 1.1, -0.6], 2], [[1.3], 3], [[0.5, 0.4], 0]] };
  },
  // a[i] += a[i] * x, in place of the argument, with a branch and an early end
  updates: () => {
    const [a, b] = [param("a", array), param("b")];
    const body = fn("updates", [a, b], (w) => {
      const i = variable("i", int);
      const { results } = w.turns({ var: i, start: literal(0), test: "<", bound: w.size(a), step: 1 }, [b], (t, [s]) => {
        t.accumulate(a, i, t.num("*", t.at(a, i), s!));
        const [status, next] = t.either(
          t.test(">", t.at(a, i), 4),
          [int, real],
          (y) => {
            y.put(a, i, y.num("Math.sin", y.at(a, i)));
            return [1, y.num("*", s!, y.at(a, i))];
          },
          (e) => [0, e.num("+", s!, e.num("Math.exp", e.num("neg", e.at(a, i))))],
        );
        return [status!, next!];
      });
      const [total] = w.count(w.size(a), [results[0]!], (t, j, [s]) => [t.num("+", s!, t.num("*", t.at(a, j), t.at(a, j)))]);
      return total!;
    });
    return { fn: body, points: [[[0.5, 0.9, 1.3], 0.4], [[1.5, 9.5, 0.2], 1.7]] };
  },
  // a stack: push the powers of x, pop them again and weigh them
  stack: () => {
    const [a, n] = [x(), param("n", int)];
    const body = fn("stack", [a, n], (w) => {
      const s = w.allocate(array, { kind: "elements", elements: [] }, "s");
      w.count(n, [a], (t, _i, [p]) => {
        t.push(s, t.num("*", p!, p!));
        return [t.num("*", t.num("Math.cos", p!), a)];
      });
      return w.count(n, [a], (t, i, [sum]) => [t.num("+", t.num("*", sum!, t.pop(s)), i)])[0]!;
    });
    return { fn: body, points: [[0.8, 3], [0.8, 0], [-1.3, 4]] };
  },
};

const pair: RecordType = recordOf([{ name: "p", type: real }, { name: "v", type: real }], "object", "State");
const particle: RecordType = recordOf([{ name: "at", type: array }, { name: "s", type: pair }], "object", "Particle");

const records: Record<string, () => Program> = {
  // { p, v } stepped in place
  oscillator: () => {
    const [s, n] = [param("s", pair), param("n", int)];
    const body = fn("oscillator", [s, n], (w) => {
      const f = (name: string) => ({ kind: "field", name }) as const;
      w.count(n, [], (t) => {
        t.store(s, f("v"), t.num("-", t.load(s, f("v")), t.num("*", 0.3, t.num("Math.sin", t.load(s, f("p"))))));
        t.store(s, f("p"), t.num("+", t.load(s, f("p")), t.num("*", 0.3, t.load(s, f("v")))));
        return [];
      });
      return w.num("*", w.load(s, f("p")), w.load(s, f("v")));
    });
    return { fn: body, points: [[{ p: 0.7, v: -0.2 }, 4], [{ p: 0.7, v: -0.2 }, 0]] };
  },
  // the last of two records: a reference chosen by a branch
  chosen: () => {
    const [a, b] = [param("a", particle), param("b", particle)];
    const body = fn("chosen", [a, b], (w) => {
      const f = (name: string) => ({ kind: "field", name }) as const;
      const first = w.at(w.load(a, f("at")), 0);
      const [c] = w.either(w.test(">", first, 0), [particle], () => [a], () => [b]);
      const s = w.load(c!, f("s"));
      w.store(s, f("p"), w.num("*", w.load(s, f("p")), first));
      const other = w.load(w.load(a, f("s")), f("p"));
      return w.num("*", w.num("+", w.load(s, f("p")), w.at(w.load(c!, f("at")), 1)), other);
    });
    const make = (k: number): unknown => ({ at: [k, 2 * k + 0.1], s: { p: k + 1.5, v: 3 } });
    return { fn: body, points: [[make(0.6), make(1.2)], [make(-0.6), make(1.2)]] };
  },
};

const calls: Record<string, () => Program> = {
  // power(x, n) = n === 0 ? 1 : even ? power(x * x, n / 2) : x * power(x, n - 1)
  recursion: () => {
    const power: FnRef = ref(() => {
      const [a, n] = [x(), param("n", int)];
      return fn("power", [a, n], (w) =>
        w.either(w.test("===", n, 0), [real], () => [1], (e) => {
          const half = e.let("===", [e.let("%", [n, literal(2)], int), literal(0)], bool);
          return e.either(
            half,
            [real],
            (y) => y.invoke(power, [y.num("*", a, a), y.let("/", [n, literal(2)], int)]),
            (z) => [z.num("*", a, z.invoke(power, [a, z.let("-", [n, literal(1)], int)])[0]!)],
          );
        })[0]!,
      );
    });
    const [a, n] = [x(), param("n", int)];
    return { fn: fn("recursion", [a, n], (w) => w.num("Math.sin", w.invoke(power, [w.num("*", a, a), n])[0]!)), points: [[1.1, 5], [0.9, 0], [-0.7, 2]] };
  },
  // even(x, n) = n <= 0 ? x : odd(sin x, n - 1) * x;  odd(x, n) = n <= 0 ? 1 : even(x * x, n - 1) + x
  mutual: () => {
    const even: FnRef = ref(() => {
      const [a, n] = [x(), param("n", int)];
      return fn("even", [a, n], (w) =>
        w.either(w.test("<=", n, 0), [real], () => [a], (e) => [e.num("*", e.invoke(odd, [e.num("Math.sin", a), e.let("-", [n, literal(1)], int)])[0]!, a)])[0]!);
    });
    const odd: FnRef = ref(() => {
      const [a, n] = [x(), param("n", int)];
      return fn("odd", [a, n], (w) =>
        w.either(w.test("<=", n, 0), [real], () => [1], (e) => [e.num("+", e.invoke(even, [e.num("*", a, a), e.let("-", [n, literal(1)], int)])[0]!, a)])[0]!);
    });
    const [a, n] = [x(), param("n", int)];
    return { fn: fn("mutual", [a, n], (w) => w.num("*", w.invoke(even, [a, n])[0]!, a)), points: [[1.1, 4], [0.9, 3], [0.3, 0]] };
  },
  // fill(a, k): writes to the array passed, recursively, and the caller goes on with it
  writes: () => {
    const fill: FnRef = ref(() => {
      const [a, k] = [param("a", array), param("k", int)];
      return fn("fill", [a, k], (w) => {
        w.either(w.test("<", k, w.size(a)), [], (t) => {
          const before = t.let("-", [k, literal(1)], int);
          t.put(a, k, t.num("*", t.at(a, k), t.at(a, before)));
          t.invoke(fill, [a, t.let("+", [k, literal(1)], int)], []);
          t.put(a, before, t.num("Math.sin", t.at(a, before)));
          return [];
        }, () => []);
        return literal(0);
      }, []);
    });
    const a = param("a", array);
    const body = fn("writes", [a], (w) => {
      const b = w.copy(a, 1, "b");
      w.invoke(fill, [b, 1], []);
      return w.count(w.size(b), [0], (t, i, [s]) => [t.num("+", s!, t.num("*", t.at(a, i), t.num("*", t.at(b, i), t.at(b, i))))])[0]!;
    });
    return { fn: body, points: [[[0.7, 1.2, -0.8, 0.9]], [[2.2]]] };
  },
};

export const programs: Record<string, () => Program> = { ...values, ...memory, ...records, ...calls };
