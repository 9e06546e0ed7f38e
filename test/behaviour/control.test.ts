/** Whoever sees and steers a host finds the same contract, in its process and over the socket. */
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attachHost, foldEvents, hostControl, openControl } from "@plugboard/core/control";
import type { ControlEvent, ExtensionListing, HostControl } from "@plugboard/core/control";
import { anExtension, createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter } from "../support/extensions.js";

const english = aGreeter({
  id: "acme.english",
  supplies: { greeters: { english: "{ greet: (name) => `Hello, ${name}!` }" } },
});

interface Steered extends AsyncDisposable {
  readonly kit: TestHost;
  readonly control: HostControl;
  readonly stateFolder: string;
}

const ways = {
  "in its process": async (kit: TestHost): Promise<HostControl & Partial<Disposable>> =>
    hostControl(kit.host),
  "over the socket": async (kit: TestHost, stateFolder: string) => {
    await openControl(kit.host, { stateFolder });
    const attached = await attachHost(stateFolder);
    if (attached === undefined) throw new Error("nobody answers");
    return attached;
  },
};

async function steered(
  way: keyof typeof ways,
  options: Parameters<typeof createTestHost>[0] = { extensions: [english] },
): Promise<Steered> {
  const kit = await createTestHost(options);
  const stateFolder = join(kit.temporaryFolder, "state");
  const control = await ways[way](kit, stateFolder);
  return {
    kit,
    control,
    stateFolder,
    [Symbol.asyncDispose]: async () => {
      control[Symbol.dispose]?.();
      await kit[Symbol.asyncDispose]();
    },
  };
}

/** Keeps a listing up to date with the events, and remembers them. */
function follow(control: HostControl, options: Parameters<HostControl["events"]>[0] = {}) {
  const end = new AbortController();
  const events: ControlEvent[] = [];
  let listing: ExtensionListing = { extensions: [], problems: [] };
  const done = (async () => {
    for await (const event of control.events({ ...options, signal: end.signal })) {
      events.push(event);
      listing = foldEvents(listing, event);
    }
  })();
  return {
    events,
    /** By folder, since newcomers stand at the end until the next snapshot. */
    folded: () => sorted(listing),
    async [Symbol.asyncDispose]() {
      end.abort();
      await done;
    },
  };
}

function sorted({ extensions, problems }: ExtensionListing): ExtensionListing {
  return { extensions: extensions.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)), problems };
}

describeWays("a host is listed, explained and called", async (way) => {
  await using host = await steered(way);
  const { kit, control } = host;

  expect(await control.info()).toMatchObject({
    hostId: kit.host.status.hostId,
    phase: "ready",
    pid: process.pid,
    folders: [kit.folder],
    extensions: { ready: 1 },
  });
  expect(await control.call({ point: "greeters", id: "english", method: "greet", args: ["World"] })).toBe(
    "Hello, World!",
  );
  expect((await control.list()).extensions).toMatchObject([
    {
      id: "acme.english",
      state: "active",
      generation: 1,
      contributes: { greeters: ["english"] },
      problems: [],
    },
  ]);
  const explanation = await control.explain("acme.english");
  expect(explanation.text).toContain("acme.english 1.0.0 is active");
  expect(explanation.extension).toMatchObject({ activatedBy: "onGreeter:english" });
  expect(await control.contributions("greeters")).toMatchObject([
    { point: "greeters", id: "english", extensionId: "acme.english" },
  ]);
  expect(await control.points()).toContain("greeters");
});

describeWays("an extension is reloaded, disabled, enabled and deactivated", async (way) => {
  await using host = await steered(way);
  const { control } = host;
  const state = async () =>
    (await control.list()).extensions.map(({ state, generation }) => [state, generation]);

  await control.activate("acme.english");
  expect(await control.reload("acme.english")).toMatchObject({ id: "acme.english", generation: 2 });
  await control.deactivate("acme.english");
  expect(await state()).toEqual([["ready", 3]]);
  await control.disable("acme.english");
  expect(await state()).toMatchObject([["blocked", expect.any(Number) as number]]);
  await control.enable("acme.english");
  expect(await state()).toMatchObject([["ready", expect.any(Number) as number]]);
  expect(await control.fire("onNothing")).toMatchObject({ outcomes: [] });
});

describeWays("what fails is told with its code, and what is not known is refused", async (way) => {
  const failing = aGreeter({
    id: "acme.failing",
    supplies: { greeters: { failing: `{ greet: () => { throw new Error("not today"); } }` } },
  });
  await using host = await steered(way, { extensions: [failing] });
  const { control } = host;

  await expect(control.reload("acme.nobody")).rejects.toMatchObject({ code: "EXTENSION_UNKNOWN" });
  const call = { point: "greeters", id: "failing", method: "greet", args: ["World"] };
  await expect(control.call(call)).rejects.toMatchObject({
    code: "CALL_FAILED",
    message: expect.stringContaining("not today") as string,
  });
  await expect(control.call({ ...call, method: "shout" })).rejects.toMatchObject({
    code: "CALL_UNKNOWN_TARGET",
  });
});

