import type { Emitted, Span } from "../compilation.js";

/** The text of `[start, end)` becomes the emitted one. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly emitted: Emitted;
}

export interface Edited extends Emitted {
  /** The stretches that were left as they are, each as long as it was. */
  readonly kept: readonly Span[];
}

/** Applies edits that do not overlap. Several at one place keep their order. */
export function applyEdits(file: string, source: string, edits: readonly Edit[]): Edited {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const spans: Span[] = [];
  const kept: Span[] = [];
  let text = "";
  let at = 0;
  const keep = (end: number): void => {
    if (end < at) throw new Error(`edits of ${file} overlap at ${String(end)}`);
    if (end > at) kept.push({ start: text.length, end: text.length + end - at, file, pos: at, length: end - at });
    text += source.slice(at, end);
  };
  for (const { start, end, emitted } of sorted) {
    keep(start);
    for (const span of emitted.spans) spans.push({ ...span, start: span.start + text.length, end: span.end + text.length });
    text += emitted.text;
    at = end;
  }
  keep(source.length);
  return { text, spans, kept };
}
