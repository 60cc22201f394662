// A graph laid out by forces: edges are springs, nodes repel, labels keep their distance by kind.
import { gradInto } from "tsgrad";

export interface Graph {
  readonly nodes: readonly { readonly id: string; readonly kind: string; readonly fixed?: boolean }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly length?: number }[];
}

/** The energy of a layout; x and y of the nodes in turn. */
export function energy(at: Float64Array, graph: Graph, distances: ReadonlyMap<string, number>): number {
  const index = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const distance = (i: number, j: number): number => Math.hypot(at[2 * i] - at[2 * j], at[2 * i + 1] - at[2 * j + 1]);
  let sum = 0;
  for (const { from, to, length = 1 } of graph.edges) {
    const i = index.get(from);
    const j = index.get(to);
    if (i === undefined || j === undefined) throw new RangeError(`an edge leads to no node: ${from} to ${to}`);
    sum += (distance(i, j) - length) ** 2;
  }
  for (let i = 0; i < graph.nodes.length; i++) {
    for (let j = 0; j < i; j++) {
      const wanted = distances.get(`${graph.nodes[i].kind} ${graph.nodes[j].kind}`) ?? 0.5;
      const gap = distance(i, j);
      if (gap < wanted) sum += 4 * (wanted - gap) ** 2;
      sum += 0.05 / (gap + 0.1);
    }
  }
  return sum;
}
export const energyGradInto = gradInto(energy, { wrt: 0 });
