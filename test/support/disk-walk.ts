/**
 * Walks the places from which a host uses files and lets each fail in every way: at each, a host lives through a start
 * with an index, calls, a save, a reload, a removal and a return, and a write of state, while other extensions are called. Prints a JSON
 * line for each fault that a host did not live through as it should, and at last how many were tried. Of fewer ways
 * than all, each place fails in others than the one before it.
 *
 *     node --import ./failing-disk.ts disk-walk.ts <core> <folder> [ways of each place [number of this walker, of how many]]
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type * as Core from "@plugboard/core";
import { faultCodes, folders, sites, type FailingFolder, type Site } from "./failing-disk.ts";

const [coreUrl = "", folder = "", kinds = "9", part = "0", parts = "1"] = process.argv.slice(2);
const { createExtensionHost, isExtensionError } = (await import(coreUrl)) as typeof Core;
type Host = Core.ExtensionHost;

interface Walk {
  readonly runtime: string;
  readonly site: Site | undefined;
  readonly code: string;
}

/** What is said in place of a code. */
const words = /permissions|the disk is full|is not a folder|leads to itself/;
const runtimes = ["in-process", "worker", "process"] as const;
const batchSize = 96;
const atOnce = 32;
/** Files whose times are younger are not in the index. */
const racyMs = 2_100;
const uncaught: string[] = [];
process.on("uncaughtException", (error) => uncaught.push(error.stack ?? String(error)));
process.on("unhandledRejection", (error) => uncaught.push(String((error as Error).stack ?? error)));

const walked = new Set<string>();
let tried = 0;
let met = 0;
let number = 0;
await batch(runtimes.map((runtime) => ({ runtime, site: undefined, code: "" })));
for (;;) {
  const fresh = [...sites.values()].filter(({ key }) => !walked.has(key));
  const walks = fresh.flatMap((site, index) =>
    codesOf(walked.size + index).map((code): Walk => ({ runtime: runtimeOf(site), site, code })),
  );
  if (walks.length === 0) break;
  for (const { key } of fresh) walked.add(key);
  const own = walks.filter((_, index) => index % Number(parts) === Number(part));
  for (let start = 0; start < own.length; start += batchSize)
    await batch(own.slice(start, start + batchSize));
}
console.log(JSON.stringify({ sites: walked.size, tried, met, uncaught }));
process.exit(0);

function codesOf(index: number): readonly string[] {
  const count = Math.min(Number(kinds), faultCodes.length);
  return Array.from(
    { length: count },
    (_, each) => faultCodes[(index * count + each) % faultCodes.length] ?? "",
  );
}

/** The runtime that needs the site, the simplest if several do. */
function runtimeOf({ key }: Site): string {
  if (key.includes("runtime/process/")) return "process";
  return key.includes("runtime/worker/") ? "worker" : "in-process";
}

async function batch(walks: readonly Walk[]): Promise<void> {
  const prepared = walks.map((walk) => ({ walk, root: prepare(walk) }));
  await delay(racyMs);
  const waiting = [...prepared];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await walkOnce(next.walk, next.root);
    }),
  );
}

function prepare({ runtime }: Walk): string {
  const root = join(folder, `walk-${part}-${number++}`);
  writeExtension(join(root, "ext", "victim"), "t.victim", "1", runtime);
  writeExtension(join(root, "ext", "neighbour"), "t.neighbour", "1", "in-process");
  writeExtension(join(root, "others", "other"), "t.other", "1", "in-process");
  return root;
}

function writeExtension(path: string, id: string, version: string, runtime: string): void {
  mkdirSync(join(path, "conf", "deep"), { recursive: true });
  mkdirSync(join(path, "node_modules", "dep"), { recursive: true });
  const put = (name: string, text: string): void => {
    writeFileSync(join(path, `${name}.new`), text);
    renameSync(join(path, `${name}.new`), join(path, name));
  };
  put("conf/deep/file", version);
  put("node_modules/dep/package.json", `{"name":"dep","main":"index.js"}`);
  put("node_modules/dep/index.js", "module.exports = 'dep';");
  put("part.mjs", `import dep from "dep"; export default "${version} " + dep;`);
  put(
    "main.mjs",
    `import part from "./part.mjs";
export function activate(context) {
  context.contribute("commands", "${id}", { async execute(key) {
    if (key) await context.storage.set(key, part);
    return part;
  } });
}`,
  );
  put(
    "plugin.json5",
    JSON.stringify({
      manifestVersion: 1,
      id,
      version: `${version}.0.0`,
      main: "./main.mjs",
      runtime,
      watch: ["conf/**"],
      contributes: { commands: [{ id }] },
    }),
  );
}

