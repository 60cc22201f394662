import { region } from "./build.js";
import type { Atom, Call, Fn, Origin, Statement, Var } from "./model.js";
import { renew } from "./rewrite.js";
import { freeIn } from "./walk.js";

/**
 * A call of a new function in place of statements: it takes the names that they use and gives those of `results`, which
 * they bind. What is captured stays so. The names in `first` are taken before others.
 */
export function outlined(name: string, statements: readonly Statement[], results: readonly Var[], origin: Origin | undefined, first: readonly Var[] = []): Call {
  const used = freeIn({ region: region(name), statements, yields: [] });
  const free = [...first.filter((v) => used.includes(v)), ...used.filter((v) => !first.includes(v))];
  const args = free.filter((v) => v.captured !== true);
  const params = args.map((v): Var => ({ ...v }));
  const names = new Map<Var, Atom>(args.map((v, i) => [v, params[i] ?? v]));
  const body = renew({ region: region(name), statements, yields: results }, names);
  const sourced = origin === undefined ? {} : { origin };
  const fn: Fn = { name, params, captures: free.filter((v) => v.captured === true), body, results: results.map((v) => v.type), ...sourced };
  return { kind: "call", callee: { name, fn: () => fn }, args, results, ...sourced };
}
