/** Extension folders whose program is a script of Node, and what is needed to start it. */
import { chmod, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isExtensionError,
  type ExtensionError,
  type FileStamp,
  type StartRequest,
} from "@plugboard/extension-api";
import { onTestFinished } from "vitest";
import { PrivateFolders } from "../../../../core/src/runtime/child/private-folders.js";
import { Children } from "../../../../core/src/runtime/child/children.js";
import {
  Launcher,
  type LaunchedPlugin,
  type LaunchRequest,
} from "../../../../extensions/runtime-go-plugin/src/launch/launcher.js";
import { readSettings } from "../../../../extensions/runtime-go-plugin/src/settings/settings.js";

/** A fresh folder, removed when the test is over. */
export async function freshFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pgo-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a program that runs the script. */
export async function writeProgram(folder: string, script: string, name = "plugin"): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!${process.execPath}\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** Starts children for an extension in the folder, as a host does; those that still run end with the test. */
export function startChildIn(folder: string): StartRequest["startChild"] {
  const children = new Children(2 ** 30);
  onTestFinished(() => children.dispose());
  return ({ program, args = [], argv0, environment = {}, pipes = 0, onLine = () => undefined }) =>
    children.start({ program, args, argv0, folder, environment, pipes, onLine });
}

/** What a plugin printed, and the files that its launch told of. */
export interface Heard {
  readonly lines: string[];
  readonly files: Map<string, FileStamp>;
}

export interface TestLauncher {
  readonly launcher: Launcher;
  /** Makes its socket folders. */
  readonly folders: PrivateFolders;
  /** Where its socket folders lie. */
  readonly temporary: string;
  readonly launch: (
    folder: string,
    runtime?: Readonly<Record<string, unknown>>,
    more?: Partial<LaunchRequest>,
  ) => Promise<LaunchedPlugin & Heard>;
  /** The error of a launch that has to fail. */
  readonly refusal: (folder: string, runtime?: Readonly<Record<string, unknown>>) => Promise<ExtensionError>;
}

/** A launcher of its own, disposed when the test is over. */
export async function aLauncher(options: { readonly temporaryFolder?: string } = {}): Promise<TestLauncher> {
  const temporary = options.temporaryFolder ?? (await freshFolder());
  const launcher = new Launcher({ environment: process.env });
  const folders = new PrivateFolders(temporary);
  onTestFinished(() => launcher.dispose());
  const launch: TestLauncher["launch"] = async (folder, runtime = {}, more = {}) => {
    const lines: string[] = [];
    const files = new Map<string, FileStamp>();
    const place = { platform: process.platform, arch: process.arch, environment: {} };
    const settings = readSettings("acme.x", { kind: "go-plugin", command: "./plugin", ...runtime }, place);
    const launched = await launcher.launch(
      {
        extension: { id: "acme.x", version: "1.0.0", path: folder },
        settings,
        granted: [],
        reuse: undefined,
        onFile: (path, stamp) => files.set(path, stamp),
        onLine: ({ stream, text }) => lines.push(`${stream}: ${text}`),
        startChild: startChildIn(folder),
        createFolder: () => folders.create(),
        ...more,
      },
      AbortSignal.timeout(15_000),
    );
    return { ...launched, lines, files };
  };
  return {
    launcher,
    folders,
    temporary,
    launch,
    refusal: async (folder, runtime) => {
      const outcome: unknown = await launch(folder, runtime).catch((error: unknown) => error);
      if (isExtensionError(outcome)) return outcome;
      throw new Error("the launch did not fail as it has to", { cause: outcome });
    },
  };
}

/** Shakes hands and stays, though nobody listens at the address. */
export const idle = `console.log("1|1|unix|/tmp/nobody|grpc|"); setInterval(() => {}, 1000);`;

/** Whether a process is there and runs. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
