import { sameAtom } from "../ir/atoms.js";
import type { Atom, Block, Fn, Pop, Push, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { blocksWithin, operands, statementsOf } from "../ir/walk.js";

/** A list that starts empty, the one place where it gets elements, and the one in backward code where it gives them. */
interface Stack {
  readonly list: Var;
  readonly push: Push;
  readonly pop: Pop;
  readonly pushedIn: Block;
  readonly poppedIn: Block;
}

/**
 * What is kept on a list is not kept on another as well, and a number that is always the same is not kept:
 *
 *     p.push(x); q.push(x); r.push(1) … a = r.pop(); b = q.pop(); c = p.pop()   becomes   p.push(x) … c = p.pop()
 *
 * with 1 in place of a, and c in place of b. Only of what is not differentiated again.
 */
export function withoutSamePushes(fn: Fn): Fn {
  const gone = new Set<Var>();
  const instead = new Map<Atom, Atom>();
  const left: Stack[] = [];
  for (const stack of stacksOf(fn)) {
    const { push, pop, pushedIn, poppedIn } = stack;
    const same = left.find((s) => s.pushedIn === pushedIn && s.poppedIn === poppedIn && sameAtom(s.push.value, push.value));
    if (push.value.kind === "literal") instead.set(pop.result, { ...push.value, type: pop.result.type });
    else if (same === undefined) {
      left.push(stack);
      continue;
    } else instead.set(pop.result, same.pop.result);
    gone.add(stack.list);
  }
  if (gone.size === 0) return fn;
  const kept = replaceStatements(fn.body, (s) => {
    const list = s.kind === "allocate" ? s.result : s.kind === "push" || s.kind === "pop" ? s.of : undefined;
    return gone.has(list as Var) ? [] : [s];
  });
  return { ...fn, body: rewriteBlock(kept, { atom: (a) => instead.get(a) ?? a }) };
}

/** In the order in which they give their elements. */
function stacksOf(fn: Fn): readonly Stack[] {
  const lists = new Set<Atom>(statementsOf(fn.body).flatMap((s) => (s.kind === "allocate" && s.initial.kind === "elements" && s.initial.elements.length === 0 ? [s.result] : [])));
  if (lists.size === 0) return [];
  const pushes = new Map<Atom, readonly [Push, Block]>();
  const pops = new Map<Atom, readonly [Pop, Block]>();
  for (const block of blocksWithin(fn.body)) {
    block.yields.forEach((y) => lists.delete(y));
    for (const s of block.statements) {
      const [of, ...others] = operands(s);
      others.forEach((a) => lists.delete(a));
      if (of === undefined || !lists.has(of)) continue;
      if (s.kind === "push" && !pushes.has(of)) pushes.set(of, [s, block]);
      else if (s.kind === "pop" && s.origin?.reverse === true && !pops.has(of)) pops.set(of, [s, block]);
      else lists.delete(of);
    }
  }
  return [...pops].flatMap(([list, [pop, poppedIn]]): Stack[] => {
    const pushed = pushes.get(list);
    return pushed === undefined || list.kind !== "var" || !lists.has(list) ? [] : [{ list, push: pushed[0], pushedIn: pushed[1], pop, poppedIn }];
  });
}
