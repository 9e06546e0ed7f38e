/**
 * Notices that the host is gone, however it went: no host can be relied on to say so, and Go's do not let the system
 * end their plugins with them. Watched are the parent process and the connection; standard input is the host's own and
 * tells nothing.
 */

/** What is watched, and how. @internal */
export interface HostWatchOptions {
  /** Called once, with the reason in words. */
  readonly onGone: (reason: string) => void;
  /** The id of the parent process as of now. */
  readonly parent?: () => number;
  /** Milliseconds between two looks at the parent. */
  readonly intervalMs?: number;
  /** Milliseconds for which a host that connected before may be without a connection, though the parent lives. */
  readonly reconnectMs?: number;
}

/** Looks at the parent now and then, and at once when the connection is lost. @internal */
export class HostWatch {
  readonly #onGone: (reason: string) => void;
  readonly #parent: () => number;
  readonly #first: number;
  readonly #reconnectMs: number;
  readonly #interval: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;
  #connections = 0;
  #isOver = false;

  constructor(options: HostWatchOptions) {
    this.#onGone = options.onGone;
    this.#parent = options.parent ?? (() => process.ppid);
    this.#first = this.#parent();
    this.#reconnectMs = options.reconnectMs ?? 3_000;
    this.#interval = setInterval(() => this.#look(), options.intervalMs ?? 1000);
    this.#interval.unref();
  }

  /** A host has connected; returns what is to be called when that connection is lost. */
  connected(): () => void {
    this.#connections++;
    clearTimeout(this.#soon);
    return () => {
      this.#connections--;
      if (this.#connections === 0 && !this.#isOver) this.#lookOften(performance.now());
    };
  }

  /** Ends watching. */
  dispose(): void {
    this.#isOver = true;
    clearInterval(this.#interval);
    clearTimeout(this.#soon);
  }

  /**
   * A dying process loses its connections a little before its children get another parent. A parent that lives on may
   * be a mere script around the plugin, so the lack of a connection counts by itself in the end.
   */
  #lookOften(since: number): void {
    if (this.#look()) return;
    const passed = performance.now() - since;
    if (passed > this.#reconnectMs) {
      this.#tell("the host has let go of its connection");
      return;
    }
    this.#soon = setTimeout(() => this.#lookOften(since), Math.min(10 + passed, 500));
  }

  #look(): boolean {
    if (this.#isOver) return true;
    if (this.#parent() === this.#first && isAlive(this.#first)) return false;
    this.#tell("the process that started the plugin is gone");
    return true;
  }

  #tell(reason: string): void {
    this.dispose();
    this.#onGone(reason);
  }
}

/** Where a process keeps the id of its parent for life, only the parent itself can be asked for. */
function isAlive(processId: number): boolean {
  if (process.platform !== "win32") return true;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
