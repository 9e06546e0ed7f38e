/**
 * Runs the commands of a page, in order, in one shell in a folder of their own, and compares what they print with
 * what the page shows after them. The folder is the top of the repository as a reader has it: the bundled extensions
 * (a copy), the packages, nothing else. `…` in a page stands for any text of a line, alone on a line for any lines.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { markOf, placeOf, type Snippet } from "./doc-page.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const pseudoTerminal = join(repository, "test/support/pseudo-terminal.py");

/** How long one snippet may take, and how long a terminal may take to show what the page says. */
const limitMs = 60_000;
const shownMs = 30_000;

/** How a page is run. */
export interface PageOptions {
  /**
   * A port of this machine where `plugboard` commands can be handed over instead of each being a process, which takes
   * a quarter of a second. One that goes on is a process all the same.
   */
  readonly commandPort?: number;
}

/** What a page shows and what is there instead. */
export interface Difference {
  readonly snippet: Snippet;
  readonly real: string;
}

/**
 * Runs a page to its end, whatever differs.
 *
 * @throws Error for a command that fails and is not marked so, or takes too long
 */
export async function runPage(
  snippets: readonly Snippet[],
  options: PageOptions = {},
): Promise<readonly Difference[]> {
  const session = await DocSession.create(options);
  try {
    const differences: Difference[] = [];
    let printed: string | undefined;
    for (const snippet of snippets) {
      if (markOf(snippet, "not run") !== undefined) {
        printed = undefined;
        continue;
      }
      const preparation = markOf(snippet, "prepared by");
      if (preparation !== undefined) await session.run(preparation.shell, { place: placeOf(snippet) });
      if (snippet.file !== undefined) await session.write(snippet.file, snippet.text);
      const goesOn = markOf(snippet, "goes on") !== undefined;
      if (snippet.language === "sh" && goesOn) {
        await session.start(snippet.text);
        printed = undefined;
      } else if (snippet.language === "sh") {
        const fails = markOf(snippet, "fails") !== undefined;
        printed = await session.run(snippet.text, { place: placeOf(snippet), fails });
      } else if (snippet.language === "text" && markOf(snippet, "shown there") !== undefined) {
        const screen = await session.screen((text) => isShown(snippet.text, text, { within: true }));
        if (!isShown(snippet.text, screen, { within: true })) differences.push({ snippet, real: screen });
      } else if (snippet.language === "text" && printed !== undefined) {
        if (!isShown(snippet.text, printed)) differences.push({ snippet, real: printed });
        printed = undefined;
      } else printed = undefined;
    }
    await session.end();
    return differences;
  } finally {
    await session.remove();
  }
}

/** Whether a page's text is what was printed, `…` standing for anything. */
export function isShown(shown: string, real: string, { within = false } = {}): boolean {
  // A page that shows nothing yet: its tour is still to be taken.
  if (shown.trim() === "") return false;
  const pattern = tidy(shown)
    .map((line) =>
      line === "…"
        ? "(?:.*\n)*?"
        : `${line
            .split("…")
            .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
            .join(".*?")}\n`,
    )
    .join("");
  return new RegExp(within ? `(?<=^|\n)${pattern}` : `^${pattern}$`).test(`${tidy(real).join("\n")}\n`);
}

/** What differs from run to run becomes `…`. */
export function withoutChance(text: string): string {
  return tidy(text)
    .join("\n")
    .concat("\n")
    .replaceAll(/\S*plugboard-page-\w+\/top/g, "…")
    .replaceAll(/\b[0-9a-f]{32,64}\b/g, "…")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "…")
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "…")
    .replaceAll(/\b\d+(?:\.\d+)?(?= ?m?s\b)/g, "…")
    .replaceAll(/(?<=duration_ms )[\d.]+/g, "…");
}

/** Lines without spaces at their ends, and without empty ones around them. */
function tidy(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "")
    .split("\n");
}

/**
 * Functions of the shell that hand a command over, each word ended by a zero byte, and take the exit code and the name
 * of two files back, which hold what it printed.
 */
const handingOver = (port: number): string => `
plugboard() {
  local words=("$@") input= code name
  if [[ "$1" == start || "$1" == dev ]]; then command plugboard "$@"; return; fi
  if [[ -p /dev/stdin ]]; then input=$(cat); fi
  exec {link}<>/dev/tcp/127.0.0.1/${port}
  printf '%s\\0' $# "$PWD" "$input" "\${words[@]}" >&$link
  read -r code name <&$link
  exec {link}>&-
  cat "$name.out"; cat "$name.err" >&2
  return "$code"
}
npx() { if [[ "$1" == plugboard ]]; then shift; plugboard "$@"; else command npx "$@"; fi; }
`;

/** The shell, and the second terminal beside it. */
class DocSession {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #shell: ChildProcessWithoutNullStreams;
  #terminal: Terminal | undefined;
  #steps = 0;

  private constructor(folder: string, environment: NodeJS.ProcessEnv, { commandPort }: PageOptions) {
    this.#folder = folder;
    this.#environment = environment;
    // A group of its own, so that what a command leaves behind ends with it.
    this.#shell = spawn("bash", ["--norc"], { cwd: join(folder, "top"), env: environment, detached: true });
    this.#shell.stdin.on("error", () => undefined);
    this.#shell.stdout.setEncoding("utf8");
    this.#shell.stdin.write(`trap 'failed="$failed; $BASH_COMMAND"' ERR\n`);
    if (commandPort !== undefined) this.#shell.stdin.write(handingOver(commandPort));
  }

