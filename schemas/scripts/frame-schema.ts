/** What the generators understand of frame.schema.json. */
import type { SchemaNode } from "./generated-source.ts";

/** The schema of all frames. */
export interface FrameSchema {
  readonly title: string;
  readonly description: string;
  readonly oneOf: readonly { readonly $ref: string }[];
  readonly $defs: Readonly<Record<string, SchemaNode>>;
}

/** The name of the definition that a reference leads to. */
export function referenced($ref: unknown): string {
  return String($ref).replace("#/$defs/", "");
}
