/** What an application grants of what an extension asks for: who is told what, and what a runtime gets. */
import { join } from "node:path";
import type { Problem, Runtime, RuntimeSession, StartRequest } from "@plugboard/core";
import { offer, serviceToken } from "@plugboard/core";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test, vi } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { CommandFolder } from "../support/plugboard-process.js";

const asking = aGreeter({
  id: "acme.asking",
  manifest: {
    runtime: "boxed",
    capabilities: { fs: { read: ["../shared"], write: ["./cache"] }, env: ["LANG"], workers: true },
  },
});

/** A runtime that notes what it is told and answers nothing. */
function boxed(): Runtime & { readonly started: StartRequest[] } {
  const started: StartRequest[] = [];
  return {
    kind: "boxed",
    started,
    async start(request): Promise<RuntimeSession> {
      started.push(request);
      throw new Error("nothing runs here");
    },
  };
}

function ungranted(problems: readonly Problem[]): readonly object[] {
  return problems
    .filter(({ code }) => code === "CAPABILITY_UNGRANTED")
    .map(({ line, column, path }) => ({ line, column, path }));
}

test("a runtime is told what is both declared and granted", async () => {
  const runtime = boxed();
  await using kit = await createTestHost({
    runtimes: [runtime],
    extensions: [asking],
    grants: { "acme.asking": { fs: { read: ["../"] }, env: true, childProcess: true } },
  });
  await rejection(greet(kit.host, "asking"));

  expect(runtime.started[0]?.capabilities).toEqual({
    fs: { read: [`${kit.folder}/shared`], write: [] },
    net: [],
    env: ["LANG"],
    childProcess: false,
    workers: false,
    addons: false,
    wasi: false,
  });
});

test("a state folder that an extension could read in its process is told, and no grant opens one", async () => {
  await using place = await createTestHost({ start: "manual" });
  const curious = aGreeter({
    id: "acme.curious",
    manifest: { runtime: "process", capabilities: { fs: { read: [".."] } } },
  });
  const grants = { "acme.curious": { fs: { read: [place.temporaryFolder] } } };
  const told = async (stateFolder: string) => {
    await using kit = await createTestHost({ ...folders, stateFolder, grants, start: "manual" });
    await kit.host.start();
    return info(kit.host, "acme.curious").problems.map(({ code, message }) => [code, message]);
  };
  await curious.writeTo(place.folder);
  const folders = { extensionFolders: [place.folder] };
  const own = join(place.folder, "acme.curious/state");
  expect(await told(own)).toContainEqual([
    "STATE_EXPOSED",
    `The host keeps its state in ${own}, where acme.curious can read it.`,
  ]);
  expect(await told(join(place.folder, ".plugboard"))).toEqual([
    [
      "CAPABILITY_UNGRANTED",
      'acme.curious declares fs.read "..", which can\'t be granted: the host keeps its state there.',
    ],
  ]);
});

test("what is declared and not granted is a Problem with its place and the line to add", async () => {
  await using kit = await createTestHost({
    runtimes: [boxed()],
    extensions: [asking],
    grants: (description) => (description.id === "acme.asking" ? { env: ["LANG"], workers: true } : {}),
  });
  const { problems } = info(kit.host, "acme.asking");

  expect(ungranted(problems)).toEqual([
    { line: 21, column: 9, path: "/capabilities/fs/read/0" },
    { line: 24, column: 9, path: "/capabilities/fs/write/0" },
  ]);
  expect(problems[0]).toMatchObject({
    severity: "warning",
    message:
      'acme.asking declares fs.read "../shared", which is not granted. To grant it, add to the configuration: grants: { "acme.asking": { fs: { read: ["../shared"] } } }',
  });
  expect(ungranted(kit.report.problems)).toHaveLength(2);
});

test("explain says what a process may reach, and that in a worker nothing is kept from the code", async () => {
  await using kit = await createTestHost({
    extensions: [
      asking.with({ id: "acme.boxed", manifest: { ...asking.sketch.manifest, runtime: "process" } }),
      asking.with({ id: "acme.free", manifest: { ...asking.sketch.manifest, runtime: "worker" } }),
      aGreeter({ id: "acme.modest", manifest: { runtime: "process" } }),
    ],
    grants: {
      "acme.boxed": { fs: { read: ["../"] }, env: ["LANG"], workers: true },
      "acme.free": { env: ["LANG"] },
    },
  });
  const boxed = kit.host.explain("acme.boxed");
  expect(boxed.capabilities).toMatchObject({
    fs: { read: [`${kit.folder}/shared`], write: [] },
    env: ["LANG"],
  });
  expect(boxed.format()).toContain(`may reach     read ${kit.folder}/shared; env LANG; workers\n`);
  expect(kit.host.explain("acme.modest").format()).toContain("may reach     its own folder only\n");
  const free = kit.host.explain("acme.free");
  expect(free.capabilities).toBe(undefined);
  expect(free.format()).toContain("worker (contains crashes only; trusted: full rights)");
});