async function walkOnce(walk: Walk, root: string): Promise<void> {
  const begun = performance.now();
  const { site, code, runtime } = walk;
  const failing: FailingFolder = { kindOf, fault: undefined };
  const options = {
    extensionFolders: [join(root, "ext"), join(root, "others")],
    stateFolder: join(root, "state"),
    watch: true,
  };
  // So that the next start finds an index.
  const first = createExtensionHost(options);
  await first.start();
  await first.stop();
  folders.set(root, failing);
  if (site !== undefined) failing.fault = { key: site.key, code, count: 0 };
  const host = createExtensionHost(options);
  const complaints: string[] = [];
  const texts: string[] = [];
  let hasFailed = false;
  const told = (): void => void texts.push(problemsOf(host));
  const ask = async (id: string, ...args: unknown[]): Promise<unknown> =>
    host.executeCommand(id, ...args).catch((error: unknown) => {
      hasFailed = true;
      texts.push(textOf(error));
      if (!isExtensionError(error)) complaints.push(`a call rejects with ${textOf(error)}`);
      return undefined;
    });
  const expectOthers = async (when: string): Promise<void> => {
    // As long as nobody can tell who is disabled, nobody runs.
    if (host.problems.some(({ code: problem }) => problem === "STATE_UNREADABLE")) return;
    const asked = site?.kind === "folder" ? ["t.other"] : ["t.other", "t.neighbour"];
    for (const id of asked) {
      const answer = await host.executeCommand(id).catch(textOf);
      if (answer !== "1 dep") complaints.push(`${id} answers ${String(answer)} ${when}`);
    }
  };
  try {
    await host.start().catch((error: unknown) => complaints.push(`the start rejects with ${textOf(error)}`));
    told();
    await expectOthers("after the start");
    await ask("t.victim");
    writeExtension(join(root, "ext", "victim"), "t.victim", "2", runtime);
    await poll(300, async () => (await ask("t.victim")) === "2 dep");
    told();
    await ask("t.neighbour", "key");
    await host.reload("t.victim").catch((error: unknown) => {
      if (!isExtensionError(error)) complaints.push(`reload rejects with ${textOf(error)}`);
      texts.push(textOf(error));
    });
    renameSync(join(root, "ext", "victim"), join(root, "away"));
    await poll(300, async () => host.extensions.get("t.victim") === undefined);
    told();
    renameSync(join(root, "away"), join(root, "ext", "victim"));
    await host.rescan().catch((error: unknown) => complaints.push(`rescan rejects with ${textOf(error)}`));
    if (!(await poll(300, async () => (await ask("t.victim")) === "2 dep"))) hasFailed = true;
    told();
    host.explain("t.victim");
    await expectOthers("while the disk fails");

    const fault = failing.fault;
    failing.fault = undefined;
    await host.rescan().catch((error: unknown) => complaints.push(`rescan rejects with ${textOf(error)}`));
    const well = async (): Promise<boolean> =>
      (await host.executeCommand("t.victim").catch(() => 0)) === "2 dep" &&
      (await host.executeCommand("t.neighbour", "later").catch(() => 0)) === "1 dep" &&
      (isWatching(site) || !new RegExp(`"(error|warning)".*${code || "none"}`).test(problemsOf(host)));
    if (!(await poll(15_000, well)))
      complaints.push(
        `not well once the disk is: ${problemsOf(host)} ${textOf(await host.executeCommand("t.victim").catch((e: unknown) => e))}`,
      );
    writeExtension(join(root, "ext", "victim"), "t.victim", "3", runtime);
    if (!(await poll(15_000, async () => (await host.executeCommand("t.victim").catch(() => 0)) === "3 dep")))
      complaints.push("a save is not seen once the disk is well");
    if (fault !== undefined && fault.count > 0) {
      met += 1;
      const all = texts.join("\n");
      const isNamed =
        all.includes(code) || words.test(all) || (code === "ENOTDIR" && all.includes("MODULE_NOT_FOUND"));
      const names = [basename(fault.last ?? ""), "victim", root];
      if (hasFailed && !(isNamed && names.some((name) => all.includes(name))))
        complaints.push(`nothing names ${code} of ${fault.last ?? ""}: ${all.slice(0, 1_500)}`);
    }
    if (fault !== undefined || site !== undefined) tried += 1;
  } catch (error) {
    complaints.push(`the walk ends with ${textOf(error)}`);
  } finally {
    await Promise.race([
      host.stop().catch((error: unknown) => complaints.push(`stop: ${textOf(error)}`)),
      delay(10_000),
    ]);
    folders.delete(root);
  }
  for (const stack of uncaught.filter((text) => text.includes(root))) complaints.push(`uncaught: ${stack}`);
  const ms = Math.round(performance.now() - begun);
  if (ms > 8_000) console.error(`${ms} ${site?.key ?? ""} ${code}`);
  if (complaints.length > 0) console.log(JSON.stringify({ site: site?.key, code, runtime, complaints }));
}

/** A watch that has failed is tried again within a minute. */
function isWatching(site: Site | undefined): boolean {
  return site !== undefined && (site.isWatch || /root-watcher\.js|chokidar/.test(site.key));
}

function kindOf(path: string): string | undefined {
  if (path === "ext") return "folder";
  if (path.startsWith("ext/victim")) return "extension";
  return path.startsWith("state") ? "state" : undefined;
}

function problemsOf(host: Host): string {
  const own = [...host.extensions].flatMap(({ problems }) => [...problems]);
  return [...host.problems, ...own].map((problem) => JSON.stringify(problem)).join("\n");
}

function textOf(error: unknown): string {
  const parts: string[] = [];
  for (let each = error; each !== undefined && parts.length < 5; each = (each as Error).cause) {
    const { code, message, details } = each as Partial<Core.ExtensionError>;
    parts.push(JSON.stringify([code, message ?? each, details]));
  }
  return parts.join(" < ");
}

async function poll(timeoutMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(20);
  }
  return true;
}
