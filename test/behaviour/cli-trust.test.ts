/** Who may run where trust is asked for is up to the operator, whether a host runs or not. */
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles, type RunningCommand } from "../support/plugboard-process.js";

const call = { point: "greeters", id: "english", method: "greet", args: ["World"] };

async function askingFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  await folder.write({ "plugboard.config.json5": '{ trust: "asked" }' });
  return folder;
}

async function answer(host: RunningCommand, ref: string): Promise<unknown> {
  host.send({ call, ref });
  return host.line((line) => line["ref"] === ref);
}

const contributions = (host: RunningCommand, kind: string, count: number) =>
  host.until(() => {
    const ids = host.lines.filter(
      ({ event, [kind]: list }) => event === "contributions" && String(list) === "english",
    );
    return ids.length >= count ? ids : undefined;
  });

test("a running host runs what is trusted beside it and stops what no longer is", async () => {
  const folder = await askingFolder();
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  expect(await answer(host, "before")).toMatchObject({ error: { code: "CALL_UNKNOWN_TARGET" } });
  expect(await folder.run(["trust", "acme.english", "--yes"])).toEqual({
    code: 0,
    stdout: "trusted acme.english 1.0.0\n",
    stderr: "",
  });
  await contributions(host, "added", 1);
  expect(await answer(host, "trusted")).toMatchObject({ result: "Hello, World!" });
  expect((await folder.run(["untrust", "acme.english"])).stdout).toBe("untrusted acme.english\n");
  await contributions(host, "removed", 1);
  expect(await answer(host, "untrusted")).toMatchObject({ error: { code: "CALL_UNKNOWN_TARGET" } });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});
