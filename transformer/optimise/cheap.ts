/** How many cheap operations may take the place of a load. */
export const mostInPlace = 2;
/** Operations that cost no more than a load. */
export const cheap: ReadonlySet<string> = new Set(["+", "-", "*"]);
