/** The example application over real HTTP: a process of its own, a folder on the disk, requests from outside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const bundled = inRepository("extensions");
const ownExtensions = inRepository("core/examples/http-service/extensions");
const program = inRepository("core/examples/http-service/dist/main.js");

const patience = { timeout: 10_000, interval: 20 };

function launch(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  const exit = once(child, "close").then(([code]) => code as number | null);
  return { child, lines, exit };
}

/** Starts the service on the bundled extensions, its own, and a folder to drop others into. */
async function startService() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-http-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const service = launch({ EXTENSION_FOLDERS: [bundled, ownExtensions, folder].join(delimiter) });
  const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(service.lines.join("\n"))?.[0];
  await expect.poll(address, patience).toBeDefined();
  const base = address()!;

  const json = async (path: string, init?: RequestInit) => {
    const response = await fetch(base + path, init);
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  const post = (path: string, body: string, type = "text/plain") =>
    json(path, { method: "POST", body, headers: { "content-type": type } });
  return { ...service, base, folder, json, post };
}

/** Writes the extension elsewhere and moves it in, as a careful installer does. */
async function drop(folder: string, name: string, contributes: object, code: string): Promise<void> {
  const aside = join(folder, `.${name}`);
  await mkdir(aside);
  await writeFile(
    join(aside, "plugin.json5"),
    JSON.stringify({
      manifestVersion: 1,
      id: `acme.${name}`,
      version: "1.0.0",
      main: "./extension.mjs",
      contributes,
    }),
  );
  await writeFile(join(aside, "extension.mjs"), code);
  await rename(aside, join(folder, name));
}

/** Reads server-sent events until told to stop; `events` grows as they come. */
async function follow(address: string) {
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  const response = await fetch(address, { signal: leave.signal });
  const events: { event: string; data: Record<string, unknown> }[] = [];
  const ended = (async () => {
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split("\n\n");
      text = frames.pop()!;
      for (const frame of frames) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(frame)!;
        events.push({ event: event!, data: JSON.parse(data!) as Record<string, unknown> });
      }
    }
  })();
  ended.catch(() => undefined);
  return { events, ended, type: response.headers.get("content-type") };
}

test("the service lists greeters, transformers and discounts without running them", async () => {
  const { json } = await startService();
  const ids = async (what: string) => {
    const { body } = await json(`/${what}`);
    return (body as Record<string, { id: string }[]>)[what]!.map(({ id }) => id);
  };
  const listed = [await ids("greeters"), await ids("transformers"), await ids("discounts")];
  const { body } = await json("/extensions");
  const states = (body as { extensions: { state: string }[] }).extensions.map(({ state }) => state);

  expect(listed).toEqual([
    ["english", "formal", "french", "spanish"],
    ["glossary", "markdown", "outline", "reverse", "slug", "title", "upper"],
    ["bulk"],
  ]);
  expect(new Set(states)).toEqual(new Set(["ready"]));
});

test("the service greets through every greeter, or those of one language", async () => {
  const { json } = await startService();

  expect(await json("/greet/World")).toEqual({
    status: 200,
    body: {
      greetings: [
        { lang: "English", text: "Hello, World! Nice to meet you." },
        { lang: "English (formal)", text: "Good day, World. How do you do?" },
        { lang: "Français", text: "Bonjour, World\u202f! Enchanté." },
        { lang: "Español", text: "¡Hola, World! Mucho gusto." },
      ],
    },
  });
  expect(await json(`/greet/World?lang=${encodeURIComponent("Español")}`)).toEqual({
    status: 200,
    body: { greetings: [{ lang: "Español", text: "¡Hola, World! Mucho gusto." }] },
  });
});

test("the service sends a text through transformers in the order asked for", async () => {
  const { post } = await startService();
  const expected = {
    status: 200,
    body: {
      text: "SNRUTER",
      steps: [
        { id: "upper", text: "RETURNS" },
        { id: "reverse", text: "SNRUTER" },
      ],
    },
  };

  expect(await post("/transform?with=upper,reverse", "returns")).toEqual(expected);
  expect(await post("/transform?with=upper,reverse", '{"text":"returns"}', "application/json")).toEqual(
    expected,
  );
});

test("a discount of the shop's own point asks the shop's own service for the price", async () => {
  const { json } = await startService();

  expect(await json("/quote?card=birthday&quantity=12")).toEqual({
    status: 200,
    body: {
      card: "birthday",
      quantity: 12,
      gross: 4200,
      discounts: [{ id: "bulk", title: "A tenth off from 10 cards", amount: 420 }],
      total: 3780,
    },
  });
});

test("the service answers mistakes of the caller with a status of their own and a code", async () => {
  const { json, post } = await startService();
  const summary = ({ status, body }: { status: number; body: unknown }) => [
    status,
    (body as { error: { code: string } }).error.code,
  ];

  expect([
    summary(await json("/greet/World?lang=Klingon")),
    summary(await post("/transform?with=upper,lower", "text")),
    summary(await post("/transform", "text")),
    summary(await post("/transform?with=upper", "<text/>", "application/xml")),
    summary(await json("/transform?with=upper", { method: "POST" })),
    summary(await json("/greet/%E0%A4%A")),
    summary(await json("/quote?card=tarot")),
    summary(await json("/quote?card=birthday&quantity=none")),
    summary(await json("/nowhere")),
  ]).toEqual([
    [404, "CALL_UNKNOWN_TARGET"],
    [404, "CALL_UNKNOWN_TARGET"],
    [400, "REQUEST_INVALID"],
    [415, "REQUEST_INVALID"],
    [400, "REQUEST_INVALID"],
    [400, "REQUEST_INVALID"],
    [404, "NOT_FOUND"],
    [400, "REQUEST_INVALID"],
    [404, "NOT_FOUND"],
  ]);
});

