/** The command line as its users have it: a process of its own, in a folder of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Absolute path of the program. */
export const plugboardProgram = fileURLToPath(new URL("../../core/bin/plugboard.js", import.meta.url));

/** What a command that has ended leaves. */
export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is given beside its words. */
export interface CommandOptions {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A folder in which commands run; removed when the test is over, with the processes that are still there. */
export class CommandFolder {
  readonly path: string;
  readonly #processes = new Set<ChildProcessWithoutNullStreams>();

  constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<CommandFolder> {
    const folder = new CommandFolder(await realpath(await mkdtemp(join(tmpdir(), "plugboard-cli-"))));
    // Also after a test that ran out of time, which never comes to the end of its own lines.
    onTestFinished(() => folder.#remove());
    return folder;
  }

  /** Writes files, given by their paths below the folder. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.path, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }

  /** Runs a command to its end. */
  async run(
    words: readonly string[],
    { stdin = "", env = {} }: CommandOptions = {},
  ): Promise<CommandOutcome> {
    const child = this.#spawn(words, env);
    child.stdin.end(stdin);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  /** Runs a command with `--json` and reads its document. */
  async runJson(
    words: readonly string[],
  ): Promise<{ readonly code: number | null; readonly document: unknown }> {
    const { code, stdout } = await this.run([...words, "--json"]);
    return { code, document: JSON.parse(stdout) as unknown };
  }

  /** Starts a command that goes on until it is told to stop. */
  start(words: readonly string[], { env = {} }: CommandOptions = {}): RunningCommand {
    return new RunningCommand(this.#spawn(words, env));
  }

  /** Starts a program of the test's own that goes on. */
  startProgram(program: string, words: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
    return new RunningCommand(this.#spawnProgram(program, words, env));
  }

  async #remove(): Promise<void> {
    for (const child of this.#processes) {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    }
    await rm(this.path, { recursive: true, force: true });
  }

  #spawn(words: readonly string[], env: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
    return this.#spawnProgram(process.execPath, [plugboardProgram, ...words], env);
  }

  #spawnProgram(
    program: string,
    words: readonly string[],
    env: NodeJS.ProcessEnv,
  ): ChildProcessWithoutNullStreams {
    const child = spawn(program, words, {
      cwd: this.path,
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    });
    // A command that has ended reads no more; that is not the test's concern.
    child.stdin.on("error", () => undefined);
    this.#processes.add(child);
    return child;
  }
}

/** A line that a running command wrote. */
export type Line = Readonly<Record<string, unknown>>;

/** A command that goes on: `plugboard start`. */
export class RunningCommand {
  readonly process: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";
  /** Its exit code. */
  readonly exit: Promise<number | null>;
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcessWithoutNullStreams) {
    this.process = child;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      this.stdout += chunk;
      this.#look();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
      this.#look();
    });
    this.exit = once(child, "close").then(([code]) => {
      this.#look();
      return code as number | null;
    });
  }

  /** The JSON lines written so far. */
  get lines(): readonly Line[] {
    const complete = this.stdout.slice(0, this.stdout.lastIndexOf("\n") + 1);
    return complete.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Line]));
  }

  /** Sends a command to the driver. */
  send(command: unknown): void {
    this.process.stdin.write(`${typeof command === "string" ? command : JSON.stringify(command)}\n`);
  }

  /** Resolves with the first line that fits, written already or later. */
  line(fits: (line: Line) => boolean): Promise<Line> {
    return this.until(() => this.lines.find(fits));
  }

  /** Resolves with what the look finds, as soon as it finds something; rejects when the command has ended. */
  until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const found = look();
        const hasEnded = this.process.exitCode !== null && this.process.stdout.readableEnded;
        if (found === undefined && !hasEnded) return;
        this.#waiting.delete(attempt);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the command ended:\n${this.stdout}\n${this.stderr}`));
      };
      this.#waiting.add(attempt);
      attempt();
    });
  }

  #look(): void {
    for (const attempt of [...this.#waiting]) attempt();
  }
}

