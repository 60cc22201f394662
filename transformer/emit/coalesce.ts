import type { Fn, Var } from "../ir/model.js";
import type { Type } from "../ir/types.js";
import type { Liveness, Pair } from "./liveness.js";
import { sameText } from "./types.js";
import type { Usage } from "./usage.js";

/** A variable of the emitted function. Several names of the IR may share one. */
export interface Slot {
  /** The name wished for. */
  readonly wish: string;
  readonly type: Type;
  readonly kind: "param" | "captured" | "counter" | "local";
  /** Code of the source has this name; the compiler made the others. */
  readonly own: boolean;
  /** Without a wish: what it is called after. */
  readonly shadows?: Var["shadows"];
}

/** Gives every name of the IR its variable. */
export class Slots {
  private readonly slots = new Map<Var, Slot>();

  constructor(
    private readonly classes: Classes,
    private readonly liveness: Liveness,
    private readonly fn: Fn,
    private readonly usage: Usage,
    private readonly ownNames: ReadonlySet<string> = new Set(),
  ) {}

  of(v: Var): Slot {
    const head = this.classes.find(this.liveness.head(v));
    let slot = this.slots.get(head);
    if (slot === undefined) this.slots.set(head, (slot = this.make(v, head)));
    return slot;
  }

  /** Whether anything reads this carried value or result of an `if`. */
  isRead(v: Var): boolean {
    return !this.liveness.dead.has(this.liveness.head(v));
  }

  /** Whether a variable holds one value from where it is bound to where its block ends. */
  isStable(v: Var): boolean {
    const head = this.liveness.head(v);
    return head === v && !this.liveness.carries(v) && this.classes.members(head).length === 1;
  }

  private isOnlyCompared(v: Var, members: readonly Var[]): boolean {
    return this.usage.of(v).every(({ user, block, place }) => {
      if (user !== undefined) return user.kind === "let" && /^[!=]==$/.test(user.op) && user.args.some((a) => a.kind === "literal");
      const owner = this.usage.ownerOf(block);
      const to = owner?.kind === "if" ? owner.results[place] : owner?.kind === "loop" ? owner.carried[place - 1]?.param : undefined;
      return to !== undefined && members.includes(to);
    });
  }

  private make(v: Var, head: Var): Slot {
    const members = this.classes.members(head);
    const param = members.find((m) => this.fn.params.includes(m));
    if (v.captured === true) return { wish: v.name, type: v.type, kind: "captured", own: true };
    const kind = param !== undefined ? "param" : this.usage.counters.has(v) ? "counter" : "local";
    // for (let i = n - 1; …): the name is that of the counter.
    const isStart = param === undefined && members.every((m) => m.name === "" || this.usage.starts.get(m) === m.name);
    const wish = isStart ? "" : this.classes.name(head);
    const shadows = wish === "" ? members.find((m) => m.shadows !== undefined)?.shadows : undefined;
    const isName = param === undefined && isNames(head.type) && members.every((m) => this.isOnlyCompared(m, members));
    // TypeScript knows which of the names it is on each path, and takes no comparison with others.
    return { shadows, wish, type: isName ? { kind: "opaque", text: "string" } : (param ?? head).type, kind, own: param !== undefined || this.ownNames.has(wish) };
  }
}

function isNames(type: Type): boolean {
  return type.kind === "opaque" && type.nullable !== true && /^"[^"]*"(?: \| "[^"]*")+$/.test(type.text ?? "");
}

/** Puts names that hand their value on, and never live together, into one variable. */
export function coalesce(fn: Fn, liveness: Liveness): Classes {
  const classes = new Classes(liveness, new Set(fn.params));
  const weight = (p: Pair): number => (p.from.name !== "" && p.from.name === p.to.name ? 100 : 0) + p.depth;
  const pairs = [...liveness.pairs].sort((a, b) => weight(b) - weight(a));
  for (const { from, to } of pairs) classes.join(from, to);
  return classes;
}

export class Classes {
  private readonly parents = new Map<Var, Var>();
  private readonly lists = new Map<Var, Var[]>();

  constructor(
    private readonly liveness: Liveness,
    private readonly params: ReadonlySet<Var>,
  ) {}

  find(v: Var): Var {
    const parent = this.parents.get(v);
    if (parent === undefined) return v;
    const root = this.find(parent);
    this.parents.set(v, root);
    return root;
  }

  members(v: Var): readonly Var[] {
    const root = this.find(v);
    return this.lists.get(root) ?? [root];
  }

  name(v: Var): string {
    return this.members(v).find((m) => m.name !== "")?.name ?? "";
  }

  join(a: Var, b: Var): void {
    const from = this.find(a);
    const to = this.find(b);
    if (from === to || !this.mayJoin(from, to)) return;
    this.lists.set(to, [...this.members(to), ...this.members(from)]);
    this.lists.delete(from);
    this.parents.set(from, to);
  }

  private mayJoin(a: Var, b: Var): boolean {
    const [left, right] = [this.members(a), this.members(b)];
    const [leftName, rightName] = [this.name(a), this.name(b)];
    const params = [...left, ...right].filter((v) => this.params.has(v)).length;
    // A parameter is only assigned to where the source did that.
    if (params > 1 || (params === 1 && leftName !== rightName)) return false;
    if (leftName !== "" && rightName !== "" && leftName !== rightName) return false;
    if (!sameText(a.type, b.type)) return false;
    if ([...left, ...right].some((v) => this.liveness.kept.has(v))) return false;
    return !left.some((l) => right.some((r) => this.liveness.meets(l, r)));
  }
}
