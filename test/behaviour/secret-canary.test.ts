/** A secret is where its extension keeps it, and nowhere else. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder } from "../support/plugboard-process.js";

const kinds = ["in-process", "worker", "process"] as const;

/** What is searched for; the files of the extensions hold it in parts only. */
const canary = "canary-d2f8a1";

/** An extension that does with its secret what it is told to. */
function keeperFiles(runtime: string): Readonly<Record<string, string>> {
  return {
    [`extensions/${runtime}/plugin.json5`]: `{
  manifestVersion: 1, id: "acme.${runtime}", version: "1.0.0", engines: { plugboard: "^1.0.0" },
  main: "./extension.js", runtime: "${runtime}", contributes: { greeters: [{ id: "${runtime}", lang: "K" }] },
}`,
    [`extensions/${runtime}/extension.js`]: `
const canary = ["can", "ary-", "d2f8a1"].join("");
export function activate({ contribute, secrets, storage, logger, ...context }) {
  const deeds = {
    peek: async () => String(await secrets.get("token")),
    keep: async () => String(await secrets.set("token", canary)),
    use: async () => {
      const token = await secrets.get("token");
      logger.info("It was used.", { length: token.length });
      return String(token === canary);
    },
    fail: async () => {
      const token = await secrets.get("token");
      throw new Error("It failed with a token of " + token.length + " letters.");
    },
    odd: () => secrets.set("token", { canary }),
    number: () => secrets.set("token", 1),
    foreign: () => storage.set("token", () => canary),
    crash: () => process.exit(1),
  };
  contribute("greeters", "${runtime}", { greet: (deed) => deeds[deed]() });
}`,
  };
}

/** The text as it would be found if somebody had written it down, in whichever way. */
function forms(text: string): readonly string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(" ".repeat(shift) + text).toString("base64");
    // At its edges it depends on what stands around it.
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [text, Buffer.from(text).toString("hex"), ...shifted];
}

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, "latin1")])),
  );
}

/** What everybody on the machine is told of a process and of those that it started. */
async function processTexts(id: number): Promise<Readonly<Record<string, string>>> {
  if (process.platform !== "linux") return {};
  const texts: Record<string, string> = {};
  for (const name of ["cmdline", "environ"])
    texts[`${String(id)} ${name}`] = await readFile(`/proc/${String(id)}/${name}`, "latin1");
  const children = (await readFile(`/proc/${String(id)}/task/${String(id)}/children`, "utf8")).split(" ");
  for (const child of children)
    if (child.trim() !== "") Object.assign(texts, await processTexts(Number(child)));
  return texts;
}

test("a secret is nowhere but in its encrypted file, whatever is done with it and whatever fails", async () => {
  const folder = await CommandFolder.create();
  for (const kind of kinds) await folder.write(keeperFiles(kind));
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  const tell = async (id: string, deed: string) => {
    const ref = `${id} ${deed} ${String(host.lines.length)}`;
    host.send({ call: { point: "greeters", id, method: "greet", args: [deed] }, ref });
    const { result, error } = await host.line((line) => line["ref"] === ref);
    return result ?? (error as { code: string }).code;
  };

  const outcomes: Record<string, readonly unknown[]> = {};
  for (const kind of kinds) {
    const told: unknown[] = [];
    for (const deed of ["peek", "keep", "use", "fail", "odd", "number", "foreign"])
      told.push(await tell(kind, deed));
    outcomes[kind] = told;
  }
  const processes = await processTexts(host.process.pid ?? 0);
  for (const kind of ["worker", "process"]) await tell(kind, "crash");
  const sealed = join(folder.path, ".plugboard/secrets/acme.in-process.json");
  await writeFile(sealed, (await readFile(sealed, "utf8")).replace(/"data": "../, '"data": "AA'));
  const tampered = await tell("in-process", "use");
  host.send({ list: true, ref: "list" });
  host.send({ explain: "acme.in-process", ref: "explain" });
  await host.line(({ ref }) => ref === "explain");
  const commands = [
    ["list", "--json"],
    ["explain", "acme.process", "--json"],
    ["doctor", "--json"],
  ];
  const printed = await Promise.all(commands.map((words) => folder.run(words)));
  host.send({ stop: true });
  await host.exit;

  // Nobody has what another one kept, and each has what it kept itself.
  const told = ["undefined", "undefined", "true", "CALL_FAILED", "STATE_INVALID", "STATE_INVALID"];
  for (const kind of kinds) expect([kind, outcomes[kind]?.slice(0, 6)]).toEqual([kind, told]);
  expect(tampered).toBe("STATE_MODIFIED");
  if (process.platform === "linux") expect(Object.keys(processes).length).toBeGreaterThan(2);
  const texts: Readonly<Record<string, string>> = {
    "the host's output": host.stdout + host.stderr,
    "the output of other commands": JSON.stringify(printed),
    ...processes,
    ...(await filesIn(folder.path)),
  };
  const betray = (text: string) => forms(canary).some((form) => text.includes(form));
  expect(Object.keys(texts).filter((where) => betray(texts[where] ?? ""))).toEqual([]);
  for (const encoding of ["utf8", "hex", "base64"] as const)
    expect(betray(Buffer.from(`{ "token": "${canary}" }`).toString(encoding))).toBe(true);
});
