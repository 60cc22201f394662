import type { Type } from "./types.js";

/**
 * The intermediate representation: structured, typed, single assignment, closed under differentiation.
 *
 * A function is a tree of blocks. Every `Var` is bound once: as a parameter, by a statement, as a loop's counter or
 * carried parameter. A name is in scope in the rest of its block and in the blocks within. Scalars are values;
 * arrays and records are memory, reached through references. Nothing here is ever changed after it is built.
 */
export interface Var {
  readonly kind: "var";
  /** The name in the source, or the wish of the stage that made it. Names need not be unique: identity counts. */
  readonly name: string;
  readonly type: Type;
  readonly origin?: Origin;
  /** Free in the function and visible where it stands: printed under exactly this name. */
  readonly captured?: boolean;
  /** Whether it is captured and can be imported wherever the code stands. */
  readonly imported?: boolean;
  /** Captured from a block: it is visible only there, and not in all of its module. */
  readonly local?: boolean;
  /** Captured: other names from outside may lead to the same memory. That is known when all functions have been read. */
  shared?: boolean;
  /** Captured: a class of the program, under the name of its declaration. */
  readonly isClass?: boolean;
  /** A parameter of the compiler's own making, which is written as the pattern of what it holds: `[x, y]`. */
  readonly isTuple?: boolean;
  /** The parameter takes all the arguments that are left: `...xs`. */
  readonly isRest?: boolean;
  /** The adjoint of a result, as it is handed to the code that reverses it: of the shape of the result, and no other name leads to it that this code writes by. */
  readonly isCotangent?: boolean;
  /** The shadow of what has no name is called after the name that this is given. */
  readonly shadows?: { readonly of: Var; readonly prefix: string };
}
export interface Literal {
  readonly kind: "literal";
  readonly value: number | boolean | string | undefined;
  readonly type: Type;
  /** How the source wrote it (`1e-3`, `Math.PI`), where that is worth keeping. */
  readonly text?: string;
  /** The number as it is written, where `text` is the name of a constant of the module. */
  readonly written?: string;
}
export type Atom = Var | Literal;

/** Where something came from. `file` is absolute; `pos` and `end` are offsets without leading trivia. */
export interface Origin {
  readonly file: string;
  readonly pos: number;
  readonly end: number;
  /** The source text of the statement that this belongs to, for comments: one line, shortened. */
  readonly statement?: string;
  /** Comments that stood before that statement. */
  readonly comments?: readonly string[];
  /** Backward code: printed under `// from: statement`. */
  readonly reverse?: boolean;
}

/**
 * The identity of a block through rewriting. A block of a mirror names the region that it reverses; names of that
 * region may be used in it until the save stage has brought them into scope.
 */
export interface Region {
  readonly name: string;
  readonly mirrors?: Region;
}
export interface Block {
  readonly region: Region;
  readonly statements: readonly Statement[];
  /**
   * What the block ends with: the values of the function's results, of an `if`'s results, or of a loop's turn
   * (`[status, ...next]`: status 0 goes on to the next turn, any other ends the loop with these values).
   */
  readonly yields: readonly Atom[];
}

export interface Fn {
  readonly name: string;
  readonly params: readonly Var[];
  /** Names of the source that the function uses and does not bind. */
  readonly captures: readonly Var[];
  readonly body: Block;
  /** The types of `body.yields`; one result is returned as it is, several as an array to be taken apart. */
  readonly results: readonly Type[];
  /** Its text from the parameters on, where it stands in the emitted code as it is. */
  readonly written?: string;
  /** Whether it gives the union of the sets that its second argument lists, in any order and as often as one likes; 0 is the empty one. */
  readonly unites?: boolean;
  readonly origin?: Origin;
}

/** `a[i]` or `a.field`. `length` is the field "length" of an array. */
export type Key = Atom | Field;
export interface Field {
  readonly kind: "field";
  readonly name: string;
}

export type Statement =
  | Let
  | Load
  | Store
  | Accumulate
  | Push
  | Pop
  | Resize
  | Copy
  | Allocate
  | If
  | Loop
  | Call
  | Opaque
  | Effect;

interface Sourced {
  readonly origin?: Origin;
}
/** `result = op(args)`: pure, a row of the rule table or an operator. */
export interface Let extends Sourced {
  readonly kind: "let";
  readonly result: Var;
  readonly op: string;
  readonly args: readonly Atom[];
  /** Of `dx !== 0`: it asks whether anything has arrived, so that what goes by it is smooth where that is 0. */
  readonly presence?: true;
}
/** `result = of[key]`. `length` of memory is a load of the field "length". */
export interface Load extends Sourced {
  readonly kind: "load";
  readonly result: Var;
  readonly of: Atom;
  readonly key: Key;
}
/** `of[key] = value`. */
export interface Store extends Sourced {
  readonly kind: "store";
  readonly of: Atom;
  readonly key: Key;
  readonly value: Atom;
  /** The place is known to be there already. */
  readonly within?: boolean;
  /** It makes memory that is given as good as new. */
  readonly clears?: boolean;
}
/** `of[key] += value`, of reals. */
export interface Accumulate extends Sourced {
  readonly kind: "accumulate";
  readonly of: Atom;
  readonly key: Key;
  readonly value: Atom;
  /** By a loop that adds all of one array to another which is as long. */
  readonly whole?: boolean;
}
/** `of.push(value)`, of arrays only. */
export interface Push extends Sourced {
  readonly kind: "push";
  readonly of: Atom;
  readonly value: Atom;
}
/** `result = of.pop()`. The array is known not to be empty. */
export interface Pop extends Sourced {
  readonly kind: "pop";
  readonly result: Var;
  readonly of: Atom;
}
/**
 * Makes an array of reals have this length: cut off, or filled up with 0. With `atLeast`, only ever longer, and with
 * `atMost` only ever shorter.
 */
