import type ts from "typescript";

/**
 * The names that the compiler itself has given away, each with the block where it holds. Two names clash when one
 * block is within the other; in blocks side by side the same name means two things without harm.
 */
export interface Claims {
  has(place: ts.Node, name: string): boolean;
  add(place: ts.Node, name: string): void;
}

export function createClaims(): Claims {
  const places = new Map<string, ts.Node[]>();
  return {
    has: (place, name) => (places.get(name) ?? []).some((other) => isWithin(other, place) || isWithin(place, other)),
    add: (place, name) => void places.set(name, [...(places.get(name) ?? []), place]),
  };
}

function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && inner.pos >= outer.pos && inner.end <= outer.end;
}
