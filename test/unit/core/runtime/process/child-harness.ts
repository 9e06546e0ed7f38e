/** Real children of the built process driver, each with one greeter whose code a test writes. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Channel, ConnectRequest, Frame, OutputLine } from "../../../../../extension-api/src/index.js";
import { nothingGranted } from "../../../../support/nothing-granted.js";
import { Children } from "../../../../../core/dist/runtime/child/children.js";
import { ProcessDriver } from "../../../../../core/dist/runtime/process/process-driver.js";

/** A folder on the disk that goes with the test. */
export async function makeFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-process-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Whether a process is there and is not just waiting to be collected by whoever inherited it. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return (
      process.platform !== "linux" || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${processId}/stat`, "utf8"))
    );
  } catch {
    return false;
  }
}

/** A driver whose children may take so many bytes of memory. */
export function aDriver(memoryBytes: number): ProcessDriver {
  return new ProcessDriver({ children: new Children(memoryBytes), memoryBytes, packages: {} });
}

/** What a test opens a child with. */
export interface ChildOptions extends Partial<Omit<ConnectRequest, "onOutput" | "runtime">> {
  readonly driver?: ProcessDriver;
  readonly signal?: AbortSignal;
}

/** A child and what it said. */
export interface OpenChild {
  readonly channel: Channel;
  readonly lines: OutputLine[];
  /** Activates the extension; gives the frame that says how that went. */
  readonly activate: (main: string) => Promise<Frame>;
  /** Calls `greet` with the name; gives the frame that answers. */
  readonly greet: (name: string) => Promise<Frame>;
}

/** Starts a child for a folder; it is ended with the test. */
export async function openChild(folder: string, options: ChildOptions = {}): Promise<OpenChild> {
  const { driver = aDriver(2 ** 30), signal = new AbortController().signal, ...request } = options;
  const lines: OutputLine[] = [];
  const extension = { id: "test.greeter", version: "1.0.0", path: folder };
  const channel = await driver.connect(
    {
      extension,
      runtime: { kind: "process" },
      group: undefined,
      capabilities: nothingGranted,
      environment: {},
      ...request,
      onOutput: (line) => lines.push(line),
    },
    { signal },
  );
  onTestFinished(async () => {
    channel.close();
    await channel.closed;
  });
  const waiting = new Map<number, (frame: Frame) => void>();
  channel.receive((frames) => {
    for (const frame of frames) {
      if (frame.type === "ready") waiting.get(0)?.(frame);
      else if (frame.type === "ok" || frame.type === "err") waiting.get(frame.id)?.(frame);
    }
  });
  let calls = 0;
  const answer = (id: number): Promise<Frame> => new Promise((resolve) => waiting.set(id, resolve));
  return {
    channel,
    lines,
    activate(main) {
      channel.send([hello(extension, main)], []);
      return answer(0);
    },
    greet(name) {
      const id = ++calls;
      const target = "contribution/greeters/test/greet";
      channel.send([{ type: "call", session: 1, id, target, args: [name] }], []);
      return answer(id);
    },
  };
}

/** A child whose greeter runs the code given, with `name` at hand. */
export async function openGreeter(body: string, options: ChildOptions = {}): Promise<OpenChild> {
  const folder = await makeFolder({ "extension.cjs": greeterModule(body) });
  const child = await openChild(folder, options);
  await child.activate("./extension.cjs");
  return child;
}

/** A CommonJS module with one greeter. */
export function greeterModule(body: string): string {
  return `exports.activate = (context) => {
  context.contribute("greeters", "test", { greet: async (name) => {
${body}
  } });
};
`;
}

function hello(extension: ConnectRequest["extension"], main: string): Frame {
  return {
    type: "hello",
    session: 1,
    protocol: 1,
    extension,
    generation: 1,
    main,
    runtime: { kind: "process" },
    contributions: [{ point: "greeters", id: "test", methods: { greet: 1 } }],
    services: [],
    undeclaredServices: [],
    dependencies: [],
    points: [],
    configuration: {},
    limits: { callMs: 30_000, callBytes: 16 * 1024 * 1024 },
    environment: {},
    withStacks: false,
  };
}
