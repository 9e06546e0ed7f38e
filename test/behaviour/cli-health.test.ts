import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

test("health tells of the host that runs here, also after one that was killed", async () => {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  const none = await folder.run(["health"]);
  expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining("no host answers") as string });

  const killed = folder.start(["start", "--json"]);
  await killed.line(({ event }) => event === "ready");
  killed.process.kill("SIGKILL");
  await killed.exit;
  expect(await folder.runJson(["health"])).toEqual({ code: 1, document: { healthy: false } });

  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  expect(await folder.runJson(["health"])).toEqual({
    code: 0,
    document: { healthy: true, phase: "ready", extensions: { ready: 1 } },
  });
  const second = folder.start(["start", "--json"]);
  const warning = await second.line(({ event, level }) => event === "log" && level === "warn");
  expect(warning).toMatchObject({
    message: expect.stringMatching(/^Other commands can't reach this host: Another host/) as unknown,
  });
  second.send({ stop: true });
  expect(await second.exit).toBe(0);
  expect((await folder.run(["health"])).stdout).toBe("healthy: the host is ready; extensions: 1 ready\n");
  // Whoever stays answers for the one that goes.
  const heir = folder.start(["start", "--json"]);
  await heir.line(({ event }) => event === "ready");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  await vi.waitFor(async () => expect(await folder.run(["health"])).toMatchObject({ code: 0 }), 20_000);
  heir.send({ stop: true });
  expect(await heir.exit).toBe(0);
});

test("a host keeps its state where it is told, and is asked there", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    ...greeterFiles("acme.english", "English", "`Hello, ${name}!`"),
    "etc/plugboard.config.json5": '{ stateFolder: "../var", folders: ["../extensions"] }',
  });
  const config = ["--config", "etc/plugboard.config.json5"];
  const host = folder.start(["start", "--json", ...config]);
  await host.line(({ event }) => event === "ready");
  expect(await folder.run(["health", ...config])).toMatchObject({ code: 0 });
  expect(await folder.run(["health", "--state", "var"])).toMatchObject({ code: 0 });
  expect(await folder.run(["health"])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("no host answers that keeps its state in ./.plugboard") as string,
  });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  // The words win over the file; what is kept lies where they say, keys among it.
  expect(await folder.run(["disable", "acme.english", ...config, "--state", "other"])).toMatchObject({
    code: 0,
  });
  await folder.run(["keys", "create", "key"]);
  expect(await folder.run(["keys", "revoke", "key.pub", "--state", "other"])).toMatchObject({ code: 0 });
  expect((await readdir(join(folder.path, "other"))).sort()).toEqual(
    expect.arrayContaining(["extensions.json", "keys"]),
  );
  expect(await readdir(folder.path)).not.toContain(".plugboard");
});
