/** What all generated source files have in common. */
import prettier from "prettier";

/** A schema, or a part of one. */
export type SchemaNode = Record<string, unknown>;

/** The comment that begins what follows from a schema. */
export function generatedFrom(schemaFile: string): string {
  return `Generated from ${schemaFile} by \`npm run generate -w @plugboard/schemas\`. Do not edit.`;
}

/** The source as it is kept in the repository. */
export function format(source: string): Promise<string> {
  return prettier.format(source, { parser: "typescript", printWidth: 110 });
}
