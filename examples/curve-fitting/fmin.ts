import "fmin";

// The package cannot be imported by name in Node: it puts itself among the globals.
declare global {
  var fmin: {
    conjugateGradient(
      f: (x: number[], gradient: number[]) => number,
      start: number[],
      options?: { maxIterations?: number },
    ): { x: number[]; fx: number; fxprime: number[] };
  };
}
export const { conjugateGradient } = globalThis.fmin;