/** Files of an extension that greets. */
export function greeterFiles(
  id: string,
  lang: string,
  body: string,
  { version = "1.0.0" }: { readonly version?: string } = {},
): Readonly<Record<string, string>> {
  const contribution = id.split(".").at(-1) ?? id;
  return {
    [`extensions/${contribution}/plugin.json5`]: `{
  manifestVersion: 1,
  id: "${id}",
  version: "${version}",
  engines: { plugboard: "^1.0.0" },
  main: "./extension.js",
  contributes: { greeters: [{ id: "${contribution}", lang: "${lang}" }] },
}
`,
    [`extensions/${contribution}/extension.js`]: `export function activate(context) {
  context.contribute("greeters", "${contribution}", { greet: (name) => ${body} });
}
`,
  };
}

/** Begins to install into `extensions` and comes to no end, until it is killed. */
export async function unfinishedInstall(folder: CommandFolder, source: string): Promise<RunningCommand> {
  const packaging = import.meta.resolve("@plugboard/core/packaging");
  const code = `import { installExtension } from ${JSON.stringify(packaging)};
await installExtension(${JSON.stringify(source)}, {
  extensionFolder: "extensions",
  examine: () => new Promise((resolve) => setTimeout(resolve, 60_000, console.log("under way"))),
});`;
  const installer = folder.startProgram(process.execPath, ["--input-type=module", "-e", code], {});
  await installer.until(() => (installer.stdout.includes("under way") ? true : undefined));
  return installer;
}

/**
 * Files of an extension that brings the runtime "brittle", and of one that runs in it: its greeter ends its
 * session when it is to greet "crash", falls silent when it is to greet "hang", and recovers with "wake".
 */
export const brittleFiles: Readonly<Record<string, string>> = {
  "extensions/runtime/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.runtime",
  version: "1.0.0",
  engines: { plugboard: "^1.0.0" },
  main: "./extension.js",
  contributes: { runtimes: [{ id: "brittle" }] },
}
`,
  "extensions/runtime/extension.js": `export function activate(context) {
  context.contribute("runtimes", "brittle", { start });
}
async function start({ extension, generation }) {
  const over = Promise.withResolvers();
  const listeners = new Set();
  let unresponsive;
  const set = (value) => {
    unresponsive = value;
    for (const listener of listeners) listener();
    return "ok";
  };
  const place = { file: extension.path + "/extension.js", line: 7, functionName: "greet", share: 1 };
  return {
    activate: async ({ contributions }) => ({
      supplied: contributions.map(({ point, id }) => ({ point, id })),
      findings: [],
      savesState: false,
      times: { call: 0, settle: 0 },
    }),
    handler: () => (name) => {
      if (name === "hang") return set({ forMs: 3_000, place });
      if (name === "wake") return set(undefined);
      if (name !== "crash") return "Hello, " + name + ", from " + generation;
      over.resolve({ kind: "crashed", message: "it was killed by SIGKILL" });
      return new Promise(() => {});
    },
    exports: {},
    saveState: async () => undefined,
    deactivate: async () => {},
    dispose: () => over.resolve({ kind: "disposed", message: "" }),
    leftovers: () => ({}),
    exited: over.promise,
    health: {
      get unresponsive() {
        return unresponsive;
      },
      onDidChange: (listener) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
      processId: 4711,
      memory: async () => 12_582_912,
    },
  };
}
`,
  "extensions/brittle/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.brittle",
  version: "1.0.0",
  engines: { plugboard: "^1.0.0" },
  main: "./extension.js",
  runtime: "brittle",
  activationEvents: ["onStartup"],
  contributes: { greeters: [{ id: "brittle", lang: "Brittle" }] },
}
`,
};

/** Files of an extension that contributes transformers, given as expressions of `text`. */
export function transformerFiles(
  id: string,
  transformers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const name = id.split(".").at(-1) ?? id;
  const items = Object.keys(transformers).map((item) => `{ id: "${item}", name: "${item}" }`);
  const calls = Object.entries(transformers).map(
    ([item, body]) => `  context.contribute("transformers", "${item}", { transform: (text) => ${body} });\n`,
  );
  return {
    [`extensions/${name}/plugin.json5`]: `{
  manifestVersion: 1,
  id: "${id}",
  version: "1.0.0",
  engines: { plugboard: "^1.0.0" },
  main: "./extension.js",
  contributes: { transformers: [${items.join(", ")}] },
}
`,
    [`extensions/${name}/extension.js`]: `export function activate(context) {\n${calls.join("")}}\n`,
  };
}
