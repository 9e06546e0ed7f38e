/** With `update: "replace"` the old generation ends before the new one begins, and is restored if that fails. */
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { journal, shared } from "../support/shared.js";

function holderOfAPort() {
  const port = shared<{ holder: string | undefined }>({ holder: undefined });
  const log = journal();
  const extension = aGreeter({
    id: "acme.server",
    manifest: { update: "replace" },
    activate: `
      if (${port.code}.holder !== undefined) throw new Error("EADDRINUSE: held by " + ${port.code}.holder);
      ${port.code}.holder = context.extension.version;
      context.subscriptions.push(() => { ${port.code}.holder = undefined; });
      ${log.tells("'begin ' + context.extension.version")}`,
    deactivate: `await null; ${log.says("end")}`,
  });
  return { port: port.value, log, extension };
}

test("the old generation gives up its resource before the new one takes it", async () => {
  const { port, log, extension } = holderOfAPort();
  await using kit = await createTestHost({ extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(extension.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "server")).toBe("server 2.0.0: World"));
  expect(port.holder).toBe("2.0.0");
  expect(log.lines).toEqual(["begin 1.0.0", "end", "begin 2.0.0"]);
});

test("calls made during a replacement wait and are answered by the new generation", async () => {
  const { extension } = holderOfAPort();
  await using kit = await createTestHost({ watch: true, extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(extension.with({ version: "2.0.0" }));
  const answers = new Set<string>();
  await eventually(async () => {
    answers.add(await greet(kit.host, "server"));
    expect(answers).toContain("server 2.0.0: World");
  });
  expect([...answers].sort()).toEqual(expect.arrayContaining(["server 2.0.0: World"]) as string[]);
  expect([...answers].every((answer) => /^server [12]\.0\.0: World$/.test(answer))).toBe(true);
});

test("the old generation is restored when the new one fails, and its code is the old one", async () => {
  const { port, log, extension } = holderOfAPort();
  await using kit = await createTestHost({ extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(
    extension.with({ version: "2.0.0", activate: `${log.says("try")} throw new Error("no luck");` }),
  );
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.server").candidate).toMatchObject({
      state: "failed",
      reason: { code: "ACTIVATION_FAILED" },
    }),
  );
  expect(await greet(kit.host, "server")).toBe("server 1.0.0: World");
  expect(port.holder).toBe("1.0.0");
  expect(log.lines).toEqual(["begin 1.0.0", "end", "try", "begin 1.0.0"]);
  expect(info(kit.host, "acme.server")).toMatchObject({ state: "active", version: "1.0.0" });
});

test("a file that can't be loaded never takes the old generation down", async () => {
  const { log, extension } = holderOfAPort();
  await using kit = await createTestHost({ limits: { incompleteMs: 10 }, extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(extension.with({ version: "2.0.0", source: "export function activate( {" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.server").candidate).toBeDefined());
  expect(await greet(kit.host, "server")).toBe("server 1.0.0: World");
  await eventually(() => expect(log.lines.at(-1)).toBe("begin 1.0.0"));
});

test("dependents go down before a replacement and come back after it", async () => {
  const { log, extension } = holderOfAPort();
  await using kit = await createTestHost({
    extensions: [
      extension,
      aGreeter({
        id: "acme.client",
        dependsOn: ["acme.server"],
        activate: log.says("client begins"),
        deactivate: log.says("client ends"),
      }),
    ],
  });
  await greet(kit.host, "client");

  await kit.write(extension.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.client").generation).toBeGreaterThan(1));
  await eventually(() =>
    expect(log.lines).toEqual([
      "begin 1.0.0",
      "client begins",
      "client ends",
      "end",
      "begin 2.0.0",
      "client begins",
    ]),
  );
  await eventually(() =>
    expect(kit.record.kinds("acme.client").filter((kind) => /activat/.test(kind))).toEqual([
      "activating",
      "activated",
      "deactivated",
      "activating",
      "activated",
    ]),
  );
});
