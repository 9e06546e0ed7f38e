/**
 * Opens channels to child processes, each held to what its extension was granted by Node's permission model and by
 * what else the machine offers. Looks at the folder before it hands out a channel; owns what all children share.
 * Invariant: when the last channel has closed, no process is left that was started here.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Duplex } from "node:stream";
import {
  ExtensionError,
  isExtensionError,
  type Channel,
  type ChannelDriver,
  type ConnectRequest,
  type GrantedCapabilities,
} from "@plugboard/extension-api";
import { folderIdentity } from "../../common/folder-identity.js";
import { MemoryWatch } from "../memory-watch.js";
import { childArguments, firstNodeWithNetPermission } from "./child-arguments.js";
import { describeConfinement, type ProcessConfinement } from "./confinement.js";
import { checkFolderBoundary } from "./folder-boundary.js";
import { NetworkSandbox, type Command } from "./network-sandbox.js";
import { inheritedDescriptors } from "./open-descriptors.js";
import { OrphanWatcher } from "./orphan-watcher.js";
import { messageLimitBytes, ProcessChannel } from "./process-channel.js";
import type { ProcessSetup } from "./process-main.js";
import { readablePackages } from "./readable-packages.js";
import { TransformService } from "../transform/transform-service.js";
import { ownProgram } from "../../common/own-files.js";

/** What child processes may use. @internal */
export interface ProcessDriverOptions {
  /**
   * Bytes of memory of a process. Its heap may take three quarters of that, so that code which
   * fills the heap is told so by Node itself; the whole process is looked at five times a second, on Linux.
   */
  readonly memoryBytes: number;
  /** Packages that the application gives to every extension: where they are, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

const wrappedStartMs = 2_000;
/** Descriptors of a child that are given to it: standard streams, frames, TypeScript. */
const ownDescriptors = 5;

/** Opens channels to child processes. @internal */
export class ProcessDriver implements ChannelDriver {
  readonly #memoryBytes: number;
  readonly #packages: Readonly<Record<string, string>>;
  readonly #memory: MemoryWatch;
  readonly #sandbox = new NetworkSandbox();
  readonly #orphans = new OrphanWatcher();
  readonly #transforms = new TransformService(this.#orphans);
  readonly #channels = new Set<Channel>();
  #readable: readonly string[] | undefined;

  constructor({ memoryBytes, packages }: ProcessDriverOptions) {
    this.#memoryBytes = memoryBytes;
    this.#packages = packages;
    this.#memory = new MemoryWatch(memoryBytes);
  }

  async prepare(): Promise<void> {
    const confinement = this.confinement();
    // Meanwhile the programs that are tried have the other processor.
    this.#readable ??= readablePackages(Object.values(this.#packages));
    await confinement;
  }

  /** What holds the children to what they were granted; tries what this machine offers, once. */
  async confinement(): Promise<ProcessConfinement> {
    const network = cutsNetwork ? "permission" : await this.#sandbox.kind();
    return describeConfinement({ network, platform: process.platform });
  }

  async gaps({ capabilities }: Omit<ConnectRequest, "onOutput">): Promise<readonly string[]> {
    const { gaps, networkGaps } = await this.confinement();
    if (!usesNetwork(capabilities)) return [...networkGaps, ...gaps];
    if (capabilities.net === true) return gaps;
    const open = `All of the network is open to it, not only ${capabilities.net.join(", ")}: nothing here tells hosts apart.`;
    return [open, ...gaps];
  }

  spareKey(request: Omit<ConnectRequest, "onOutput">): string {
    const { extension, group, capabilities, environment } = request;
    // A sandbox holds the folder itself: one that has taken its place is not seen in it.
    const folder = folderIdentity(extension.path);
    return JSON.stringify([extension.path, folder, group, capabilities, environment]);
  }

  /** A link may have come into the folder since the process was started. */
  async checkSpare(
    request: Omit<ConnectRequest, "onOutput">,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    await checkFolderBoundary(shownFolder(request), { signal });
  }

  async connect(request: ConnectRequest, { signal }: { readonly signal: AbortSignal }): Promise<Channel> {
    signal.throwIfAborted();
    try {
      return await this.#connect(request, signal);
    } catch (error) {
      if (isExtensionError(error) || signal.aborted) throw error;
      throw startFailed(request, error);
    }
  }

