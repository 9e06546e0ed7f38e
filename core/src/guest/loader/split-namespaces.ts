/**
 * Finds where a part of a TypeScript namespace uses a name that only an earlier part exports. The transform knows one
 * part at a time and leaves such a name as it is, so that it would mean nothing when the code runs.
 */
import type { AnyNode, Expression, FunctionExpression, Program } from "acorn";
import { namesOf } from "./scan-syntax.js";

/** A name of another part, where it is used. @internal */
export interface ForeignName {
  readonly name: string;
  /** The namespace, with those around it. */
  readonly namespace: string;
  readonly offset: number;
}

/** Whether a text may have a namespace in several parts. @internal */
export function hasSplitNamespace(source: string): boolean {
  const names = Array.from(source.matchAll(/\b(?:namespace|module)\s+([\w$.]+)\s*\{/g), ([, name]) => name);
  return new Set(names).size < names.length;
}

/** The first use of such a name in the code that was made of the text. @internal */
export function findForeignName(tree: Program): ForeignName | undefined {
  return new NamespaceScan().find(tree, "");
}

class NamespaceScan {
  /** Names that the parts so far export, by namespace. */
  readonly #exported = new Map<string, Set<string>>();

  find(node: AnyNode, path: string): ForeignName | undefined {
    const part = namespacePart(node);
    if (part === undefined) return firstOf(node, (child) => this.find(child, path));
    const namespace = path === "" ? part.name : `${path}.${part.name}`;
    const earlier = this.#exported.get(namespace);
    const foreign = earlier === undefined ? undefined : foreignName(part.body, earlier);
    if (foreign !== undefined) return { ...foreign, namespace };
    this.#exported.set(namespace, new Set([...(earlier ?? []), ...exportsOf(part.body, part.parameter)]));
    return this.find(part.body.body, namespace);
  }
}

interface NamespacePart {
  readonly name: string;
  readonly parameter: string;
  readonly body: FunctionExpression;
}

/** `(function (_Name) { … })(Name || …)` */
function namespacePart(node: AnyNode): NamespacePart | undefined {
  if (node.type !== "CallExpression" || node.arguments.length !== 1) return undefined;
  const callee = withoutParentheses(node.callee as Expression);
  const [argument] = node.arguments;
  const [parameter] = callee.type === "FunctionExpression" ? callee.params : [];
  if (callee.type !== "FunctionExpression" || parameter?.type !== "Identifier") return undefined;
  if (argument?.type !== "LogicalExpression" || argument.left.type !== "Identifier") return undefined;
  const { name } = argument.left;
  return parameter.name.startsWith(`_${name}`)
    ? { name, parameter: parameter.name, body: callee }
    : undefined;
}

function withoutParentheses(node: Expression): Expression {
  return node.type === "ParenthesizedExpression" ? withoutParentheses(node.expression) : node;
}

function exportsOf(node: AnyNode, parameter: string): readonly string[] {
  if (
    node.type === "AssignmentExpression" &&
    node.left.type === "MemberExpression" &&
    node.left.object.type === "Identifier" &&
    node.left.object.name === parameter &&
    node.left.property.type === "Identifier"
  ) {
    return [node.left.property.name, ...exportsOf(node.right, parameter)];
  }
  return childrenOf(node).flatMap((child) => exportsOf(child, parameter));
}

function foreignName(
  body: AnyNode,
  exported: ReadonlySet<string>,
): Omit<ForeignName, "namespace"> | undefined {
  const declared = new Set(declaredWithin(body));
  return findUse(body, (name) => exported.has(name) && !declared.has(name));
}

function declaredWithin(node: AnyNode): readonly string[] {
  const own =
    node.type === "VariableDeclarator"
      ? namesOf(node.id)
      : node.type === "FunctionDeclaration" || node.type === "FunctionExpression"
        ? [...namesOf(node.id ?? null), ...node.params.flatMap(namesOf)]
        : node.type === "ArrowFunctionExpression"
          ? node.params.flatMap(namesOf)
          : node.type === "ClassDeclaration" || node.type === "ClassExpression"
            ? namesOf(node.id ?? null)
            : node.type === "CatchClause"
              ? namesOf(node.param ?? null)
              : [];
  return [...own, ...childrenOf(node).flatMap(declaredWithin)];
}

function findUse(
  node: AnyNode,
  isWanted: (name: string) => boolean,
): Omit<ForeignName, "namespace"> | undefined {
  if (node.type === "Identifier") {
    return isWanted(node.name) ? { name: node.name, offset: node.start } : undefined;
  }
  return firstOf(node, (child) => findUse(child, isWanted));
}

function firstOf<T>(node: AnyNode, find: (child: AnyNode) => T | undefined): T | undefined {
  for (const child of childrenOf(node)) {
    const found = find(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is part of a node, but for names of members and labels, which stand for nothing else. */
function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.entries(node).flatMap(([key, child]: [string, unknown]) => {
    if (key === "label" || (!("computed" in node && node.computed) && isMemberName(node, key))) return [];
    return (Array.isArray(child) ? child : [child]).filter(isNode);
  });
}

function isMemberName(node: AnyNode, key: string): boolean {
  return key === (node.type === "MemberExpression" ? "property" : "key") && "computed" in node;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
