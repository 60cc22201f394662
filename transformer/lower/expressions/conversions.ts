import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { isHarmlessBody } from "./harmless.js";

/** What JavaScript calls of itself, where an object stands for a text, a number or a list. */
const called: ReadonlySet<string> = new Set(["toString", "valueOf", "toJSON", "__@toPrimitive", "__@iterator"]);

/** Whether an expression is an object that is made a text, a number or a list here, by a method of the program that changes something. */
export function isConvertedByProgram(l: Lowering, node: ts.Node): boolean {
  const { ts, checker } = l;
  if (!ts.isExpression(node) || !isConverted(l, node)) return false;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.UnionOrIntersection)) === 0) return false;
  const members = checker.getPropertiesOfType(type).filter(({ escapedName }) => called.has(String(escapedName).replace(/@\d+$/, "")));
  const bodies = members.flatMap((m) => m.declarations ?? []).filter((d) => !l.context.program.isSourceFileDefaultLibrary(d.getSourceFile()));
  return bodies.some((d) => !isHarmlessBody(l, d));
}

/** `${o}`, +o, o + 1, [...o], String(o) */
function isConverted(l: Lowering, node: ts.Expression): boolean {
  const { ts } = l;
  const { parent } = node;
  const { EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken, CommaToken, InstanceOfKeyword, EqualsToken, InKeyword } = ts.SyntaxKind;
  if (ts.isTemplateSpan(parent) || ts.isSpreadElement(parent) || ts.isForOfStatement(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator !== ts.SyntaxKind.ExclamationToken;
  if (ts.isBinaryExpression(parent)) return ![EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken, CommaToken, InstanceOfKeyword, EqualsToken, InKeyword].some((kind) => kind === parent.operatorToken.kind);
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node;
}