  async #connect(request: ConnectRequest, signal: AbortSignal): Promise<Channel> {
    const shown = shownFolder(request);
    const folder = await realpath(shown);
    // Goes on while Node starts: what is in the folder is of no use to a process that was not told what to run.
    const checked = checkFolderBoundary(folder, { signal });
    checked.catch(() => undefined);
    const command = await this.#command([folder, shown], request);
    signal.throwIfAborted();
    const child = spawnChild(command, folder, request.environment);
    await started(child);
    const leader = child.pid as number;
    this.#orphans.add(leader);
    const processId = command.isWrapped ? await wrappedProcess(leader) : leader;
    const channel = new ProcessChannel({
      child,
      processId,
      isWrapped: command.isWrapped,
      readable: this.#readableBy([folder, shown]),
      heapBytes: this.#heapMebibytes * 2 ** 20,
      onOutput: request.onOutput,
    });
    this.#transforms.serve(child.stdio[4] as Duplex, (what) => channel.fail(what));
    this.#memory.add(channel);
    this.#channels.add(channel);
    void channel.closed.then(() => {
      this.#orphans.remove(leader);
      this.#channels.delete(channel);
      if (this.#channels.size === 0) this.#transforms.dispose();
    });
    try {
      await checked;
      signal.throwIfAborted();
    } catch (error) {
      channel.close();
      await channel.closed;
      throw error;
    }
    return channel;
  }

  /** @param folders - that it may read, the one where it runs first */
  async #command(folders: readonly [string, ...string[]], request: ConnectRequest): Promise<Command> {
    const { capabilities, environment } = request;
    const readable = this.#readableBy(folders);
    const setup: ProcessSetup = {
      packages: this.#packages,
      limitBytes: messageLimitBytes,
      runsPrograms: capabilities.childProcess,
      environment: Object.keys(environment),
    };
    const parameters = [
      ...childArguments({ nodeMajor, readable, capabilities, heapMebibytes: this.#heapMebibytes }),
      ownProgram("process-main"),
      JSON.stringify(setup),
    ];
    if (usesNetwork(capabilities) || cutsNetwork)
      return { program: process.execPath, parameters, isWrapped: false };
    return this.#sandbox.wrap(process.execPath, parameters, {
      folder: folders[0],
      readable: [...readable, ...capabilities.fs.read],
      writable: capabilities.fs.write,
      runsPrograms: capabilities.childProcess || capabilities.addons,
    });
  }

  #readableBy(folders: readonly string[]): readonly string[] {
    this.#readable ??= readablePackages(Object.values(this.#packages));
    return [...folders, ...this.#readable];
  }

  get #heapMebibytes(): number {
    return Math.max(16, Math.floor((this.#memoryBytes * 0.75) / 2 ** 20));
  }
}

/** Whoever shares a process stands beside the others, and its folder is theirs to read. */
function shownFolder({ extension, group }: Pick<ConnectRequest, "extension" | "group">): string {
  return group === undefined ? extension.path : dirname(extension.path);
}

function usesNetwork({ net }: GrantedCapabilities): boolean {
  return net === true || net.length > 0;
}

const nodeMajor = Number(process.versions.node.split(".")[0]);
const cutsNetwork = nodeMajor >= firstNodeWithNetPermission;

function spawnChild(
  { program, parameters }: Command,
  folder: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const inherited = inheritedDescriptors(ownDescriptors);
  const nothing = inherited.length === 0 ? undefined : openSync("/dev/null", "r");
  try {
    return spawn(program, parameters, {
      cwd: folder,
      env: { ...environment },
      // The head of a group of its own, by which all that it starts can be ended.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", ...covers(inherited, nothing)],
      windowsHide: true,
    });
  } finally {
    if (nothing !== undefined) closeSync(nothing);
  }
}

/** Puts nothing in the place of each descriptor that the child would inherit, wherever it is. */
function covers(inherited: readonly number[], nothing: number | undefined): ("ignore" | number)[] {
  const last = inherited.at(-1);
  if (last === undefined || nothing === undefined) return [];
  return Array.from({ length: last + 1 - ownDescriptors }, (_, index) =>
    inherited.includes(index + ownDescriptors) ? nothing : "ignore",
  );
}

async function started(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("spawn", resolve);
  child.once("error", reject);
  await promise;
}

/** The process that a wrapper started, as soon as it is there; the wrapper itself if it ended or takes too long. */
async function wrappedProcess(wrapper: number): Promise<number> {
  const until = performance.now() + wrappedStartMs;
  do {
    let children;
    try {
      children = await readFile(`/proc/${wrapper}/task/${wrapper}/children`, "utf8");
    } catch {
      return wrapper;
    }
    const [first = ""] = children.split(" ");
    if (first !== "") return Number(first);
    await pause(1);
  } while (performance.now() < until);
  return wrapper;
}

function startFailed({ extension }: ConnectRequest, cause: unknown): ExtensionError {
  const hint = cause instanceof Error ? `: ${cause.message}` : "";
  return new ExtensionError("RUNTIME_START_FAILED", `The process could not be started${hint}`, {
    extensionId: extension.id,
    cause,
  });
}
