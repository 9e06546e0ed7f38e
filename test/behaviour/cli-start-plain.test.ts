import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");

test.each(["SIGINT", "SIGTERM"] as const)(
  "start without a terminal prints plain lines and stops in order on %s",
  async (signal) => {
    const folder = await CommandFolder.create();
    await folder.write(english);
    const host = folder.start(["start"]);
    await host.until(() => (host.stdout.includes("ready with") ? true : undefined));
    expect(host.stdout).toContain("Drop a folder into ./extensions");
    expect(host.stdout).toContain("added acme.english 1.0.0 (generation 1)");
    expect(host.stdout).toContain("greeters: +english");
    expect(host.stdout).not.toContain("\u001b");
    host.process.kill(signal);
    expect(await host.exit).toBe(0);
    expect(host.stdout.endsWith("stopped\n")).toBe(true);
  },
);

test("a problem is printed with its place and what to do, and again when it is another", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, "extensions/broken/plugin.json5": "{\n  id: 5,\n}\n" });
  const host = folder.start(["start"]);
  await host.until(() => (host.stdout.includes("ready with") ? true : undefined));
  expect(host.stdout).toMatch(/^extensions\/broken\/plugin\.json5:2:7 error MANIFEST_INVALID .+\n {4}\S/m);
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(0);
});

test("a second Ctrl-C ends a stop that takes long", async () => {
  const folder = await CommandFolder.create();
  const [[manifest, manifestText]] = Object.entries(english) as [[string, string]];
  await folder.write({
    [manifest]: manifestText.replace("contributes:", 'activationEvents: ["onStartup"],\n  contributes:'),
    "extensions/english/extension.js": `export function activate(context) {
      context.contribute("greeters", "english", { greet: (name) => name });
    }
    export function deactivate() {
      console.log("deactivating for ever");
      return new Promise(() => {});
    }`,
  });
  const host = folder.start(["start"]);
  await host.until(() => (host.stdout.includes("activated acme.english") ? true : undefined));
  host.process.kill("SIGINT");
  await host.until(() => (host.stdout.includes("deactivating for ever") ? true : undefined));
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(130);
});

test("start with the end of standard input in view stops at it", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--exit-with-stdin"]);
  await host.until(() => (host.stdout.includes("ready with") ? true : undefined));
  host.process.stdin.end();
  expect(await host.exit).toBe(0);
});
