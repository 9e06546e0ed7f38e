/** Makes what follows from frame.schema.json: the types of all frames, and the check of a frame. */
import { readFileSync } from "node:fs";
import { frameChecks } from "./frame-checks.ts";
import type { FrameSchema } from "./frame-schema.ts";
import { frameTypes } from "./frame-types.ts";
import { format, generatedFrom } from "./generated-source.ts";

/** Contents by path relative to the package. */
export async function frameFiles(): Promise<readonly (readonly [path: string, content: string])[]> {
  const text = readFileSync(new URL("../frame.schema.json", import.meta.url), "utf8");
  const schema = JSON.parse(text) as FrameSchema;
  const head = generatedFrom("frame.schema.json");
  return [
    ["src/frame.ts", await format(frameTypes(schema, head))],
    ["src/frame-fault.ts", await format(frameChecks(schema, head))],
  ];
}
