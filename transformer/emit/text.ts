import type { Emitted, Span } from "../compilation.js";
import type { Origin } from "../ir/model.js";
import { spanOf, type Fragment } from "./fragment.js";

/** Text written line by line. */
export class Text {
  private text = "";
  private readonly spans: Span[] = [];
  private indent = 0;

  line(content: Fragment | string): void {
    const { text, spans } = typeof content === "string" ? { text: content, spans: [] } : content;
    this.text += "  ".repeat(this.indent);
    const start = this.text.length;
    for (const s of spans) this.spans.push({ ...s, start: s.start + start, end: s.end + start });
    this.text += `${text}\n`;
  }

  inside(write: () => void): void {
    this.indent++;
    write();
    this.indent--;
  }

  /** All that is written came from `origin`. */
  from(origin: Origin | undefined, write: () => void): void {
    const at = this.spans.length;
    const start = this.text.length + 2 * this.indent;
    write();
    if (origin !== undefined) this.spans.splice(at, 0, spanOf(origin, start, this.text.length - 1));
  }

  finish(): Emitted {
    return { text: this.text, spans: this.spans };
  }
}
