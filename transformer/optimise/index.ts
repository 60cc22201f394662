import { Memory, reachable } from "../ir/memory.js";
import type { Fn } from "../ir/model.js";
import { alongChains } from "./chains.js";
import { copyTheFirst } from "./copies-of-copies.js";
import { readBeforeWritten } from "./copies-by-element.js";
import { readInPlace } from "./copies.js";
import { readInAnotherOrder } from "./copies-in-another-order.js";
import { readPartsInPlace } from "./copies-of-parts.js";
import { countTurns } from "./counted-turns.js";
import { countLists } from "./counts.js";
import { removeDead } from "./dead.js";
import { withFewElements } from "./few-elements.js";
import { withFewerArrays } from "./fewer-arrays.js";
import { fold } from "./fold.js";
import { inline } from "./inline.js";
import { withKnownLengths } from "./lengths.js";
import { withLengthsOfLists } from "./lengths-of-lists.js";
import { withoutSamePushes } from "./pushed-twice.js";
import { withoutRepeats } from "./repeats.js";
import { replaceByScalars } from "./scalars.js";
import { share, shareForText } from "./share.js";
import { sized } from "./sized.js";
import { leaveAtOnce } from "./leaving.js";
import { leaveInPlace } from "./take-back.js";
import { takenOver } from "./taken-over.js";
import { withoutPops } from "./unpopped.js";
import { zerosOfParts } from "./zeros-of-parts.js";
import { markWithin } from "../ir/within.js";
import { bound, statementsOf } from "../ir/walk.js";

/**
 * Makes a function smaller and faster without changing a bit of what it gives: the passes in order, to a fixed point. Of
 * one that others call, the arguments may be the same memory; a derivative has copies of what it writes. `isLast`: it is not
 * differentiated again, nor are the functions that it calls.
 */
export function optimise(fn: Fn, isCalled = false, isLast = false): Fn {
  return settle(inline(fn, isLast ? undefined : (callee) => settle(callee, true)), isCalled);
}

/** Brings a function that is not differentiated again into the form in which it is written. */
export function straighten(fn: Fn): Fn {
  const alone = replaceByScalars(fn, true);
  const straight = leaveAtOnce(alone === fn ? fn : settle(alone, true), (f) => settle(f, true));
  const made = withFewerArrays(alongChains(withoutPops(sized(straight))));
  const once = made === straight ? straight : settle(made, true);
  // Rows have one name when the list is gone that held them.
  const again = made === straight ? straight : withFewerArrays(once);
  const settled = again === once ? once : settle(again, true);
  const fewer = withoutSamePushes(settled);
  const least = fewer === settled ? settled : settle(fewer, true);
  const shared = shareForText(least, new Memory(reachable(least), [...least.params, ...least.captures]));
  return shared === least ? least : settle(shared, true);
}

function settle(fn: Fn, isCalled: boolean): Fn {
  const given = isCalled ? [...fn.params, ...fn.captures] : [];
  const memoryOf = (f: Fn): Memory => new Memory(reachable(f), given);
  let current = countTurns(fn, memoryOf);
  for (let size = Infinity; countOf(current) < size; ) {
    size = countOf(current);
    current = zerosOfParts(replaceByScalars(fold(withFewElements(markWithin(takenOver(current), memoryOf), memoryOf, isCalled))));
    // These drop names of memory and make none: what is known of it holds from one to the next.
    const memory = memoryOf(current);
    current = readBeforeWritten(readInPlace(copyTheFirst(current, memory), memory), memory);
    current = readInAnotherOrder(readPartsInPlace(current, memory), memory);
    current = withLengthsOfLists(leaveInPlace(share(current, memory), memory), memory);
    current = removeDead(withoutRepeats(withKnownLengths(current)));
  }
  const counted = countLists(current);
  return counted === current ? current : settle(counted, isCalled);
}

function countOf(fn: Fn): number {
  let count = 0;
  for (const s of statementsOf(fn.body)) count += 1 + bound(s).length;
  return count;
}
