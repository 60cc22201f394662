import type ts from "typescript";
import { createCook, isRecipe, NoRecipe, type Recipe } from "./recipe.js";

/** How many arguments a rest parameter gets. */
const restCount = 3;

/** Recipes for the parameters of a function, or why there are none. */
export function parametersOf(compiler: typeof ts, checker: ts.TypeChecker, f: ts.Expression): readonly Recipe[] | NoRecipe {
  const cook = createCook(compiler, checker);
  // Of overloads the types of `grad` see the last.
  const signature = checker.getTypeAtLocation(f).getCallSignatures().at(-1);
  if (signature === undefined) return new NoRecipe("its type is not that of a function");
  const recipes: Recipe[] = [];
  for (const symbol of signature.parameters) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, f);
    const declaration = symbol.valueDeclaration;
    const parameter = declaration !== undefined && compiler.isParameter(declaration) ? declaration : undefined;
    const made = parameter?.dotDotDotToken === undefined ? [cook(type)] : restOf(type);
    const fault = made.find((one) => one instanceof NoRecipe);
    if (fault === undefined) recipes.push(...made.filter(isRecipe));
    else if (parameter?.initializer ?? parameter?.questionToken) recipes.push({ kind: "constant", value: undefined });
    else return new NoRecipe(`its parameter '${symbol.name}' ${fault.why}, and no such values are made up`);
  }
  return recipes;

  /** The parameters of a derivative stand as one tuple behind three dots. */
  function restOf(type: ts.Type): (Recipe | NoRecipe)[] {
    const made = cook(type);
    if (made instanceof NoRecipe) return [made];
    if (made.kind === "tuple") return [...made.elements];
    return made.kind === "array" ? Array.from({ length: restCount }, () => made.element) : [made];
  }
}
