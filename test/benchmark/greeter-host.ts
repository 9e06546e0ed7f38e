/** A host whose greeters run in one runtime, and the folders they come from. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createExtensionHost, greeters, type ExtensionHost } from "@plugboard/core";
import type { Greeter, Remote } from "@plugboard/extension-api";

/** The runtimes that run extensions apart from the host. */
export type ApartKind = "worker" | "process";

/** Writes the folder of the greeter of this number; those of one group share what runs them. */
export function writeGreeter(folder: string, index: number, group?: string): void {
  const name = greeterName(index);
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const manifest = {
    manifestVersion: 1,
    id: `bench.${name}`,
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    main: "./extension.js",
    contributes: { greeters: [{ id: name, lang: "English" }] },
    ...(group === undefined ? {} : { group }),
  };
  writeFileSync(join(path, "plugin.json5"), JSON.stringify(manifest));
  writeFileSync(
    join(path, "extension.js"),
    `exports.activate = (context) => {
  context.contribute("greeters", ${JSON.stringify(name)}, {
    greet: (name) => (name === "" ? String(process.pid) : "Hello, " + name),
  });
};
`,
  );
}

/** Starts a host of the folder; nothing is active in it. */
export async function startGreeterHost(folder: string, kind: ApartKind): Promise<ExtensionHost> {
  const host = createExtensionHost({
    extensionFolders: [folder],
    points: [greeters],
    runtimePolicy: () => kind,
    grants: () => ({ group: "bench" }),
  });
  await host.start();
  return host;
}

/** The greeter of the number. It says which process it runs in to whom has no name. */
export function greeterOf(host: ExtensionHost, index: number): Remote<Greeter> {
  const greeter = host.contributions(greeters).get(greeterName(index));
  if (greeter === undefined) throw new Error(`Nobody contributes ${greeterName(index)}.`);
  return greeter;
}

function greeterName(index: number): string {
  return `greeter-${String(index).padStart(3, "0")}`;
}
