import type { Emitted, Span } from "../compilation.js";
import type { Origin } from "../ir/model.js";

/** A piece of text with the places it came from, counted from its own beginning. */
export type Fragment = Emitted;

/** ``write`${a} + ${b}` ``: pieces put together. */
export function write(strings: TemplateStringsArray, ...parts: readonly (Fragment | string | number)[]): Fragment {
  return concat(strings.flatMap((s, i) => [s, parts[i] ?? ""]));
}

export function concat(parts: readonly (Fragment | string | number)[]): Fragment {
  let text = "";
  const spans: Span[] = [];
  for (const part of parts) {
    if (typeof part === "object") {
      const { length } = text;
      for (const s of part.spans) spans.push({ ...s, start: s.start + length, end: s.end + length });
      text += part.text;
    } else text += String(part);
  }
  return { text, spans };
}

export function plain(text: string): Fragment {
  return { text, spans: [] };
}

/** `a, b, c`. */
export function list(parts: readonly Fragment[], separator = ", "): Fragment {
  return concat(parts.flatMap((p, i) => (i === 0 ? [p] : [separator, p])));
}

/** The same text, all of which came from `origin`. */
export function located(fragment: Fragment, origin: Origin | undefined): Fragment {
  const span = origin && spanOf(origin, 0, fragment.text.length);
  return span === undefined ? fragment : { text: fragment.text, spans: [span, ...fragment.spans] };
}

export function spanOf(origin: Origin, start: number, end: number): Span {
  return { start, end, file: origin.file, pos: origin.pos, length: origin.end - origin.pos };
}
