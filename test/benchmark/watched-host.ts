/** Waits for what a host that watches its folders comes to see. Every wait has a limit. */
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { greeters, type ExtensionHost, type Greeter, type Stub } from "@plugboard/core";
import { writeTrivialExtension } from "./extension-folders.ts";

const limitMs = 60_000;

/** Resolves with the greeter as soon as the host lists it. */
export function whenListed(host: ExtensionHost, id: string): Promise<Stub<Greeter>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      undo.dispose();
      reject(new Error(`The greeter ${id} was not listed in time.`));
    }, limitMs);
    const undo = host.onDidChangeContributions(({ added }) => {
      const greeter = added.includes(id) ? host.contributions(greeters).get(id) : undefined;
      if (greeter === undefined) return;
      clearTimeout(timer);
      undo.dispose();
      resolve(greeter);
    });
  });
}

/** Resolves once the greeter is listed no more. */
export function whenUnlisted(host: ExtensionHost, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      undo.dispose();
      reject(new Error(`The greeter ${id} was still listed after its time.`));
    }, limitMs);
    const undo = host.onDidChangeContributions(({ removed }) => {
      if (!removed.includes(id)) return;
      clearTimeout(timer);
      undo.dispose();
      resolve();
    });
  });
}

/** Resolves once the host sees changes of the folder as they happen, and has nothing left to do. */
export async function whenWatching(host: ExtensionHost, folder: string): Promise<void> {
  const listed = whenListed(host, "trial");
  writeTrivialExtension(folder, "trial");
  await listed;
  const unlisted = whenUnlisted(host, "trial");
  rmSync(join(folder, "trial"), { recursive: true });
  await unlisted;
  await host.rescan();
  await delay(500);
}
