/**
 * Opens channels to child processes, each held to what its extension was granted by Node's permission model and by
 * what else the machine offers. Looks at the folder before it hands out a channel; owns what all children share.
 * Invariant: when the last channel has closed, no process is left that was started here.
 */
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
import type { Children } from "../child/children.js";
import { childArguments, firstNodeWithNetPermission } from "./child-arguments.js";
import { describeConfinement, type ProcessConfinement } from "./confinement.js";
import { checkFolderBoundary } from "./folder-boundary.js";
import { NetworkSandbox, type Command } from "./network-sandbox.js";
import { LastWords, messageLimitBytes, ProcessChannel } from "./process-channel.js";
import type { ProcessSetup } from "./process-main.js";
import { readablePackages } from "./readable-packages.js";
import { TransformService } from "../transform/transform-service.js";
import { ownProgram } from "../../common/own-files.js";

/** What child processes may use. @internal */
export interface ProcessDriverOptions {
  /** Starts them. */
  readonly children: Children;
  /**
   * Bytes of memory of a process. Its heap may take three quarters of that, so that code which
   * fills the heap is told so by Node itself; the whole process is looked at five times a second, on Linux.
   */
  readonly memoryBytes: number;
  /** Packages that the application gives to every extension: where they are, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

const wrappedStartMs = 2_000;
/** Pipes of a child: frames, TypeScript. */
const pipes = 2;

/** Opens channels to child processes. @internal */
export class ProcessDriver implements ChannelDriver {
  readonly #memoryBytes: number;
  readonly #packages: Readonly<Record<string, string>>;
  readonly #children: Children;
  readonly #sandbox = new NetworkSandbox();
  readonly #transforms: TransformService;
  readonly #channels = new Set<Channel>();
  #readable: readonly string[] | undefined;

  constructor({ children, memoryBytes, packages }: ProcessDriverOptions) {
    this.#children = children;
    this.#memoryBytes = memoryBytes;
    this.#packages = packages;
    this.#transforms = new TransformService(children.orphans);
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
    const lastWords = new LastWords();
    const child = await this.#children.start({
      program: command.program,
      args: command.parameters,
      folder,
      environment: request.environment,
      pipes,
      onLine: (line) => {
        lastWords.hear(line);
        request.onOutput(line);
      },
    });
    if (command.isWrapped) child.wraps(await wrappedProcess(child.leader));
    const channel = new ProcessChannel({
      child,
      lastWords,
      readable: this.#readableBy([folder, shown]),
      heapBytes: this.#heapMebibytes * 2 ** 20,
    });
    this.#transforms.serve(child.pipes[1] as Duplex, (what) => channel.fail(what));
    this.#channels.add(channel);
    void channel.closed.then(() => {
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
