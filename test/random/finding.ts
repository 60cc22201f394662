/** What is wrong with a program, or with what the compiler made of it. */
export interface Finding {
  /** A few words that stay the same while a program is shrunk; for a diagnostic its number. */
  readonly kind: string;
  readonly text: string;
}

/** Kinds that are the generator's fault and not the compiler's. */
export const ownKinds: readonly string[] = ["invalid program", "program throws", "program hangs", "program is wild"];

/** Whether a derivative is wrong, throws or does not end, or the compiler does: no refusal, and no text that TypeScript would refuse. */
export function isWrong({ kind }: Finding): boolean {
  return kind === "TSG3190" || !(kind.startsWith("TSG") || kind === "emitted types" || ownKinds.includes(kind));
}

/** The same for failures that are the same: without names, numbers and places. */
export function signature({ kind, text }: Finding): string {
  const words = kind.startsWith("TSG") || kind.includes("throws") || kind === "emitted types" ? (text.split("\n")[0]?.split(" | ")[0] ?? "") : "";
  return `${kind} ${words.replace(/'[^']*'/g, "'…'").replace(/ at \[.*/, "").replace(/\d+/g, "0")}`.trim();
}
