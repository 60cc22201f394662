/** The topics of one of two files: together they take as long as the others, and the two run beside each other. */
export const topics: ReadonlySet<string> = new Set(["arithmetic", "arrays", "branches", "calls"]);
