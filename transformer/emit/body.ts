import type { Emitted } from "../compilation.js";
import { Comments } from "./comments.js";
import type { Expressions } from "./expressions.js";
import { write, type Fragment } from "./fragment.js";
import { isJump, listsOf, type Branch, type ForLoop, type Loop, type LoopId, type Node } from "./nodes.js";
import { level } from "./precedence.js";
import type { Statements } from "./statements.js";
import { Text } from "./text.js";

/** How wide `if (c) return x;` may be in one line. */
const WIDEST_LINE = 80;

/** Prints statements, one or several lines each. */
export class Body {
  private readonly text = new Text();
  private readonly comments = new Comments();
  private readonly labels = new Map<LoopId, string>();
  private readonly around: LoopId[] = [];

  constructor(
    private readonly statements: Statements,
    private readonly print: Expressions,
  ) {}

  /** `head`, the statements one step further in, and `}`. */
  run(head: string, nodes: readonly Node[]): Emitted {
    this.findLabels(nodes, []);
    this.text.line(head);
    this.text.inside(() => {
      this.list(nodes);
    });
    this.text.line("}");
    return this.text.finish();
  }

  // Only a jump out of an inner loop needs a name.
  private findLabels(nodes: readonly Node[], around: readonly LoopId[]): void {
    for (const node of nodes) {
      if ((node.kind === "break" || node.kind === "continue") && node.id !== around.at(-1) && !this.labels.has(node.id)) {
        this.labels.set(node.id, this.freeLabel(node.id.label ?? "outer"));
      }
      const inner = node.kind === "for" || node.kind === "while" ? [...around, node.id] : around;
      for (const list of listsOf(node)) this.findLabels(list, inner);
    }
  }

  private freeLabel(wish: string): string {
    const taken = [...this.labels.values()];
    let label = wish;
    for (let i = 2; taken.includes(label); i++) label = wish + String(i);
    return label;
  }

  private list(nodes: readonly Node[]): void {
    for (const node of nodes) {
      for (const comment of this.comments.before(node)) for (const line of comment.split("\n")) this.text.line(line.trimStart().replace(/^\*/, " *"));
      this.statement(node);
    }
  }

  private statement(node: Node): void {
    const lines = this.lines(node);
    if (lines !== undefined) {
      const write = (): void => {
        for (const line of lines) this.text.line(line);
      };
      // Of several lines no one covers the statement.
      if (lines.length > 1) this.text.from(node.origin, write);
      else write();
      return;
    }
    this.text.from(node.origin, () => {
      if (node.kind === "branch") this.branch(node, "");
      else if (node.kind === "for" || node.kind === "while") this.loop(node);
    });
  }

  private lines(node: Node): readonly Fragment[] | undefined {
    return this.statements.lines(node, (n) => this.target(n), this.around.length > 0);
  }

  private target(node: Node): string {
    if (node.kind !== "break" && node.kind !== "continue") return "";
    const label = this.labels.get(node.id);
    return label === undefined || this.around.at(-1) === node.id ? "" : ` ${label}`;
  }

  // if (c) { … } else if (d) { … } else { … }
  private branch(node: Branch, lead: string): void {
    const head = write`${lead}if (${this.print.print(node.test)})`;
    const short = lead === "" ? this.short(head, node) : undefined;
    if (short !== undefined) {
      this.text.line(short);
      return;
    }
    this.block(write`${head} {`, node.then);
    const [only, second] = node.else;
    if (only?.kind === "branch" && second === undefined) this.branch(only, "} else ");
    else if (only !== undefined) {
      this.block(write`} else {`, node.else);
      this.text.line("}");
    } else this.text.line("}");
  }

  // if (c) return x;
  private short(head: Fragment, node: Branch): Fragment | undefined {
    const [only, second] = node.then;
    if (only === undefined || second !== undefined || node.else.length > 0) return undefined;
    const isSimple = only.kind === "leaf" || (only.kind === "assign" && only.declares === undefined);
    if (!isJump(only) && !isSimple) return undefined;
    const [line, more] = this.lines(only) ?? [];
    if (line === undefined || more !== undefined || line.text.includes("\n")) return undefined;
    const whole = write`${head} ${line}`;
    return whole.text.length > WIDEST_LINE || this.comments.has(only) ? undefined : whole;
  }

  private block(head: Fragment, nodes: readonly Node[]): void {
    this.text.line(head);
    this.text.inside(() => {
      this.list(nodes);
    });
  }

  private loop(node: Loop): void {
    const label = this.labels.get(node.id);
    const lead = label === undefined ? "" : `${label}: `;
    const test = node.kind === "while" ? (node.test === undefined ? "true" : this.print.print(node.test)) : "";
    const isTail = node.kind === "while" && node.last === true;
    const head = node.kind === "for" ? this.forHead(node) : isTail ? write`do` : write`while (${test})`;
    this.around.push(node.id);
    if (node.body.length === 0 && !isTail) this.text.line(write`${lead}${head} {}`);
    else {
      this.block(write`${lead}${head} {`, node.body);
      this.text.line(isTail ? write`} while (${test});` : "}");
    }
    this.around.pop();
  }

  // for (let i = 0; i < n; i++)
  private forHead({ slot, start, test, bound, step }: ForLoop): Fragment {
    const i = this.statements.name(slot);
    const by = step === 1 ? "++" : step === -1 ? "--" : step > 0 ? ` += ${step}` : ` -= ${-step}`;
    return write`for (let ${i} = ${this.print.print(start, level.arrow)}; ${i} ${test} ${this.print.print(bound, 10)}; ${i}${by})`;
  }
}
