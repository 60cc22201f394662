import { emittedText } from "./hosts/cli/emit.js";

/**
 * The code that is generated for the function `name` of `file`: made for snapshots.
 *
 * @example
 * expect(emitted("src/model.ts", "loss")).toMatchSnapshot();
 *
 * @throws Error when the function is not differentiated or cannot be, with the diagnostics.
 */
export function emitted(file: string, name: string): string {
  return emittedText(file, name);
}
