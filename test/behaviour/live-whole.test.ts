/** What a generation is made of is one state of the disk, however versions are put in its place. */
import fs, { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { anExtension, createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { gate, journal } from "../support/shared.js";

/** Answers with the versions of its manifest, its entry file and a file that it loads while it is activated. */
function aVersion(version: string, { before = "", extra = {} } = {}) {
  return aGreeter({
    id: "acme.whole",
    version,
    manifest: extra,
    source: `
      export async function activate(context) {
        ${before}
        const { part } = await import("./part.js");
        const greet = () => [context.extension.version, ${JSON.stringify(version)}, part].join(" ");
        context.contribute("greeters", "whole", { greet });
      }`,
    files: { "part.js": `export const part = ${JSON.stringify(version)};` },
  });
}

/** Puts a whole version in place in one step: a link that is led elsewhere. */
async function lead(kit: TestHost, version: string, options?: Parameters<typeof aVersion>[1]) {
  const parent = join(kit.temporaryFolder, version);
  await mkdir(parent);
  const target = await aVersion(version, options).writeTo(parent);
  const aside = join(kit.folder, ".aside");
  await symlink(target, aside, "junction");
  await rename(aside, join(kit.folder, "acme.whole"));
}

test("a version that is put in place while a candidate loads makes it of no use, and another is made", async () => {
  const [begun, door] = [journal(), gate()];
  await using kit = await createTestHost({ watch: true, extensions: [aVersion("1.0.0")] });
  expect(await greet(kit.host, "whole")).toBe("1.0.0 1.0.0 1.0.0");

  await kit.write(aVersion("2.0.0", { before: `${begun.says("begun")} await ${door.code};` }));
  await eventually(() => expect(begun.lines).toContain("begun"));
  const path = join(kit.folder, "acme.whole");
  const next = await aVersion("3.0.0").writeTo(kit.temporaryFolder);
  await rename(path, join(kit.temporaryFolder, "before"));
  await rename(next, path);
  // The candidate goes on with the files of the next version before the host has heard of it.
  door.open();
  const answers = new Set<string>();
  await eventually(async () => {
    answers.add(await greet(kit.host, "whole"));
    expect(answers).toContain("3.0.0 3.0.0 3.0.0");
  });
  expect([...answers].filter((answer) => new Set(answer.split(" ")).size > 1)).toEqual([]);
});

test("a first generation is no mixture either, and whoever called meanwhile is answered", async () => {
  const [begun, door] = [journal(), gate()];
  const before = `${begun.says("begun")} await ${door.code};`;
  await using kit = await createTestHost({ extensions: [aVersion("1.0.0", { before })] });
  const call = greet(kit.host, "whole");
  await eventually(() => expect(begun.lines).toEqual(["begun"]));
  await kit.write(aVersion("2.0.0"));
  door.open();

  expect(await call).toBe("2.0.0 2.0.0 2.0.0");
  expect(info(kit.host, "acme.whole")).toMatchObject({ state: "active", version: "2.0.0", problems: [] });
  expect(kit.record.kinds("acme.whole")).not.toContain("failed");
});

test("a file that changes while a host loads it that follows nothing is loaded as it is then", async () => {
  const [begun, door] = [journal(), gate()];
  const before = `${begun.says("begun")} await ${door.code};`;
  const extension = aVersion("1.0.0", { before });
  await using kit = await createTestHost({ extensions: [extension] });
  const call = greet(kit.host, "whole");
  await eventually(() => expect(begun.lines).toEqual(["begun"]));
  await writeFile(
    join(kit.folder, "acme.whole", "extension.js"),
    `${extension.sketch.source ?? ""}\n// saved`,
  );
  door.open();

  expect(await call).toBe("1.0.0 1.0.0 1.0.0");
  expect(begun.lines).toEqual(["begun", "begun"]);
});

test("what an extension writes whenever it is loaded keeps it from nothing, and is told", async () => {
  const path = `new URL("./count.js", import.meta.url)`;
  const counting = aGreeter({
    id: "acme.whole",
    source: `
      import { writeFileSync } from "node:fs";
      import { count } from "./count.js";
      export function activate(context) {
        writeFileSync(${path}, "export const count = " + (count + 1) + ";");
        context.contribute("greeters", "whole", { greet: () => "counted" });
      }`,
    files: { "count.js": "export const count = 1;" },
  });
  await using kit = await createTestHost({ extensions: [counting] });

  expect(await greet(kit.host, "whole")).toBe("counted");
  expect(info(kit.host, "acme.whole").problems).toMatchObject([
    {
      code: "MODULE_CHANGED",
      severity: "warning",
      file: join(kit.folder, "acme.whole", "count.js"),
      message: expect.stringContaining("count.js") as string,
    },
  ]);
});

test.runIf(process.platform !== "win32").each(["in-process", "worker"])(
  "whole versions put in place by a link, one after the other, are each answered of one piece: %s",
  async (runtime) => {
    const extra = { runtime };
    await using kit = await createTestHost({ watch: true, limits: { activateMs: 10_000 } });
    await lead(kit, "1.0.0", { extra });
    await eventually(async () => expect(await greet(kit.host, "whole")).toBe("1.0.0 1.0.0 1.0.0"));

    const answers = new Set<string>();
    let isOver = false;
    const calling = (async () => {
      while (!isOver) {
        answers.add(await greet(kit.host, "whole"));
        await nextTurn();
      }
    })();
    for (let version = 2; version <= 30; version++) {
      await lead(kit, `${version}.0.0`, { extra });
      await sleep((version * 13) % 40);
    }
    await eventually(() => expect(answers).toContain("30.0.0 30.0.0 30.0.0"));
    isOver = true;
    await calling;
    expect([...answers].filter((answer) => new Set(answer.split(" ")).size > 1)).toEqual([]);
  },
);

test("a folder that changes all the time is served, and brought up to date from time to time", async () => {
  const slow = `await new Promise((resolve) => setTimeout(resolve, 60));`;
  const version = (number: number) => aVersion(`${number}.0.0`, { before: slow });
  await using kit = await createTestHost({ watch: true, extensions: [version(1)] });
  await greet(kit.host, "whole");

  let isOver = false;
  let number = 1;
  const changing = (async () => {
    while (!isOver) {
      // Only what the entry file reads first changes, in one step.
      await kit.write(version(++number));
      await sleep(20);
    }
  })();
  const first = info(kit.host, "acme.whole").generation;
  try {
    await eventually(async () => {
      await greet(kit.host, "whole");
      expect(info(kit.host, "acme.whole").generation).toBeGreaterThan(first);
    });
  } finally {
    isOver = true;
    await changing;
  }
  await eventually(async () =>
    expect(await greet(kit.host, "whole")).toBe(`${number}.0.0 ${number}.0.0 ${number}.0.0`),
  );
});

test("however many extensions come up at once, only a few of their files are open to be compared", async () => {
  const [begun, door, open] = [journal(), gate(), countOpen()];
  const parts = Object.fromEntries(
    Array.from({ length: 12 }, (_, part) => [`part-${part}.js`, "export {};"]),
  );
  const imports = Object.keys(parts).map((part) => `import "./${part}";`);
  const many = Array.from({ length: 8 }, (_, number) =>
    anExtension({
      id: `acme.many-${number}`,
      activationEvents: ["onOrder:paid"],
      files: parts,
      head: imports.join("\n"),
      activate: `${begun.says("begun")} await ${door.code};`,
    }),
  );
  await using kit = await createTestHost({ extensions: many });
  const fired = kit.host.activateByEvent("onOrder:paid");
  await eventually(() => expect(begun.lines).toHaveLength(many.length));
  door.open();

  expect((await fired).failed).toEqual([]);
  expect(open.most()).toBeGreaterThan(1);
  expect(open.most()).toBeLessThanOrEqual(16);
});

/** Counts the files that are opened or open at once, until the test is over. */
function countOpen(): { most(): number } {
  const { open } = fs;
  let [now, most] = [0, 0];
  const counted: typeof open = async (...words) => {
    most = Math.max(most, ++now);
    try {
      const handle = await open(...words);
      const close = handle.close.bind(handle);
      handle.close = () => close().finally(() => now--);
      return handle;
    } catch (error) {
      now--;
      throw error;
    }
  };
  const put = (value: typeof open) => {
    fs.open = value;
    syncBuiltinESMExports();
  };
  put(counted);
  onTestFinished(() => put(open));
  return { most: () => most };
}