test("of an extension that runs in-process nothing is said, since it has full rights", async () => {
  await using kit = await createTestHost({ extensions: [asking], runtimePolicy: () => "in-process" });
  expect(info(kit.host, "acme.asking").problems).toEqual([]);
});

test("an application that fails to say what it grants, grants nothing", async () => {
  const runtime = boxed();
  const told: unknown[] = [];
  const ignore = () => undefined;
  await using kit = await createTestHost({
    runtimes: [runtime],
    extensions: [asking],
    grants: () => {
      throw new Error("no policy today");
    },
    logger: {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (_message, fields) => told.push(fields?.["error"]),
    },
  });
  await rejection(greet(kit.host, "asking"));

  expect(runtime.started[0]?.capabilities).toMatchObject({ fs: { read: [], write: [] }, env: [] });
  expect(told).toContainEqual(new Error("no policy today"));
});

test("an extension that runs apart sees of the environment what it is granted", async () => {
  vi.stubEnv("PLUGBOARD_TEST_OPEN", "open");
  vi.stubEnv("PLUGBOARD_TEST_CLOSED", "closed");
  const names = ["PLUGBOARD_TEST_OPEN", "PLUGBOARD_TEST_CLOSED"];
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.curious",
        manifest: { runtime: "worker", capabilities: { env: names } },
        supplies: { greeters: { curious: "{ greet: () => JSON.stringify(process.env) }" } },
      }),
    ],
    grants: { "acme.curious": { env: ["PLUGBOARD_TEST_OPEN"] } },
  });
  expect(JSON.parse(await greet(kit.host, "curious"))).toEqual({ PLUGBOARD_TEST_OPEN: "open" });
  vi.unstubAllEnvs();
});

interface Clock {
  now(): number;
}
const Clock = serviceToken<Clock>("acme.clock");

test("a grant that names services leaves out the others, in-process too", async () => {
  const timed = aGreeter({
    id: "acme.timed",
    services: ["acme.clock"],
    activate: `await context.services.get(Symbol.for("acme.clock")).now();`,
  });
  const services = [offer(Clock, { now: () => 1 }, { methods: { now: 0 } })];
  await using open = await createTestHost({ services, extensions: [timed], grants: { "acme.timed": {} } });
  expect(await greet(open.host, "timed")).toBe("timed 1.0.0: World");

  await using closed = await createTestHost({
    services,
    extensions: [timed],
    grants: { "acme.timed": { services: [] } },
  });
  expect(await rejection(greet(closed.host, "timed"))).toMatchObject({
    code: "CAPABILITY_DENIED",
  });
  expect(info(closed.host, "acme.timed").problems).toContainEqual(
    expect.objectContaining({ code: "CAPABILITY_UNGRANTED", path: "/services/0" }),
  );
});

test("the config file's grants are in force, and what they leave out is told", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "extensions/asking/plugin.json5": `{
  manifestVersion: 1, id: "acme.asking", version: "1.0.0", main: "./extension.js", runtime: "boxed",
  capabilities: { env: ["LANG", "HOME"] },
}`,
    "extensions/asking/extension.js": "export function activate() {}",
    "plugboard.config.json5": '{ grants: { "acme.asking": { env: ["LANG"] } } }',
  });
  const { stdout } = await folder.run(["list"]);
  expect(stdout).toContain('plugin.json5:3:33 warning CAPABILITY_UNGRANTED acme.asking declares env "HOME"');
  expect(stdout).not.toContain('env "LANG"');
});

test("a manifest is valid whatever it asks for", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "asking/plugin.json5": `{
      manifestVersion: 1, id: "acme.asking", version: "1.0.0", main: "./extension.js", runtime: "process",
      engines: { plugboard: "^1.0.0" }, capabilities: { fs: { read: ["/data", "../shared"] }, net: true },
    }`,
    "asking/extension.js": "export function activate() {}",
  });
  const { code, document } = await folder.runJson(["validate", "asking"]);
  expect({ code, document }).toEqual({ code: 0, document: { valid: true, problems: [] } });
});
