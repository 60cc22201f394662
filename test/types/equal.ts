/** Whether two types are the same, `readonly` and optional places told apart. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the claim is true: `same<Equal<A, B>>()`, with the values that it is about. */
export function same<Claim extends true>(..._about: readonly unknown[]): Claim | undefined {
  return undefined;
}
