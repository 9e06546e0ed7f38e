import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExtensionInfo } from "../../../../../core/src/index.js";
import {
  extensionTable,
  findingLines,
  trustLines,
} from "../../../../../core/src/cli/output/extension-table.js";

const cwd = join(import.meta.dirname, "nowhere");
const style = (_format: unknown, text: string) => text;

function extension(id: string, more: Partial<ExtensionInfo> = {}): ExtensionInfo {
  return {
    id,
    version: "1.0.0",
    state: "ready",
    generation: 1,
    runtime: "in-process",
    trust: "full rights",
    folder: join(cwd, "extensions", id),
    contributes: { greeters: ["a-greeter-with-a-long-name"] },
    problems: [],
    ...more,
  };
}

test("the runtime, which the lines beneath the table explain, is in it at every width", () => {
  const signature = { state: "unsigned", message: "Nobody has signed it." } as const;
  for (const width of [40, 80, 120]) {
    const table = extensionTable([extension("acme.english", { signature } as Partial<ExtensionInfo>)], {
      cwd,
      width,
      style,
    });
    expect(table.join("\n")).toMatch(/RUNTIME[^]*in-process/);
  }
});

test("what a folder lacks is told once, while it may still be written too", () => {
  const folder = join(cwd, "extensions/dropped");
  const message = "The folder holds no plugin.json5.";
  const file = join(folder, "plugin.json5");
  const dropped = extension("acme.dropped", {
    state: "blocked",
    reason: { code: "INCOMPLETE", message },
    problems: [{ code: "MANIFEST_MISSING", severity: "warning", file, message }],
  });
  const lines = findingLines([dropped], [], { cwd, style });
  expect(lines.filter((line) => line.includes(message))).toHaveLength(1);
});

test("what a runtime lets its code reach is told only if something could run there", () => {
  const english = extension("acme.english", { runtime: "process", trust: "declared capabilities" });
  const broken = extension("acme.broken", { state: "invalid", generation: 0 });
  expect(trustLines([english, broken], style)).toEqual(["process: held to its declared capabilities"]);
  expect(trustLines([broken], style)).toEqual([]);
});
