/** An argument that is an object of a class of the program: made once the program runs. */
export class Made {
  readonly name: string;
  readonly args: readonly unknown[];

  constructor(name: string, args: readonly unknown[]) {
    this.name = name;
    this.args = args;
  }
}

/** An argument with the objects in it made. */
export function revived(value: unknown, exports: Readonly<Record<string, unknown>>): unknown {
  if (value instanceof Made) {
    const made = exports[value.name] as new (...args: unknown[]) => unknown;
    return new made(...value.args.map((arg) => revived(arg, exports)));
  }
  if (Array.isArray(value)) return value.map((element) => revived(element, exports));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revived(part, exports)]));
}
