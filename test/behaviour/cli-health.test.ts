import { expect, test } from "vitest";
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
    message: expect.stringMatching(/^plugboard health can't ask this host: another host/) as unknown,
  });
  second.send({ stop: true });
  expect(await second.exit).toBe(0);
  expect((await folder.run(["health"])).stdout).toBe("healthy: the host is ready; extensions: 1 ready\n");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});
