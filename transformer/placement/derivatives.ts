import type ts from "typescript";
import type { Container } from "../compilation.js";
import { orderKey, type Request, type Target } from "../requests/request.js";
import type { Claims } from "./claims.js";
import type { ExportNames } from "./exports.js";
import { freeName, symbolVisibleAt, wishedName } from "./names.js";

/** One derivative to be compiled, and the calls that it answers. */
export interface Derivative {
  readonly target: Target;
  readonly requests: readonly [Request, ...Request[]];
  /** Its name; a lambda in place has none, and carries its name only as a wish. */
  readonly name: string;
}

/**
 * Brings together the requests that ask for the same and names each derivative: against every name that is visible at
 * the function and at each request, and that its module or a barrel of it exports.
 */
export function nameDerivatives(
  compiler: typeof ts,
  program: ts.Program,
  requests: readonly Request[],
  claims: Claims,
  exportNames: ExportNames,
): Derivative[] {
  const checker = program.getTypeChecker();
  return grouped(program, requests).map((group) => {
    const [{ target }] = group;
    const { home } = target;
    const wish = wishedName(compiler, target);
    if (home.kind === "inPlace") return { target, requests: group, name: wish };
    const places = [home.declaration, ...group.map(({ call }) => call)];
    const { container } = home;
    const exported = compiler.isSourceFile(container) ? exportNames.taken(container) : new Set<string>();
    const name = freeName(
      wish,
      (n) =>
        places.some((place) => symbolVisibleAt(compiler, checker, place, n) !== undefined) ||
        exported.has(n) ||
        claims.has(container, n),
    );
    claims.add(container, name);
    return { target, requests: group, name };
  });
}

/** Sorted by the place of the function, so that names do not depend on where and in what order they are asked for. */
function grouped(program: ts.Program, requests: readonly Request[]): (readonly [Request, ...Request[]])[] {
  const groups = new Map<ts.Node, Map<string, [Request, ...Request[]]>>();
  for (const request of requests) {
    const { home, orders } = request.target;
    const place = home.kind === "inPlace" ? request.call : home.declaration;
    const ofPlace = groups.get(place) ?? new Map<string, [Request, ...Request[]]>();
    groups.set(place, ofPlace);
    // A derivative of a function of a package stands in each file that asks for it.
    const standsIn = home.kind === "beside" && home.container.getSourceFile() !== place.getSourceFile() ? ` ${home.container.getSourceFile().fileName}` : "";
    const key = orderKey(orders) + standsIn;
    const group = ofPlace.get(key);
    if (group === undefined) ofPlace.set(key, [request]);
    else group.push(request);
  }
  const files = new Map(program.getSourceFiles().map((file, i) => [file, i]));
  const byPlace = [...groups].sort(
    ([a], [b]) => (files.get(a.getSourceFile()) ?? 0) - (files.get(b.getSourceFile()) ?? 0) || a.pos - b.pos,
  );
  return byPlace.flatMap(([, ofPlace]) =>
    [...ofPlace].sort(([a], [b]) => a.split("|").length - b.split("|").length || (a < b ? -1 : 1)).map(([, group]) => group),
  );
}

/** The block at whose end the derivative stands; none for a lambda in place. */
export function containerOf({ target }: Derivative): Container | undefined {
  return target.home.kind === "beside" ? target.home.container : undefined;
}
