import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { greeters, type ExtensionContext } from "@plugboard/extension-api";

export async function activate(context: ExtensionContext): Promise<void> {
  const text = await readFile(join(context.extension.path, "greeting.txt"), "utf8");
  context.contribute(greeters, "{{contribution}}", {
    greet: (name) => text.trim().replaceAll("{name}", () => name),
  });
}
