/**
 * The code that is generated for the function `name` of `file`, or for all functions of it: made for snapshots.
 *
 * ```ts
 * expect(emitted("src/model.ts", "loss")).toMatchSnapshot();
 * ```
 */
export declare function emitted(file: string, name?: string): string;
