import type ts from "typescript";

/** What a transformation of a file works with. */
export interface Emission {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly context: ts.TransformationContext;
}
