/**
 * Operations whose derivative is 0 wherever it exists. A derivative that ends at one marked `warned` is probably not
 * meant, so a result that depends on it gets a warning; at the others it ends as everybody expects.
 */
// prettier-ignore
export const cutting: Readonly<Record<string, "warned" | "silent">> = {
  "Math.sign": "warned", "Math.floor": "warned", "Math.ceil": "warned", "Math.round": "warned", "Math.trunc": "warned",
  "Math.clz32": "warned", "Math.imul": "warned",
  "|": "warned", "&": "warned", "^": "warned", "~": "warned", "<<": "warned", ">>": "warned", ">>>": "warned",
  "<": "silent", "<=": "silent", ">": "silent", ">=": "silent", "===": "silent", "!==": "silent", "!": "silent",
  isUndefined: "silent", toNumber: "silent", stopGradient: "silent",
  "Number.isNaN": "silent", "Number.isFinite": "silent", "Number.isInteger": "silent", "Number.isSafeInteger": "silent",
};

/** Functions whose result is a constant, with the reason. */
export const constant: Readonly<Record<string, string>> = {
  "Math.random": "the number that the function drew; another call draws another one",
};

/** Whether a derivative ends at this operation. */
export function isCut(op: string): boolean {
  return Object.hasOwn(cutting, op);
}
