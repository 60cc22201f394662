import type ts from "typescript";
import { findRequests } from "../../../requests.js";
import { isSecond, type Request } from "../../../requests/request.js";
import { openPackages } from "../../../through.js";
import type { Project } from "../project.js";
import { adviceFor } from "./judge.js";
import { parametersOf } from "./parameters.js";
import { NoRecipe } from "./recipe.js";
import type { Asked } from "./protocol.js";
import { namesOutOfReach } from "./reach.js";

/** A derivative that a file asks for: what it is called in what is printed, and how it can be checked, or why it cannot. */
export interface Requested {
  readonly line: number;
  readonly label: string;
  readonly subject: Subject | { readonly why: string };
}

/** What is registered for a derivative, in texts of the file itself, and what the child is told. */
export interface Subject {
  readonly asked: Asked;
  readonly f: string;
  readonly derivative: string;
  /** Of a second derivative: the arguments of the gradient that it is the derivative of. */
  readonly gradient?: readonly string[];
}


/** The derivatives that the file of a project asks for. */
export function requestedIn({ ts, program, file, through }: Project): Requested[] {
  const checker = program.getTypeChecker();
  const own = findRequests(ts, openPackages(ts, program, through)).requests.filter(({ call }) => call.getSourceFile() === file);
  return own.map((request, index): Requested => {
    const { call } = request;
    return {
      line: file.getLineAndCharacterOfPosition(call.getStart(file)).line + 1,
      label: labelOf(ts, call),
      subject: subjectOf(request, index),
    };
  });

  function subjectOf({ call, target }: Request, index: number): Subject | { why: string } {
    const [f] = call.arguments;
    const order = target.orders.at(-1);
    if (f === undefined || order === undefined) return { why: "it names no function" };
    const hidden = namesOutOfReach(ts, checker, call);
    if (hidden.length > 0) {
      const names = hidden.map((name) => `'${name}'`).join(", ");
      return { why: `it is made inside ${placeOf(ts, call)} out of ${names}, which a check cannot reach: move ${hidden.length === 1 ? "it" : "them"} to the top of the module` };
    }
    const params = parametersOf(ts, checker, f);
    const { kind, wrt, sparse } = order;
    if (params instanceof NoRecipe) return { why: `${params.why}: ${adviceFor(kind)}` };
    if (isSecond(kind) && !ts.isExternalModule(file)) return { why: `${kind} is checked in modules that say import or export only` };
    const [only] = wrt?.parameters ?? [];
    const asked = { index, kind, params, ...(sparse === true && { sparse }) };
    return {
      asked: wrt === undefined ? asked : { ...asked, wrt: wrt.single && only !== undefined ? only : wrt.parameters },
      f: f.getText(file),
      derivative: constantOf(ts, call)?.name.text ?? call.getText(file),
      ...(isSecond(kind) && { gradient: [f, ...call.arguments.slice(1)].map((argument) => argument.getText(file)) }),
    };
  }
}

const longest = 60;

/** `df = grad(f)`, or the call alone, in one line. */
function labelOf(compiler: typeof ts, call: ts.CallExpression): string {
  const text = call.getText().replace(/\s+/g, " ");
  const { parent } = call;
  const name = compiler.isVariableDeclaration(parent) || compiler.isPropertyAssignment(parent) ? parent.name.getText() : undefined;
  const label = name === undefined ? text : `${name} = ${text}`;
  return label.length <= longest ? label : `${label.slice(0, longest - 1)}…`;
}

/** `const df = grad(f)` at the top of a module: what it holds is what the program uses. */
function constantOf(compiler: typeof ts, call: ts.CallExpression): { readonly name: ts.Identifier } | undefined {
  const declaration = call.parent;
  if (!compiler.isVariableDeclaration(declaration) || !compiler.isIdentifier(declaration.name)) return undefined;
  const list = declaration.parent;
  const isConstant = compiler.isVariableDeclarationList(list) && (list.flags & compiler.NodeFlags.Const) !== 0;
  const atTop = compiler.isVariableStatement(list.parent) && compiler.isSourceFile(list.parent.parent);
  return isConstant && atTop ? { name: declaration.name } : undefined;
}

/** The innermost function, class or namespace that a call stands in, by name. */
function placeOf(compiler: typeof ts, call: ts.Node): string {
  for (let node = call.parent; !compiler.isSourceFile(node); node = node.parent) {
    if (compiler.isFunctionLike(node) || compiler.isClassLike(node) || compiler.isModuleDeclaration(node)) {
      const named = node.name ?? (compiler.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
      return named === undefined ? "a function" : `'${named.getText()}'`;
    }
  }
  return "a block";
}
