/**
 * Walks a syntax tree once and gathers what the transforms need beyond the import and export statements.
 * No scope analysis: a write to a name counts even where the name is shadowed; publishing once too often is harmless.
 */
import type { AnyNode, Expression, Pattern } from "acorn";

/** The findings of a walk. @internal */
export interface SyntaxFindings {
  /** `import(` expressions. */
  readonly dynamicImports: readonly AnyNode[];
  /** `import.meta` expressions. */
  readonly metaProperties: readonly AnyNode[];
  /** Assignments and updates, with the names they write. */
  readonly writes: readonly NameWrite[];
  /** Whether something awaits outside of all functions. */
  readonly awaitsAtTopLevel: boolean;
  /** Operands that may need parentheses to stand on a line of their own. */
  readonly operands: readonly Operand[];
  /** Starts of tokens that no newline may precede. */
  readonly unbreakable: Set<number>;
  /** Parts of template literals. */
  readonly literals: readonly (readonly [number, number])[];
}

/** An expression or a loop that writes names. @internal */
export interface NameWrite {
  readonly node: AnyNode;
  readonly names: readonly string[];
}

/** What follows `return`, `throw` or `yield`. @internal */
export interface Operand {
  readonly keyword: number;
  readonly start: number;
  readonly end: number;
}

interface OpenFindings extends SyntaxFindings {
  readonly dynamicImports: AnyNode[];
  readonly metaProperties: AnyNode[];
  readonly writes: NameWrite[];
  awaitsAtTopLevel: boolean;
  readonly operands: Operand[];
  readonly literals: [number, number][];
}

/** Walks the tree that was parsed from the code. @internal */
export function scanSyntax(tree: AnyNode, code: string): SyntaxFindings {
  const findings: OpenFindings = {
    dynamicImports: [],
    metaProperties: [],
    writes: [],
    awaitsAtTopLevel: false,
    operands: [],
    unbreakable: new Set(),
    literals: [],
  };
  visit(tree, { code, findings, depth: 0 });
  findings.literals.sort(([a], [b]) => a - b);
  return findings;
}

/** Names that a pattern binds or writes. @internal */
export function namesOf(pattern: Pattern | Expression | null): readonly string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ParenthesizedExpression":
      return namesOf(pattern.expression);
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => namesOf(element));
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    default:
      return [];
  }
}

interface Visit {
  readonly code: string;
  readonly findings: OpenFindings;
  readonly depth: number;
}

function visit(node: AnyNode, state: Visit): void {
  note(node, state);
  const inner = isFunction(node) ? { ...state, depth: state.depth + 1 } : state;
  for (const key in node) {
    const child: unknown = node[key as keyof AnyNode];
    if (typeof child !== "object" || child === null) continue;
    if (Array.isArray(child)) {
      for (const element of child) if (isNode(element)) visit(element, inner);
    } else if (isNode(child)) {
      visit(child, inner);
    }
  }
}

function note(node: AnyNode, { code, findings, depth }: Visit): void {
  switch (node.type) {
    case "MetaProperty":
      if (node.meta.name === "import") findings.metaProperties.push(node);
      break;
    case "ImportExpression":
      findings.dynamicImports.push(node);
      break;
    case "AwaitExpression":
      if (depth === 0) findings.awaitsAtTopLevel = true;
      break;
    case "ForOfStatement":
      if (node.await && depth === 0) findings.awaitsAtTopLevel = true;
      if (node.left.type !== "VariableDeclaration") findings.writes.push({ node, names: namesOf(node.left) });
      break;
    case "ForInStatement":
      if (node.left.type !== "VariableDeclaration") findings.writes.push({ node, names: namesOf(node.left) });
      break;
    case "AssignmentExpression":
      findings.writes.push({ node, names: namesOf(node.left) });
      break;
    case "UpdateExpression":
      findings.writes.push({ node, names: namesOf(node.argument) });
      if (!node.prefix) findings.unbreakable.add(node.end - 2);
      break;
    case "VariableDeclaration":
      if (node.kind === "await using" && depth === 0) findings.awaitsAtTopLevel = true;
      if (node.kind.endsWith("using")) findings.unbreakable.add(node.declarations[0]?.start ?? node.start);
      break;
    case "TemplateElement":
      findings.literals.push([node.start, node.end]);
      break;
    case "ReturnStatement":
    case "ThrowStatement":
    case "YieldExpression":
      if (node.argument) {
        findings.operands.push({ keyword: node.start, start: node.argument.start, end: node.argument.end });
        findings.unbreakable.add(node.argument.start);
      }
      break;
    case "BreakStatement":
    case "ContinueStatement":
      if (node.label) findings.unbreakable.add(node.label.start);
      break;
    case "ArrowFunctionExpression":
      findings.unbreakable.add(code.lastIndexOf("=>", node.body.start));
      if (node.async) findings.unbreakable.add(afterWord(code, node.start, "async"));
      break;
    case "FunctionDeclaration":
    case "FunctionExpression":
      if (node.async && code.startsWith("async", node.start)) {
        findings.unbreakable.add(afterWord(code, node.start, "async"));
      }
      break;
    case "MethodDefinition":
    case "Property":
      if (node.value.type === "FunctionExpression" && node.value.async && node.value.start > node.key.start) {
        findings.unbreakable.add(afterWord(code, code.indexOf("async", node.start), "async"));
      }
      break;
    default:
      break;
  }
}

function isFunction(node: AnyNode): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Start of the token that follows the word. */
function afterWord(code: string, start: number, word: string): number {
  let offset = start + word.length;
  while (/\s/.test(code.charAt(offset))) offset += 1;
  return offset;
}
