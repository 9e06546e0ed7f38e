/** A host in a process of its own, driven by JSON lines, as `plugboard start --json` is by any program. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { CommandFolder, greeterFiles, type RunningCommand } from "../../support/plugboard-process.js";

/** What is answered. */
type Answer = Readonly<Record<string, unknown>>;

/** A host that runs, and what it answers. */
export class DrivenHost {
  readonly folder: CommandFolder;
  readonly command: RunningCommand;
  readonly #waiting = new Map<unknown, (answer: Answer) => void>();
  #rest = "";
  #lastRef = 0;

  private constructor(folder: CommandFolder, command: RunningCommand) {
    this.folder = folder;
    this.command = command;
    command.process.stdout.on("data", (chunk: string) => {
      const lines = (this.#rest + chunk).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    });
  }

  /** Starts one with an extension of each runtime. */
  static async start(): Promise<DrivenHost> {
    const folder = await CommandFolder.create();
    await folder.write(greeterFiles("acme.other", "Other", "`Hello, ${name}!`"));
    const host = new DrivenHost(folder, folder.start(["start", "--json"]));
    await host.command.line(({ event }) => event === "ready");
    await vi.waitUntil(() => existsSync(host.socket), { timeout: 20_000 });
    return host;
  }

  /** The socket that tells how it is. */
  get socket(): string {
    return join(this.folder.path, ".plugboard", "host.sock");
  }

  /** Sends a command and resolves with its answer. */
  ask(command: Readonly<Record<string, unknown>>): Promise<Answer> {
    const ref = `asked ${String(++this.#lastRef)}`;
    return this.answer(ref, JSON.stringify({ ...command, ref }));
  }

  /** Sends a line as it is and resolves with the answer that bears the ref. */
  answer(ref: string | null, line: string): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.set(ref, resolve);
      this.command.process.stdin.write(`${line}\n`);
    });
  }

  /** A call of somebody who has nothing to do with what goes on. */
  async bystand(): Promise<void> {
    const { result } = await this.ask({
      call: { point: "greeters", id: "other", method: "greet", args: ["World"] },
    });
    if (result !== "Hello, World!") throw new Error(`A bystander was answered ${JSON.stringify(result)}.`);
  }

  /** Ends it; resolves with its exit code. */
  stop(): Promise<number | null> {
    this.command.send({ stop: true });
    return this.command.exit;
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    if ("event" in answer) return;
    const ref = answer["ref"] ?? null;
    this.#waiting.get(ref)?.(answer);
    this.#waiting.delete(ref);
  }
}
