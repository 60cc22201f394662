/** A text in which each block under `<!-- name -->` holds what belongs there. */
export function withBlocks(text: string, contentOf: (name: string) => string | undefined): string {
  return text.replace(/<!-- (.*) -->\n```(\w+)\n[^]*?```/g, (whole, name: string, language: string) => {
    const content = contentOf(name);
    return content === undefined ? whole : `<!-- ${name} -->\n\`\`\`${language}\n${content.trimEnd()}\n\`\`\``;
  });
}

/** The text of a function, which stands at the left of a module. */
export function functionIn(text: string, name: string): string {
  return new RegExp(`function ${name}\\([^]*?\\n}\\n`).exec(text)?.[0] ?? "";
}
