import type ts from "typescript";
import type { Derivative } from "../placement/derivatives.js";
import type { Requests } from "../requests.js";
import type { Deriver } from "./derive.js";

/** For a file, the files whose text its output depends on. */
export interface Dependencies {
  readonly all: Map<ts.SourceFile, Set<ts.SourceFile>>;
  /** The file of the function, those of the requests and all that was read depend on each other. */
  add(derivative: Derivative, deriver: Deriver): void;
}

export function dependenciesOf({ refusals }: Requests): Dependencies {
  const all = new Map<ts.SourceFile, Set<ts.SourceFile>>();
  const depend = (file: ts.SourceFile, others: Iterable<ts.SourceFile>): void => {
    const known = all.get(file) ?? new Set<ts.SourceFile>();
    all.set(file, known);
    for (const other of others) if (other !== file) known.add(other);
  };
  for (const { call, files } of refusals) depend(call.getSourceFile(), files);
  return {
    all,
    add({ target, requests }, deriver) {
      const home = target.declaration.getSourceFile();
      const askers = requests.map(({ call }) => call.getSourceFile());
      const files = new Set([home, ...askers, ...requests.flatMap((request) => [...request.files]), ...deriver.reads(target).files]);
      // Pairs stand in the modules of the functions that they were made of.
      for (const file of files) depend(file, files);
    },
  };
}
