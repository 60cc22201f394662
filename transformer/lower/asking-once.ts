import type ts from "typescript";

/** A checker that finds out once what stands at a node: TypeScript looks names up, and types, anew at every question. */
export function askingOnce(checker: ts.TypeChecker): ts.TypeChecker {
  return {
    ...checker,
    getSymbolAtLocation: once((node) => checker.getSymbolAtLocation(node)),
    getTypeAtLocation: once((node) => checker.getTypeAtLocation(node)),
  };
}

function once<T>(ask: (node: ts.Node) => T): (node: ts.Node) => T {
  const answers = new Map<ts.Node, T>();
  return (node) => {
    const known = answers.get(node);
    if (known !== undefined || answers.has(node)) return known as T;
    const answer = ask(node);
    answers.set(node, answer);
    return answer;
  };
}