export interface Resize extends Sourced {
  readonly kind: "resize";
  readonly of: Atom;
  readonly length: Atom;
  readonly atLeast?: boolean;
  readonly atMost?: boolean;
  /** What it is longer by are holes and no zeros: `a.length = n` of the source. */
  readonly holes?: boolean;
}
/**
 * `result = of.slice(from, to)`, of the same type. `depth` > 1 copies that many levels of nested arrays; records
 * are copied field by field.
 */
export interface Copy extends Sourced {
  readonly kind: "copy";
  readonly result: Var;
  readonly of: Atom;
  readonly from?: Atom;
  readonly to?: Atom;
  readonly depth: number;
}
/** New memory. */
export interface Allocate extends Sourced {
  readonly kind: "allocate";
  readonly result: Var;
  readonly initial: Initial;
}
export type Initial =
  /** `length` elements, all `value` (a literal; `undefined` leaves holes in an array). */
  | { readonly kind: "fill"; readonly length: Atom; readonly value: Atom }
  /** `[a, b, c]`, also of a tuple; of a record in the order of its fields. */
  | { readonly kind: "elements"; readonly elements: readonly Atom[] }
  /** The shape of `source`, all reals 0: what shadows are. Its type may differ in storage (Float32Array). */
  | { readonly kind: "zerosLike"; readonly source: Atom };
/** Both blocks yield the values of `results`. A side that throws ends in an `effect` that does and yields anything. */
export interface If extends Sourced {
  readonly kind: "if";
  readonly test: Atom;
  readonly then: Block;
  readonly else: Block;
  readonly results: readonly Var[];
}
/**
 * Runs `body` with `carried` names renewed each turn. With a `counter` the loop also ends, with status 0, as soon
 * as its test fails; without one only a status other than 0 ends it. `exit` is that status (0: the counter).
 */
export interface Loop extends Sourced {
  readonly kind: "loop";
  readonly counter?: Counter;
  readonly carried: readonly Carried[];
  readonly body: Block;
  readonly exit?: Var;
  /** The label in the source, or a name to be found again in traces. */
  readonly label?: string;
}
/** `for (let i = start; i (test) bound; i += step)`. Bound and step do not change within the loop. */
export interface Counter {
  readonly var: Var;
  readonly start: Atom;
  readonly test: "<" | "<=" | ">" | ">=";
  readonly bound: Atom;
  /** An integer other than 0. */
  readonly step: number;
}
export interface Carried {
  readonly param: Var;
  readonly init: Atom;
  /** The last value, bound after the loop. */
  readonly result: Var;
}
/** `results = callee(args)`: another function of the same program. */
export interface Call extends Sourced {
  readonly kind: "call";
  readonly callee: FnRef;
  readonly args: readonly Atom[];
  readonly results: readonly Var[];
  /**
   * Of a call that is made later: the first parameters, which are given then. The result is a function of these, and the
   * arguments in their places say nothing. Only the last derivative of a function has such calls.
   */
  readonly later?: readonly Var[];
  /** Of a call of which the mirror keeps what it was given and nothing else: there it is made again. */
  readonly checkpoint?: boolean;
}
/**
 * A function by name, which may be built later (recursion). `fn()` throws before that. Identity counts.
 */
export interface FnRef {
  readonly name: string;
  readonly fn: () => Fn;
  /** The reference of which this is another form: the same function with calls pasted into it. */
  readonly of?: FnRef;
  /** Whether it stays a function of its own, however small it is. */
  readonly isApart?: boolean;
  /** How it is differentiated, where that is not by its body. */
  readonly custom?: CustomRule;
}
/** A rule of the user's own for a function of the parameters `args` with one result. */
export interface CustomRule {
  /** Reverse mode: the adjoints of the parameters, `(g, out, ...args)`; of several a tuple or an array. */
  readonly pullback: FnRef;
  /** Forward mode: the tangent of the result, `(t, out, ...args)`, where `t` has the shape of what the pullback gives. */
  readonly tangent?: FnRef;
  /** The function of the program that says it. */
  readonly source?: FnRef;
}
/** Source text between atoms, evaluated once where it stands: `text[0] args[0] text[1] …`. An expression. */
export interface Opaque extends Sourced {
  readonly kind: "opaque";
  readonly result?: Var;
  readonly text: readonly string[];
  readonly args: readonly Atom[];
  /** The places of arguments of which only numbers and the like are read: the result has no part of their memory. */
  readonly plain?: readonly number[];
  /** The places of those of them that it does not write to. */
  readonly read?: readonly number[];
  /** The places of arguments whose memory it may keep where text finds it again. */
  readonly kept?: readonly number[];
  /** It may be dropped when its result is not used. */
  readonly pure?: boolean;
  /** It only reads memory reachable from its arguments. */
  readonly readsOnly?: boolean;
  /** It only reads a variable, a number or the like: that gives the same always, or as long as no text runs that may assign it. */
  readonly rereads?: "always" | "untilTextRuns";
  /** Its result is new memory. */
  readonly fresh?: boolean;
  /** What it gives follows from what its arguments hold, and from nothing else. */
  readonly follows?: boolean;
  /** Its result is new memory too, but may hold references to that of its arguments. */
  readonly made?: boolean;
}
/** A statement of source text that gives nothing: `console.log(x)`, `throw …`. */
export interface Effect extends Sourced {
  readonly kind: "effect";
  readonly text: readonly string[];
  readonly args: readonly Atom[];
  readonly throws?: boolean;
}
