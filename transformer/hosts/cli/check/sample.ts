import type { Attempt, Numbers } from "./attempts.js";
import type { Recipe, TypedName } from "./recipe.js";

/** Makes up arguments. `turn` counts the points: each takes another member of every choice, so that in time all have had theirs. */
export function sampleArguments(params: readonly Recipe[], attempt: Attempt, turn: number, random: () => number): unknown[] {
  let turns = turn;
  return params.map((param, i) => value(param, attempt.lengths[i] ?? 3, false));

  function value(recipe: Recipe, length: number, within: boolean): unknown {
    switch (recipe.kind) {
      case "number":
        return number(within ? attempt.elements : attempt.scalars, length);
      case "constant":
        return recipe.value;
      case "choice":
        return value(chosen(recipe.of, within), length, within);
      case "array":
        return Array.from({ length }, () => value(recipe.element, length, true));
      case "tuple":
        return recipe.elements.map((element) => value(element, length, within));
      case "typed":
        return typed(recipe.name, length);
      case "record":
        return Object.fromEntries(recipe.fields.map(([key, field]) => [key, value(field, length, within)]));
    }
  }

  function chosen(members: readonly Recipe[], within: boolean): Recipe {
    const at = within ? Math.floor(random() * members.length) : turns % members.length;
    if (!within) turns = Math.floor(turns / members.length);
    return members[at] as Recipe;
  }

  function typed(name: TypedName, length: number): unknown {
    const numbers = name.startsWith("Float") ? attempt.elements : "whole";
    const elements = Array.from({ length }, () => number(numbers, length));
    return new (globalThis[name] as new (elements: number[]) => unknown)(elements);
  }

  function number(numbers: Numbers, length: number): number {
    const u = random();
    if (numbers === "whole") return Math.floor(u * Math.max(length, 2));
    const size = numbers === "unit" ? 0.05 + 0.9 * u : numbers === "large" ? 5 + 45 * u : 0.2 + 2 * u;
    const signed = numbers === "any" || numbers === "large";
    // Short numbers, for they are shown.
    return Number((signed && random() < 0.5 ? -size : size).toFixed(3));
  }
}

/** How many points it takes until all choices have been seen together; at most `most`. */
export function combinations(params: readonly Recipe[], most: number): number {
  const of = (recipe: Recipe): number => {
    if (recipe.kind === "choice") return recipe.of.length * Math.max(...recipe.of.map(of));
    if (recipe.kind === "tuple") return product(recipe.elements);
    return recipe.kind === "record" ? product(recipe.fields.map(([, field]) => field)) : 1;
  };
  const product = (recipes: readonly Recipe[]): number => recipes.reduce((result, recipe) => Math.min(most, result * of(recipe)), 1);
  return product(params);
}

/** Arguments as they would be written in a program. */
export function show(args: readonly unknown[]): string {
  return args.map(showValue).join(", ");
}

function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${show(value)}]`;
  if (ArrayBuffer.isView(value)) return `new ${value.constructor.name}([${show([...(value as Float64Array)])}])`;
  const fields = Object.entries(value).map(([key, field]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${showValue(field)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