describeWays("a call that is aborted is ended for its author too", async (way) => {
  const slow = aGreeter({
    id: "acme.slow",
    supplies: {
      greeters: {
        slow: `{ greet: (_name, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => {
          globalThis.aborted = true; reject(signal.reason); })) }`,
      },
    },
  });
  await using host = await steered(way, { extensions: [slow] });
  const end = new AbortController();
  const call = host.control.call(
    { point: "greeters", id: "slow", method: "greet", args: ["World"] },
    { signal: end.signal },
  );
  await sleep(50);
  end.abort(new Error("enough"));
  await expect(call).rejects.toMatchObject({ code: "CALL_CANCELLED" });
  await eventually(() => expect(Reflect.get(globalThis, "aborted")).toBe(true));
  Reflect.deleteProperty(globalThis, "aborted");
});

describeWays("the fold of the events is the list, whatever happens", async (way) => {
  await using host = await steered(way, { watch: true, extensions: [english] });
  const { kit, control } = host;
  await using events = follow(control);
  const same = () => eventually(async () => expect(events.folded()).toEqual(sorted(await control.list())));

  await same();
  await control.activate("acme.english");
  await same();
  await kit.write(english.with({ version: "2.0.0" }));
  await eventually(async () => expect((await control.list()).extensions[0]?.version).toBe("2.0.0"));
  await same();
  await kit.write(anExtension({ id: "acme.needy", dependsOn: ["acme.missing"] }));
  await same();
  await writeFile(join(kit.folder, "acme.english", "plugin.json5"), "{");
  await same();
  await kit.remove(english);
  await eventually(async () => expect((await control.list()).extensions).toHaveLength(1));
  await same();
  const numbers = events.events.map(({ seq }) => seq);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

describeWays("a reader goes on after the event it has seen, or gets a snapshot", async (way) => {
  await using host = await steered(way);
  const { control } = host;
  const before = follow(control);
  await control.activate("acme.english");
  await eventually(() => expect(before.events.map(({ event }) => event)).toContain("activated"));
  await before[Symbol.asyncDispose]();
  const seen = before.events.at(-1)?.seq ?? 0;
  await control.reload("acme.english");
  await using resumed = follow(control, { since: seen });
  await eventually(() => expect(resumed.events.length).toBeGreaterThan(2));
  expect(resumed.events[0]).toMatchObject({ seq: seen + 1 });
  await using unknown = follow(control, { since: 1_000_000 });
  await eventually(() => expect(unknown.events).toHaveLength(2));
  expect(unknown.events.map(({ event }) => event)).toEqual(["lagged", "snapshot"]);
});

describeWays("events come as they are asked for, and end with the host", async (way) => {
  await using host = await steered(way, {
    extensions: [
      english,
      aGreeter({ id: "acme.other", activate: `context.logger.warn("careful", { depth: 2 });` }),
    ],
  });
  const { kit, control } = host;
  const events: ControlEvent[] = [];
  const done = (async () => {
    for await (const event of control.events({ kinds: ["log", "phase"], ids: ["acme.other"] }))
      events.push(event);
  })();
  await eventually(() => expect(events).toHaveLength(1));
  await control.activate("acme.english");
  await control.activate("acme.other");
  await eventually(() =>
    expect(events.slice(1)).toMatchObject([
      {
        event: "log",
        id: "acme.other",
        generation: 1,
        level: "warn",
        message: "careful",
        fields: { depth: 2 },
      },
    ]),
  );
  await kit.host.stop();
  await done;
  expect(events.at(-1)).toMatchObject({ event: "phase", phase: "stopped" });
});

test("a reader that stands still costs no memory, and catches up by a snapshot", async () => {
  await using host = await steered("over the socket", {
    extensions: [
      aGreeter({
        id: "acme.chatty",
        supplies: {
          greeters: {
            chatty: `{ greet: () => { for (let i = 0; i < 1000; i++) logger.info("x".repeat(1000)); } }`,
          },
        },
        head: "let logger;",
        activate: "logger = context.logger;",
      }),
    ],
  });
  const { control } = host;
  const reader = control.events()[Symbol.asyncIterator]();
  expect((await reader.next()).value).toMatchObject({ event: "snapshot" });
  for (let round = 0; round < 60; round++)
    await control.call({ point: "greeters", id: "chatty", method: "greet", args: [""] });

  const kinds = new Set<string>();
  for (let count = 0; count < 100_000 && !kinds.has("lagged"); count++) {
    const { value } = (await reader.next()) as { value: ControlEvent };
    kinds.add(value.event);
  }
  expect(kinds).toContain("lagged");
  expect((await reader.next()).value).toMatchObject({
    event: "snapshot",
    extensions: [{ id: "acme.chatty" }],
  });
  await reader.return?.();
});

test("stop is answered when the host has stopped, and whoever is attached is told", async () => {
  await using host = await steered("over the socket");
  const other = await attachHost(host.stateFolder);
  await host.control.stop();

  expect(host.kit.host.status.phase).toBe("stopped");
  await eventually(async () => expect(await attachHost(host.stateFolder)).toBeUndefined());
  await expect(other?.list()).rejects.toMatchObject({ code: "CONTROL_CLOSED" });
});

test.skipIf(process.platform === "win32")(
  "a socket that is not a host's of this user is refused",
  async () => {
    await using host = await steered("in its process");
    const folder = join(host.kit.temporaryFolder, "other");
    await mkdir(folder, { mode: 0o700 });
    expect(await attachHost(folder)).toBeUndefined();

    const socket = join(folder, "host.sock");
    await symlink(join(folder, "elsewhere"), socket);
    await expect(attachHost(folder)).rejects.toMatchObject({ code: "CONTROL_FOREIGN" });
    const open = join(host.kit.temporaryFolder, "open");
    await mkdir(open);
    await chmod(open, 0o777);
    const troubles: unknown[] = [];
    using _open = await openControl(host.kit.host, {
      stateFolder: open,
      onTrouble: (error) => troubles.push(error),
    });
    expect(troubles).toMatchObject([{ code: "CONTROL_FOREIGN" }]);
  },
);

test.skipIf(process.platform === "win32").each([
  ["says nothing", "", "CONTROL_SILENT"],
  ["is of another version", `{"plugboard":99,"host":{}}\n`, "CONTROL_VERSION"],
  ["speaks something else", "HTTP/1.1 400 Bad Request\r\n", "CONTROL_VERSION"],
])("a host that %s is told apart within the time", async (_what, greeting, code) => {
  await using host = await steered("in its process");
  const folder = join(host.kit.temporaryFolder, "odd");
  await mkdir(folder, { mode: 0o700 });
  const server = createServer((connection) =>
    connection.on("error", () => undefined).write(greeting || "\t"),
  );
  await new Promise<void>((resolve) => server.listen(join(folder, "host.sock"), resolve));
  await expect(attachHost(folder, { timeoutMs: 200 })).rejects.toMatchObject({ code });
  server.close();
});

test("lines that are no commands are answered one by one, and hurt nobody else", async () => {
  await using host = await steered("over the socket");
  const { stateFolder, control } = host;
  const connection = connect(join(stateFolder, "host.sock")).setEncoding("utf8");
  let text = "";
  connection.on("data", (piece) => (text += String(piece)));
  connection.write(`nonsense\n[1]\n{"__proto__":1,"ref":1}\n{"lst":true,"ref":2}\n{"reload":7,"ref":3}\n`);
  connection.write(
    `{"call":{"point":"greeters"},"ref":4}\n{"list":true,"fire":"x","ref":5}\n{"info":true,"ref":6}`,
  );
  connection.end();
  await new Promise((resolve) => connection.once("close", resolve));

  const answers = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as { ref?: number; error?: { code: string; message: string } });
  expect(answers.map(({ ref, error }) => [ref, error?.code])).toEqual([
    [undefined, "CONTROL_INVALID"],
    [undefined, "CONTROL_INVALID"],
    ...[1, 2, 3, 4, 5].map((ref) => [ref, "CONTROL_INVALID"]),
    [6, undefined],
  ]);
  expect(answers[3]?.error?.message).toContain("Did you mean list?");
  expect(await control.points()).toContain("greeters");
});

test("more commands and connections than a host takes are refused, each with the reason", async () => {
  const never = aGreeter({
    id: "acme.never",
    supplies: { greeters: { never: `{ greet: () => new Promise(() => {}) }` } },
  });
  await using host = await steered("over the socket", { extensions: [never] });
  const { control, stateFolder } = host;
  const call = { point: "greeters", id: "never", method: "greet", args: ["World"] };
  const calls = Array.from({ length: 1_000 }, () => control.call(call).catch(() => undefined));
  await expect(control.call(call)).rejects.toMatchObject({ code: "CONTROL_BUSY" });

  const others = [];
  for (let count = 0; count < 63; count++) others.push(await attachHost(stateFolder));
  await expect(attachHost(stateFolder)).rejects.toMatchObject({ code: "CONTROL_BUSY" });
  for (const other of others) other?.dispose();
  await eventually(async () => (await attachHost(stateFolder))?.dispose());
  await host.kit.host.stop();
  await Promise.all(calls);
});

function describeWays(title: string, run: (way: keyof typeof ways) => Promise<void>): void {
  for (const way of Object.keys(ways) as (keyof typeof ways)[]) test(`${title}: ${way}`, () => run(way));
}
