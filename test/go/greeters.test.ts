import { readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createExtensionHost, greeters, type ExtensionHost } from "@plugboard/core";
import { expect, onTestFinished } from "vitest";
import { greet, info } from "../support/extensions.js";
import { goTest } from "../support/go-test.js";
import { buildGo, buildPackage, goFolder, placeProgram, type GoProgram } from "../support/go-toolchain.js";
import { CommandFolder } from "../support/plugboard-process.js";
import { inRepository } from "../support/repository.js";

const samples = join(goFolder, "src/plugboard.dev/samples");

/** A folder of extensions, removed when the test is over. */
async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-go-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts a sample with its programs into the folder, and gives where it is. */
async function place(folder: string, sample: string, programs: readonly GoProgram[]): Promise<string> {
  const from = join(samples, sample);
  const to = join(folder, sample.replaceAll("/", "-"));
  await mkdir(to, { recursive: true });
  for (const name of programs) await placeProgram(await buildGo(name), join(to, name));
  for (const name of await readdir(from))
    if (/\.(?:proto|json5)$/.test(name)) await copyFile(join(from, name), join(to, name));
  return to;
}

async function start(folder: string): Promise<ExtensionHost> {
  const host = createExtensionHost({
    extensionFolders: [folder],
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    points: [greeters],
    watch: true,
  });
  onTestFinished(() => host.stop());
  await host.start();
  return host;
}

goTest(
  "greeters in Go answer beside each other: a guest, a plugin of another host, shared objects",
  async () => {
    const folder = await aFolder();
    await place(folder, "gopher", ["gopher"]);
    await place(folder, "polyglot", ["polyglot"]);
    await place(folder, "lab/plugins/english", ["english.so", "plugboard-so"]);
    await place(folder, "lab/plugins/spanish", ["spanish.so", "plugboard-so"]);
    const host = await start(folder);
    const greetings = await Promise.all(
      [...host.contributions(greeters)].map(
        async (greeter) => `[${greeter.lang}] ${await greeter.greet("World")}`,
      ),
    );
    expect(greetings).toEqual([
      "[English] Hello, World! Nice to meet you.",
      "[Español] ¡Hola, World! Mucho gusto.",
      "[Go] Hello, World! Greetings from a gopher.",
      "[Français] Bonjour, World ! Enchanté.",
    ]);
  },
);

