/**
 * Turns the definitions of frame.schema.json into types. Understands the keywords that the schema uses, and
 * says so of any other. What is not described may be there and is no part of a type.
 */
import { referenced, type FrameSchema } from "./frame-schema.ts";
import type { SchemaNode } from "./generated-source.ts";

/** The source of a module that exports one type a definition, and the union of all frames. */
export function frameTypes(schema: FrameSchema, head: string): string {
  return [
    `/** ${head} */`,
    ...Object.entries(schema.$defs).map(([name, node]) => documented(node, declaration(name, node))),
    documented({ description: schema.description }, declaration(schema.title, { oneOf: schema.oneOf })),
  ].join("\n\n");
}

function declaration(name: string, node: SchemaNode): string {
  return node.properties === undefined
    ? `export type ${name} = ${typeOf(node)};`
    : `export interface ${name} ${typeOf(node)}`;
}

function typeOf(node: SchemaNode): string {
  const choices = (node.anyOf ?? node.oneOf) as readonly SchemaNode[] | undefined;
  if (choices !== undefined) return choices.map(typeOf).join(" | ");
  if (node.$ref !== undefined) return referenced(node.$ref);
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (Array.isArray(node.enum)) return node.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(node.type)) return node.type.map((type) => typeOf({ type })).join(" | ");
  switch (node.type) {
    case undefined:
      return "unknown";
    case "string":
    case "boolean":
    case "number":
      return node.type;
    case "integer":
      return "number";
    case "array":
      return `readonly ${typeOf((node.items ?? {}) as SchemaNode)}[]`;
    case "object":
      return node.properties === undefined ? recordType(node) : objectType(node);
    default:
      throw new TypeError(`Types can't say ${JSON.stringify(node)} yet.`);
  }
}

function recordType({ additionalProperties }: SchemaNode): string {
  const value = additionalProperties === true ? {} : (additionalProperties as SchemaNode);
  return `Readonly<Record<string, ${typeOf(value)}>>`;
}

function objectType(node: SchemaNode): string {
  const required = new Set((node.required ?? []) as string[]);
  const fields = Object.entries(node.properties as Record<string, SchemaNode>).map(([name, field]) =>
    documented(field, `readonly ${name}${required.has(name) ? "" : "?"}: ${typeOf(field)};`),
  );
  return `{\n${fields.join("\n")}\n}`;
}

function documented({ description }: SchemaNode, source: string): string {
  return typeof description === "string" ? `${comment(description)}\n${source}` : source;
}

/** Prettier leaves comments as they are, so long ones are broken here. */
function comment(text: string): string {
  if (text.length <= 96) return `/** ${text} */`;
  return `/**\n${text.replaceAll(/(.{1,96})(?: |$)/g, " * $1\n")} */`;
}
