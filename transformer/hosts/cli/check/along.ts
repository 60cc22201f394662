import { alongDirection, call, powerOfTwo, type Callable } from "../../../../src/check/evaluate.js";
import { messageOf } from "../../../../src/check/obtain.js";
import { selection } from "../../../../src/check/options.js";
import { makeReport, type CheckedDerivative, type CheckReport } from "../../../../src/check/report.js";
import { firstDifference } from "../../../../src/check/same.js";
import { copyArguments, leavesOf, pathText, read, type Leaf, type Path } from "../../../../src/check/shape.js";
import { firstLook } from "../../../../src/check/survey.js";
import { lookAlong, sizesOf, termsOf } from "../../../../src/check/terms.js";
import { judge } from "../../../../src/check/verdict.js";
import { named, placesIn, refuseOther } from "./results.js";
import { tangentsLike, type Wrt } from "./shapes.js";

/** How many tangents are tried at a point. */
const count = 2;
const tolerance = 1e-6;

/** Compares what `jvp` makes of a function with differences along tangents, for each number of the result. */
export function reportsAlong(f: Callable, made: Callable, wrt: Wrt, args: readonly unknown[], random: () => number): CheckReport[] {
  const leaves = leavesOf(args, selection("check", wrt, args.length).positions);
  const directions = Array.from({ length: count }, () => leaves.map((leaf) => component(leaf, random)));
  const value = call(f, copyArguments(args));
  const tangents: unknown[] = [];
  const problems: string[] = [];
  for (const direction of directions) {
    const { tangent, problem } = tangentAlong(f, made, args, tangentsLike(args, wrt, direction.values()));
    if (problem !== undefined) problems.push(problem);
    tangents.push(tangent);
  }
  return placesIn(value).map((place, i) => {
    const name = pathText(place, f.name || "f");
    const subject = { f: named(name, (...given) => read(call(f, given), place)), args, value: read(value, place) as number, leaves, derivatives: [] };
    const all = [...leaves.keys()];
    const terms = termsOf(subject.value, sizesOf(subject, all, all.map((k) => lookAlong(subject, k)), random), "direction");
    const elements = problems.length > 0 ? [] : directions.map((direction, l): CheckedDerivative => {
      const generated = read(tangents[l], place) as number;
      const line = alongDirection(subject.f, args, leaves, direction, terms);
      const limits = { tolerance, slack: 1e-3 * tolerance * terms.magnitude, eitherInfinity: false, anyAtKink: true };
      return { path: `tangent ${String(l + 1)}`, generated, ...judge(line, firstLook(line), generated, limits) };
    });
    return makeReport({ name, value: subject.value, elements, directions: [], size: elements.length, problems: i === 0 ? problems : [] });
  });
}

function component({ value }: Leaf, random: () => number): number {
  const size = value === 0 ? 1 : powerOfTwo(Math.abs(value));
  return (random() < 0.5 ? -1 : 1) * size * (0.5 + random() / 2);
}

/** The tangent of the result, from one call of two that agree and leave their arguments as they were. */
function tangentAlong(f: Callable, made: Callable, args: readonly unknown[], tangents: unknown): { tangent?: unknown; problem?: string } {
  try {
    const own = call(f, copyArguments(args));
    const given = copyArguments(args);
    const [value, tangent] = call(made, [given, tangents]) as [unknown, unknown];
    refuseOther(value, own);
    const changed = firstDifference(args, given, "args");
    if (changed !== undefined) return { problem: `the derivative changes its arguments: ${changed}` };
    const differs = firstDifference(tangent, (call(made, [copyArguments(args), tangents]) as [unknown, unknown])[1], "tangent");
    if (differs !== undefined) return { problem: `two calls of the derivative disagree: ${differs}` };
    const lacking = placesIn(own).find((place: Path) => typeof read(tangent, place) !== "number");
    return lacking === undefined ? { tangent } : { problem: `the tangent has no number at ${pathText(lacking, "tangent")}` };
  } catch (thrown) {
    return { problem: `the derivative throws: ${messageOf(thrown)}` };
  }
}