goTest("a guest that is killed greets again, by the next generation", async () => {
  const folder = await aFolder();
  await place(folder, "gopher", ["gopher"]);
  const host = await start(folder);
  await greet(host, "gopher");
  const { processId } = info(host, "samples.gopher");
  process.kill(processId!, "SIGKILL");
  await expect.poll(() => info(host, "samples.gopher").generation, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(await greet(host, "gopher")).toBe("Hello, World! Greetings from a gopher.");
});

goTest("a guest ends when its host is killed", async () => {
  const commands = await CommandFolder.create();
  await place(join(commands.path, "extensions"), "gopher", ["gopher"]);
  await symlink(inRepository("extensions/runtime-go-plugin"), join(commands.path, "extensions/runtime"));
  const host = commands.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  host.send({ call: { point: "greeters", id: "gopher", method: "greet", args: ["World"] }, ref: 1 });
  await host.line(({ ref }) => ref === 1);
  const guests = childrenOf(host.process.pid!);
  expect(guests).not.toEqual([]);
  host.process.kill("SIGKILL");
  await host.exit;
  await expect.poll(() => guests.filter(isRunning), { timeout: 10_000 }).toEqual([]);
});

goTest("a shared object that is edited and built again is the next generation", async () => {
  const folder = await aFolder();
  const lab = await place(folder, "lab/plugins/english", ["english.so", "plugboard-so"]);
  const host = await start(folder);
  expect(await greet(host, "lab-english")).toBe("Hello, World! Nice to meet you.");
  await placeProgram(await edited("Hello, %s! Nice", "Good morning, %s! Very nice"), join(lab, "english.so"));
  await expect
    .poll(() => greet(host, "lab-english"), { timeout: 20_000 })
    .toBe("Good morning, World! Very nice to meet you.");
});

goTest("a shared object that another Go built is a problem of its extension alone, and says so", async () => {
  const folder = await aFolder();
  await place(folder, "lab/plugins/spanish", ["spanish.so", "plugboard-so"]);
  const lab = await place(folder, "lab/plugins/english", ["plugboard-so"]);
  // Other flags make another version of a package that both hold, as another release of Go would of all.
  await placeProgram(await edited("Hello", "Hi", ["-gcflags=fmt=-N -l"]), join(lab, "english.so"));
  const host = await start(folder);
  await expect(greet(host, "lab-english")).rejects.toThrow(/built with another Go/);
  expect(await greet(host, "lab-spanish")).toBe("¡Hola, World! Mucho gusto.");
});

goTest("a shared object of another release of Go is refused before it is opened", async () => {
  const folder = await aFolder();
  const lab = await place(folder, "lab/plugins/english", ["plugboard-so"]);
  // Whoever opens it is ended at once, as what another release laid out may do.
  const ending = `// #include <stdlib.h>\n// __attribute__((constructor)) static void end(void) { _Exit(9); }\n`;
  const object = await edited('import "fmt"', `${ending}import "C"\n\nimport "fmt"`, [
    "-ldflags=-compressdwarf=false",
  ]);
  const bytes = await readFile(object);
  const release = /Go cmd\/compile (go[\w.]+);/.exec(bytes.toString("latin1"))?.[1] ?? "";
  const other = release.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  const renamed = bytes
    .toString("latin1")
    .replaceAll(`Go cmd/compile ${release};`, `Go cmd/compile ${other};`);
  await writeFile(join(lab, "english.so"), Buffer.from(renamed, "latin1"));
  const host = await start(folder);
  await expect(greet(host, "lab-english")).rejects.toMatchObject({
    code: "MODULE_UNFIT",
    message: expect.stringContaining(
      `it was built with ${other}, and plugboard-so with ${release}`,
    ) as string,
  });
});

goTest("an object that Go did not build, or not as a plugin, is refused before it is opened", async () => {
  const folder = await aFolder();
  const lab = await place(folder, "lab/plugins/english", ["plugboard-so"]);
  const sources = await aFolder();
  await writeFile(join(sources, "library.go"), `package main\n\nimport "C"\n\nfunc main() {}\n`);
  const object = await buildPackage("library.go", {
    output: join(sources, "library.so"),
    flags: ["-buildmode=c-shared"],
    folder: sources,
  });
  await copyFile(object, join(lab, "english.so"));
  const host = await start(folder);
  await expect(greet(host, "lab-english")).rejects.toMatchObject({
    code: "MODULE_UNFIT",
    message: expect.stringContaining("it is no shared object of Go's plugins") as string,
  });
});

for (const [what, declared] of [
  ["a pointer", "var Plugin = &EnglishGreeter{}"],
  ["an interface", "var Plugin interface{ Greet(string) string; Lang() string } = EnglishGreeter{}"],
  ["an interface of a pointer", "var Plugin any = new(EnglishGreeter)"],
] as const)
  goTest(`a shared object whose symbol is ${what} greets`, async () => {
    const folder = await aFolder();
    const lab = await place(folder, "lab/plugins/english", ["plugboard-so"]);
    await placeProgram(await edited("var Plugin EnglishGreeter", declared), join(lab, "english.so"));
    expect(await greet(await start(folder), "lab-english")).toBe("Hello, World! Nice to meet you.");
  });

goTest("a shared object whose symbol is nil is refused", async () => {
  const folder = await aFolder();
  const lab = await place(folder, "lab/plugins/english", ["plugboard-so"]);
  await placeProgram(
    await edited("var Plugin EnglishGreeter", "var Plugin *EnglishGreeter"),
    join(lab, "english.so"),
  );
  await expect(greet(await start(folder), "lab-english")).rejects.toThrow(
    "finds nothing in Plugin of english.so: it is nil",
  );
});

goTest("what a shared object lacks is said: the file, the symbol, the methods", async () => {
  const folder = await aFolder();
  await place(folder, "lab/plugins/spanish", ["plugboard-so"]);
  const lab = await place(folder, "lab/plugins/english", ["plugboard-so"]);
  await placeProgram(
    await edited("var Plugin EnglishGreeter", "var Other EnglishGreeter"),
    join(lab, "english.so"),
  );
  const host = await start(folder);
  await expect(greet(host, "lab-spanish")).rejects.toThrow(/can't read spanish\.so/);
  await expect(greet(host, "lab-english")).rejects.toThrow(/no exported Plugin in english\.so/);
  await placeProgram(await buildGo("gopher"), join(lab, "english.so"));
  await expect
    .poll(() => greet(host, "lab-english").catch(String), { timeout: 20_000 })
    .toMatch(/english\.so: it is no shared object of Go's plugins/);
  await placeProgram(await edited(") Lang()", ") Language()"), join(lab, "english.so"));
  await expect
    .poll(() => greet(host, "lab-english").catch(String), { timeout: 20_000 })
    .toMatch(/has no Greet\(name string\) string and Lang\(\) string/);
});

/** The English plugin of the lab, edited and built. */
async function edited(text: string, by: string, flags: readonly string[] = []): Promise<string> {
  const folder = await aFolder();
  const source = await readFile(join(samples, "lab/plugins/english/english.go"), "utf8");
  expect(source).toContain(text);
  await writeFile(join(folder, "english.go"), source.replaceAll(text, by));
  return buildPackage("english.go", { output: join(folder, "english.so"), shared: true, flags, folder });
}

/** The programs that the main thread of a process has started. */
function childrenOf(processId: number): readonly number[] {
  const path = `/proc/${String(processId)}/task/${String(processId)}/children`;
  return readFileSync(path, "utf8").trim().split(" ").map(Number);
}

/** Whether it runs; one that has ended and that nobody has asked about counts as ended. */
function isRunning(processId: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(processId)}/status`, "utf8"));
  } catch {
    return false;
  }
}
