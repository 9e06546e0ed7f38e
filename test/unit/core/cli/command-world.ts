/** A world of strings for commands: what they read is given, what they write is kept. */
import { Readable } from "node:stream";
import type { CommandIo, OutputStream, StopReason } from "../../../../core/src/cli/command-io.js";

/** A stream that keeps what is written, like a terminal if it has columns. */
export class KeptOutput implements OutputStream {
  readonly isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  text = "";
  readonly #resized = new Set<() => void>();

  constructor(size: { readonly columns?: number; readonly rows?: number } = {}) {
    this.isTTY = size.columns !== undefined;
    this.columns = size.columns;
    this.rows = size.rows;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }

  once(): void {
    // Nobody is ever behind.
  }

  on(_event: "resize", listener: () => void): void {
    this.#resized.add(listener);
  }

  off(_event: "resize", listener: () => void): void {
    this.#resized.delete(listener);
  }
}

/** A world, and the handles that a test needs of it. */
export interface CommandWorld {
  readonly io: CommandIo;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  stop(this: void, reason: StopReason): void;
}

/** A world in which standard input holds the text given. */
export function commandWorld(
  options: {
    readonly stdin?: string;
    readonly env?: CommandIo["env"];
    readonly columns?: number;
    readonly cwd?: string;
  } = {},
): CommandWorld {
  const size = options.columns === undefined ? {} : { columns: options.columns, rows: 24 };
  const stdout = new KeptOutput(size);
  const stderr = new KeptOutput(size);
  const controller = new AbortController();
  return {
    stdout,
    stderr,
    stop: (reason) => controller.abort(reason),
    io: {
      stdin: Readable.from([options.stdin ?? ""]),
      stdout,
      stderr,
      env: options.env ?? {},
      cwd: options.cwd ?? "/project",
      signal: controller.signal,
      onStrayOutput: () => ({ dispose: () => undefined }),
      inProcessScope: (_extension, run) => run(),
      ignoreInterrupts: () => undefined,
      openInspector: () => undefined,
      takeStreams: () => ({
        stdout: async (text) => void stdout.write(text),
        stderr: (text) => void stderr.write(text),
        dispose: () => undefined,
      }),
    },
  };
}
