/** A text in which each block under `<!-- name -->` holds what belongs there. */
export function withBlocks(text: string, blocks: ReadonlyMap<string, string>): string {
  return text.replace(/<!-- (.*) -->\n```(\w+)\n[^]*?```/g, (whole, name: string, language: string) => {
    const content = blocks.get(name);
    return content === undefined ? whole : `<!-- ${name} -->\n\`\`\`${language}\n${content.trimEnd()}\n\`\`\``;
  });
}

/** The text of an emitted function. */
export function functionIn(text: string, name: string): string {
  return new RegExp(`function ${name}\\([^]*?\\n}\\n`).exec(text)?.[0] ?? "";
}
