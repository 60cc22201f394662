import type { Origin } from "../ir/model.js";
import { exprsOf, type Node } from "./nodes.js";
import { partsOf, type Expr } from "./tree.js";

/** The comments before statements: the source's own, each once, and what backward code comes from. */
export class Comments {
  private readonly printed = new Set<readonly string[]>();
  /** The statement that the backward code before comes from. */
  private from: string | undefined;

  before(node: Node): string[] {
    const own = this.own(node);
    for (const comments of own) this.printed.add(comments);
    const line = this.mirrored(node);
    return [...own.flat(), ...(line === undefined ? [] : [line])];
  }

  /** Whether anything would be written before a statement. */
  has(node: Node): boolean {
    const { from } = this;
    const line = this.mirrored(node);
    this.from = from;
    return line !== undefined || this.own(node).length > 0;
  }

  private own(node: Node): readonly (readonly string[])[] {
    const found = new Set<readonly string[]>();
    for (const { comments, reverse } of originsOf(node)) {
      if (comments !== undefined && reverse !== true && !this.printed.has(comments)) found.add(comments);
    }
    return [...found];
  }

  // A loop or a branch shows what it is of; what is within it says so for itself.
  private mirrored(node: Node): string | undefined {
    const { origin } = node;
    if (node.kind === "for" || node.kind === "while" || node.kind === "branch" || node.kind === "declare") return undefined;
    if (node.kind === "break" || node.kind === "continue") return undefined;
    const statement = origin?.reverse === true ? origin.statement : undefined;
    if (statement !== undefined && isHead(statement)) return undefined;
    const isNew = statement !== this.from;
    this.from = statement;
    return isNew && statement !== undefined ? `// from: ${statement}` : undefined;
  }
}

/** The head of a loop or a branch: what is loaded again for it needs no word. */
function isHead(statement: string): boolean {
  return /^(\w+: *)?(for|while|if|switch) *\(|^(\w+: *)?do\b/.test(statement);
}

/** The origins of a statement and of all that was folded into it, in the order of the source. */
function originsOf(node: Node): readonly Origin[] {
  const origins: Origin[] = [];
  const visit = (e: Expr): void => {
    if (e.kind === "var" || e.kind === "literal") return;
    if (e.origin !== undefined) origins.push(e.origin);
    partsOf(e).forEach(visit);
  };
  exprsOf(node).forEach(visit);
  if (node.origin !== undefined) origins.push(node.origin);
  return origins.sort((a, b) => (a.file === b.file ? a.pos - b.pos : 0));
}
