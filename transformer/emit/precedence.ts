/** How tightly the operators of JavaScript bind: a part that binds less than its place asks for gets parentheses. */
export const level = {
  anything: 0,
  arrow: 1,
  choice: 2,
  /** `??`, which may not stand beside `||` and `&&` without parentheses. */
  nullish: 2.5,
  or: 3,
  and: 4,
  power: 13,
  unary: 14,
  /** Calls, member access, `new` with arguments, names and literals. */
  primary: 16,
} as const;

export interface Binary {
  readonly level: number;
  readonly left: number;
  readonly right: number;
}

const leftToRight: Readonly<Record<string, number>> = {
  "|": 5,
  "^": 6,
  "&": 7,
  "===": 8,
  "!==": 8,
  "==": 8,
  "!=": 8,
  "<": 9,
  "<=": 9,
  ">": 9,
  ">=": 9,
  "<<": 10,
  ">>": 10,
  ">>>": 10,
  "+": 11,
  "-": 11,
  "*": 12,
  "/": 12,
  "%": 12,
};

/**
 * What an operator asks of its operands. All but `**` bind from the left; on the left of `**` not even a sign may
 * stand: `(-x) ** 2`.
 */
export function binary(op: string): Binary | undefined {
  if (op === "**") return { level: level.power, left: level.unary + 1, right: level.power };
  if (op === "??") return { level: level.nullish, left: level.and + 1, right: level.and + 1 };
  // Beside `||` and `&&` it has to stand in parentheses.
  if (op === "??") return { level: level.choice, left: 5, right: 5 };
  const own = leftToRight[op];
  if (own === undefined) return undefined;
  // What is valid and yet misread gets parentheses: `(a === b) === c`, `(a + b) | 0`, `(a + b) << 2`.
  if (own === 8 || own === 9) return { level: own, left: 10, right: 10 };
  if (own <= 7 || own === 10) return { level: own, left: level.unary, right: level.unary };
  return { level: own, left: own, right: own + 1 };
}

/** What `op` asks of the operation `inner` on its left: `a | b | c` needs nothing, `(a * b) % c` reads better so. */
export function leftOf(op: string, inner: string | undefined): number {
  const asked = binary(op);
  if (asked === undefined) return level.anything;
  const { level: own, left } = asked;
  if (inner === op && left === own) return own;
  if (inner === op && (op === "??" || own <= 7 || own === 10)) return own;
  const other = inner === undefined ? undefined : binary(inner);
  return other?.level === own && (op === "%") !== (inner === "%") ? own + 1 : left;
}
