import type { Slot, Slots } from "./coalesce.js";
import { exprsOf, nodesOf, type Destructure, type Node } from "./nodes.js";
import { eachVar, type Expr, type Invocation } from "./tree.js";

/**
 * What a call gives is handed on as it is, and not taken apart to be put together again:
 *
 *     const [a, b] = f(x); return [a, b];           becomes   return f(x);
 *     const [a, b] = f(x); g(y, [a, b]);            becomes   g(y, f(x));
 */
export function handedOn(nodes: readonly Node[], slots: Slots): readonly Node[] {
  const reads = new Map<Slot, number>();
  for (const node of nodesOf(nodes)) for (const e of exprsOf(node)) eachVar(e, (v) => void reads.set(slots.of(v), (reads.get(slots.of(v)) ?? 0) + 1));
  const isAll = ({ slots: parts }: Destructure, given: readonly Expr[]): boolean =>
    given.length === parts.length && given.every((e, i) => e.kind === "var" && parts[i] === slots.of(e));
  const once = ({ slots: parts }: Destructure): boolean => parts.every((slot) => slot?.kind === "local" && reads.get(slot) === 1);

  const together = (taken: Destructure, next: Node): Node | undefined => {
    if (next.kind === "return") return isAll(taken, next.values) ? { ...next, values: [taken.value] } : undefined;
    if (next.kind !== "leaf" || next.statement.kind !== "run" || next.statement.value.kind !== "invocation" || !once(taken)) return undefined;
    const value = withCall(next.statement.value, taken, (args) => isAll(taken, args));
    return value && { ...next, statement: { ...next.statement, value } };
  };
  const list = (all: readonly Node[]): readonly Node[] =>
    all.flatMap((node, i): Node[] => {
      const [before, next] = [all[i - 1], all[i + 1]];
      if (node.kind === "destructure" && next !== undefined && together(node, next) !== undefined) return [];
      const whole = before?.kind === "destructure" ? together(before, node) : undefined;
      if (whole !== undefined) return [whole];
      if (node.kind === "branch") return [{ ...node, then: list(node.then), else: list(node.else) }];
      return [node.kind === "for" || node.kind === "while" ? { ...node, body: list(node.body) } : node];
    });
  return list(nodes);
}

/** The call `to` with the other where it gets an array of all that gives; whatever else it gets is at hand. */
function withCall(to: Invocation, { value }: Destructure, isAll: (args: readonly Expr[]) => boolean): Invocation | undefined {
  const at = to.args.findIndex((e) => e.kind === "fresh" && e.initial === "elements" && isAll(e.args));
  const isAtHand = to.args.every((e, i) => i === at || e.kind === "var" || e.kind === "literal");
  return at < 0 || !isAtHand ? undefined : { ...to, args: to.args.map((e, i) => (i === at ? value : e)) };
}
