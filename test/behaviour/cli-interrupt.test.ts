/** Ctrl-C while an extension in this very process keeps everything from going on. */
import { expect, test } from "vitest";
import { CommandFolder } from "../support/plugboard-process.js";

const manifest = (id: string) =>
  `{ manifestVersion: 1, id: "acme.${id}", version: "1.0.0", main: "./extension.js", activationEvents: ["onStartup"] }`;

for (const command of ["start", "start --json", "dev extensions/loop"]) {
  test(`Ctrl-C ends ${command} while an extension in its process loops`, async () => {
    const folder = await CommandFolder.create();
    await folder.write({
      "extensions/loop/plugin.json5": manifest("loop"),
      "extensions/loop/extension.js": "export function activate() {\n  for (;;);\n}\n",
    });
    const host = folder.start(command.split(" "));
    await host.until(() => (host.stderr.includes("Ctrl-C ends it at once") ? true : undefined));
    host.process.kill("SIGINT");
    await host.exit;
    expect(host.process.signalCode).toBe("SIGINT");
  });
}

test("once the extension lets the host go on, Ctrl-C stops it in order again", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "extensions/slow/plugin.json5": manifest("slow"),
    "extensions/slow/extension.js": `export function activate() {
  const until = Date.now() + 2_500;
  while (Date.now() < until);
}
`,
  });
  const host = folder.start(["start", "--json"]);
  await host.until(() => (host.stderr.includes("Ctrl-C ends it at once") ? true : undefined));
  host.send({ list: true, ref: 1 });
  // Its answer says that the event loop turns again.
  await host.line(({ ref }) => ref === 1);
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(0);
  expect(host.lines.at(-1)).toMatchObject({ event: "stopped" });
});