  static async create(options: PageOptions): Promise<DocSession> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-page-")));
    const top = join(folder, "top");
    const [programs, home] = [join(folder, "programs"), join(folder, "home")];
    await Promise.all([top, programs, home].map((path) => mkdir(path)));
    const extensions = join(repository, "extensions");
    const runtime = "runtime-go-plugin";
    await cp(extensions, join(top, "extensions"), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => path !== join(extensions, runtime),
    });
    // More than all others together.
    await symlink(join(extensions, runtime), join(top, "extensions", runtime));
    await cp(join(repository, "package.json"), join(top, "package.json"));
    await symlink(join(repository, "node_modules"), join(top, "node_modules"));
    await symlink(join(repository, "schemas"), join(top, "schemas"));
    // npx takes longer to start than the program it starts.
    const program = join(repository, "core/bin/plugboard.js");
    const start = `exec "${process.execPath}" "${program}" "$@"\n`;
    await writeFile(join(programs, "plugboard"), `#!/bin/sh\n${start}`, { mode: 0o755 });
    await writeFile(
      join(programs, "npx"),
      `#!/bin/sh\n[ "$1" = plugboard ] || { echo "npx knows only plugboard here" >&2; exit 1; }\nshift\n${start}`,
      { mode: 0o755 },
    );
    const environment = {
      ...process.env,
      PATH: [programs, dirname(process.execPath), process.env["PATH"]].join(delimiter),
      HOME: home,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      TERM: "xterm-256color",
      NODE_OPTIONS: undefined,
      NODE_COMPILE_CACHE: join(repository, "node_modules/.cache/plugboard/compiled"),
      npm_config_update_notifier: "false",
    };
    return new DocSession(folder, environment, options);
  }

  /** Writes a file below the folder in which the shell stands. */
  async write(file: string, text: string): Promise<void> {
    const path = join(await this.#currentFolder(), file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** Runs commands to their end and gives what they print, errors included. */
  async run(commands: string, { place, fails = false }: { place: string; fails?: boolean }): Promise<string> {
    const name = join(this.#folder, `step-${++this.#steps}`);
    await writeFile(name, commands);
    const failed = (
      await this.#tell(`failed=; . ${name} </dev/null >${name}.out 2>&1; echo "done$failed"`, place)
    )
      .replace(/^done/, "")
      .trim();
    const printed = await readFile(`${name}.out`, "utf8");
    if ((failed !== "") !== fails)
      throw new Error(`${place}: ${fails ? "nothing failed" : `failed${failed}`}\n${printed}`);
    return printed;
  }

  /** Starts a program that goes on, in the second terminal: what went on there before ends. */
  async start(commands: string): Promise<void> {
    await this.end();
    const name = join(this.#folder, `step-${++this.#steps}`);
    await writeFile(name, `exec ${commands}`);
    this.#terminal = new Terminal(name, await this.#currentFolder(), this.#environment);
  }

  /** What the second terminal shows as soon as it fits; otherwise what it shows after a while. */
  async screen(fits: (text: string) => boolean): Promise<string> {
    if (this.#terminal === undefined) throw new Error("No program goes on.");
    return this.#terminal.screen(fits);
  }

  /** Ends what goes on as a reader does, with Ctrl-C. */
  async end(): Promise<void> {
    await this.#terminal?.end();
    this.#terminal = undefined;
  }

  async remove(): Promise<void> {
    this.#terminal?.kill();
    if (this.#shell.pid !== undefined && this.#shell.exitCode === null) {
      const closed = once(this.#shell, "close");
      process.kill(-this.#shell.pid, "SIGKILL");
      await closed;
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #currentFolder(): Promise<string> {
    return (await this.#tell("pwd", "pwd")).trim();
  }

  /** Has the shell read a line that prints one line when it is through. */
  async #tell(line: string, place: string): Promise<string> {
    const answered = once(this.#shell.stdout, "data", { signal: AbortSignal.timeout(limitMs) });
    this.#shell.stdin.write(`${line}\n`);
    try {
      return String((await answered)[0]);
    } catch (cause) {
      throw new Error(`${place} did not end within ${limitMs / 1000} s.`, { cause });
    }
  }
}

/** A program on a terminal. */
class Terminal {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<[number | null]>;
  #output = "";
  #onOutput = (): void => undefined;

  constructor(script: string, cwd: string, env: NodeJS.ProcessEnv) {
    this.#process = spawn("python3", [pseudoTerminal, "110", "40", "bash", script], { cwd, env });
    this.#closed = once(this.#process, "close") as Promise<[number | null]>;
    this.#process.stdin.on("error", () => undefined);
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
      this.#onOutput();
    });
  }

  screen(fits: (text: string) => boolean): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        if (fits(this.#text)) finish();
      };
      const finish = () => {
        clearTimeout(timer);
        this.#onOutput = () => undefined;
        resolve(this.#text);
      };
      const timer = setTimeout(finish, shownMs);
      this.#onOutput = look;
      look();
    });
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.stdin.write("\u0003");
    const timer = setTimeout(() => this.kill(), shownMs);
    const [code] = await this.#closed;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`What went on did not end in order after Ctrl-C:\n${this.#text}`);
  }

  kill(): void {
    // Closing the terminal hangs up on what runs on it.
    this.#process.stdin.end();
    if (this.#process.exitCode === null) this.#process.kill("SIGKILL");
  }

  /** The last whole redraw of a table; all lines of what draws none. */
  get #text(): string {
    const end = this.#output.lastIndexOf("\u001b[?2026l");
    const shown =
      end === -1
        ? this.#output
        : this.#output.slice(Math.max(0, this.#output.lastIndexOf("\u001b[?2026h", end)), end);
    return stripVTControlCharacters(shown).replaceAll("\r", "");
  }
}