test("an extension that fails is named in the answer and takes nothing else down", async () => {
  const { folder, json, post } = await startService();
  await drop(
    folder,
    "faulty",
    { greeters: [{ id: "faulty", lang: "Faulty" }], transformers: [{ id: "faulty", name: "Faulty" }] },
    `export function activate(context) {
      context.contribute("greeters", "faulty", { greet() { throw new Error("no words"); } });
      context.contribute("transformers", "faulty", { transform() { throw new Error("no text"); } });
    }`,
  );
  await expect
    .poll(async () => JSON.stringify((await json("/greeters")).body), patience)
    .toContain("acme.faulty");

  const greet = (await json("/greet/World")).body as {
    greetings: { lang: string; text?: string; error?: { code: string; extensionId: string } }[];
  };
  expect(
    greet.greetings.map(({ lang, text, error }) => [lang, text ?? error?.code, error?.extensionId]),
  ).toEqual([
    ["English", "Hello, World! Nice to meet you.", undefined],
    ["English (formal)", "Good day, World. How do you do?", undefined],
    ["Français", "Bonjour, World\u202f! Enchanté.", undefined],
    ["Español", "¡Hola, World! Mucho gusto.", undefined],
    ["Faulty", "CALL_FAILED", "acme.faulty"],
  ]);
  expect(await post("/transform?with=faulty", "text")).toMatchObject({
    status: 502,
    body: { error: { code: "CALL_FAILED", extensionId: "acme.faulty" } },
  });
});

test("a folder that is dropped in serves the next request, and is gone once it is removed", async () => {
  const { base, folder, json } = await startService();
  const { events, type } = await follow(`${base}/events`);
  await expect.poll(() => events.length, patience).toBeGreaterThan(0);
  const german = () => json("/greet/World?lang=Deutsch");

  await drop(
    folder,
    "german",
    { greeters: [{ id: "german", lang: "Deutsch" }] },
    `export function activate(context) {
      context.contribute("greeters", "german", { greet: (name) => \`Hallo, \${name}!\` });
    }`,
  );
  await expect.poll(async () => (await german()).status, patience).toBe(200);
  const dropped = await german();
  await rm(join(folder, "german"), { recursive: true });
  await expect.poll(async () => (await german()).status, patience).toBe(404);
  const told = () =>
    events
      .filter(({ event, data }) => event === "contributions" && data["point"] === "greeters")
      .flatMap(({ data }) => [
        ...(data["added"] as string[]).map((id) => `added ${id}`),
        ...(data["removed"] as string[]).map((id) => `removed ${id}`),
      ]);
  await expect.poll(told, patience).toEqual(["added german", "removed german"]);

  expect(type).toBe("text/event-stream");
  expect(events[0]).toMatchObject({
    event: "snapshot",
    data: { greeters: ["english", "formal", "french", "spanish"], discounts: ["bulk"] },
  });
  expect(dropped.body).toEqual({ greetings: [{ lang: "Deutsch", text: "Hallo, World!" }] });
});

test("a copy of a bundled extension in a later folder is listed as shadowed", async () => {
  const { folder, json } = await startService();
  await cp(join(bundled, "english"), join(folder, "english"), { recursive: true });
  const reasons = async () => {
    const { body } = await json("/extensions");
    return (body as { extensions: { id: string; reason?: { code: string } }[] }).extensions
      .filter(({ id }) => id === "plugboard.english")
      .map(({ reason }) => reason?.code);
  };

  await expect.poll(reasons, patience).toEqual([undefined, "SHADOWED"]);
});

test("an interrupt ends open streams, stops the extensions and exits with 0", async () => {
  const { base, child, exit, folder, json, lines } = await startService();
  await drop(
    folder,
    "witness",
    { greeters: [{ id: "witness", lang: "Witness" }] },
    `import { writeFileSync } from "node:fs";
    export function activate(context) {
      context.contribute("greeters", "witness", { greet: (name) => name });
    }
    export function deactivate() {
      writeFileSync(${JSON.stringify(join(folder, "deactivated.txt"))}, "yes");
    }`,
  );
  await expect.poll(async () => (await json("/greet/World?lang=Witness")).status, patience).toBe(200);
  const { events, ended } = await follow(`${base}/events`);
  await expect.poll(() => events.length, patience).toBeGreaterThan(0);
  child.kill("SIGINT");

  expect(await exit).toBe(0);
  await ended;
  expect(lines.at(-1)).toBe("Card shop stopped.");
  await expect(readdir(folder)).resolves.toContain("deactivated.txt");
});

test("a port that is taken ends the start with one line and exit code 1", async () => {
  const { base } = await startService();
  const second = launch({ PORT: new URL(base).port, EXTENSION_FOLDERS: ownExtensions });

  expect(await second.exit).toBe(1);
  expect(second.lines).toEqual([expect.stringContaining("EADDRINUSE")]);
});
