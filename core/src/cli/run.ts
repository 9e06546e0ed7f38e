/**
 * The command line: what its use and misuse come to. Which commands there are stands in the table of commands.
 * Invariant: whatever happens, the caller gets an exit code and standard error says why it is not 0.
 */
import { Command, CommanderError, Option } from "commander";
import type { CommandDescription, Subcommand } from "./command.js";
import type { CommandSurroundings, GlobalOptions } from "./command-context.js";
import type { CommandIo } from "./command-io.js";
import { commandGroups, type CommandRow } from "./command-table.js";
import { exitCode, StoppedError } from "./exit-code.js";
import { nearestWord } from "./nearest-word.js";
import { collect } from "./options.js";
import { foldedLines } from "./output/folded-lines.js";
import { styleFor } from "./output/style.js";

/** What {@link run} needs beside the arguments. @internal */
export interface RunOptions {
  readonly io: CommandIo;
  readonly services: CommandSurroundings["loadServices"];
  /** What `--version` prints. */
  readonly version: string;
}

/** Runs one command line, without node and script, and gives its exit code. Never rejects. @internal */
export async function run(words: readonly string[], options: RunOptions): Promise<number> {
  const { io } = options;
  const commandLine = new CommandLine(options);
  try {
    return await commandLine.run(words);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.wrongUsage;
    const { Output } = await import("./output/output.js");
    new Output(io, { json: false }).error(error);
    return exitCode.hostFault;
  }
}

/** The program as commander knows it. Describes only the command that is run or explained, as only that is loaded. */
class CommandLine {
  readonly #options: RunOptions;
  readonly #program: Command;
  readonly #rows = new Map<string, CommandRow>();
  readonly #commonOptions = new Map<Command, CommandDescription["common"]>();
  #code: number = exitCode.done;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#program = new Command("plugboard")
      .description(
        "Run extensions: folders with a plugin.json5 that come and go while their host runs. Commands ask the host that runs here, if there is one; otherwise each runs a host of its own, acts and stops.",
      )
      .version(options.version, "-V, --version", "print the version")
      .helpOption("-h, --help", "explain a command")
      .helpCommand(false)
      .option("--json", "print JSON: one document, or one line an event for start and dev")
      .addOption(
        new Option(
          "--extensions <dir>",
          "folder of extensions; may be repeated (default: ./extensions)",
        ).argParser(collect),
      )
      .option("--config <file>", "settings of the host (default: plugboard.config.json5, if there is one)")
      .option(
        "--state <folder>",
        "where the host keeps its state (default: that of the config file, or .plugboard)",
      )
      .option("--alone", "act with a host of the command's own, though another runs here")
      .configureHelp({
        showGlobalOptions: true,
        subcommandTerm: (command) => command.name(),
        visibleGlobalOptions: (command) => this.#commonOptionsOf(command),
      })
      .exitOverride()
      .configureOutput(helpOutput(options.io))
      .showHelpAfterError("Run it with --help to see how it is used.")
      .hook("preSubcommand", (_program, command) => this.#describe(command));
    for (const { title, commands } of commandGroups) {
      for (const row of commands) {
        const command = this.#program.command(row.usage).description(row.summary).helpGroup(`${title}:`);
        this.#rows.set(command.name(), row);
      }
    }
    this.#program
      .command("help [command...]")
      .description("explain a command")
      .helpGroup("Help:")
      .action(async (names: readonly string[]) => (await this.#commandNamed(names)).help());
  }

  async run(words: readonly string[]): Promise<number> {
    await this.#program.parseAsync(words, { from: "user" });
    return this.#code;
  }

  /** Loads what the command says of itself. */
  async #describe(command: Command): Promise<void> {
    const description = await this.#rows.get(command.name())?.load();
    if (description === undefined) return;
    this.#add(command, description);
    for (const one of description.subcommands ?? [])
      this.#add(command.command(one.usage).description(one.summary), one);
    const examples = description.examples.map((line) => `  $ plugboard ${line}`);
    command.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
    const { notes } = description;
    if (notes !== undefined) command.addHelpText("after", () => this.#wrapped(notes));
  }

  #add(command: Command, description: CommandDescription | Subcommand): void {
    this.#commonOptions.set(command, description.common);
    for (const option of description.options ?? []) command.addOption(option);
    if (description.action !== undefined) command.action(() => this.#perform(command, description));
  }

  async #perform(command: Command, description: CommandDescription | Subcommand): Promise<void> {
    const { io, services } = this.#options;
    const options = command.optsWithGlobals<GlobalOptions>();
    const { Output } = await import("./output/output.js");
    const output = new Output(io, { json: options.json === true });
    try {
      const surroundings = { io, output, options, loadServices: services };
      const code = await description.action?.(surroundings, command.args, command.opts());
      this.#code = code ?? exitCode.done;
    } catch (error) {
      if (!(error instanceof StoppedError)) output.failure(error);
      const { exitCodeOf } = await import("./exit-code-of.js");
      this.#code = exitCodeOf(error);
    }
  }

  #commonOptionsOf(command: Command): Option[] {
    const common = this.#commonOptions.get(command);
    if (common === undefined) return [];
    const names: readonly string[] = ["json", ...common];
    return this.#program.options.filter((option) => names.includes(option.attributeName()));
  }

  /** Fits notes to the terminal: lines of a paragraph are joined, as in Markdown, and lines that are set in are kept. */
  #wrapped(notes: string): string {
    const width = helpWidth(this.#options.io.stdout.columns);
    const help = this.#program.createHelp();
    return notes
      .replace(/(?<=\S)\n(?=\S)/g, " ")
      .split("\n")
      .flatMap((line) => (line.startsWith(" ") ? foldedLines(line, width) : help.boxWrap(line, width)))
      .join("\n");
  }

  async #commandNamed(names: readonly string[]): Promise<Command> {
    let command = this.#program;
    for (const name of names) {
      const known = command.commands.find((one) => one.name() === name);
      if (known === undefined) {
        const near = await nearestWord(
          name,
          command.commands.map((one) => one.name()),
        );
        const hint = near === undefined ? "" : `\n(Did you mean ${near}?)`;
        const message = `error: unknown command '${name}'${hint}`;
        return this.#program.error(message, { code: "commander.unknownCommand" });
      }
      if (command === this.#program) await this.#describe(known);
      command = known;
    }
    return command;
  }
}

function helpOutput(io: CommandIo) {
  const errorStyle = styleFor(io.stderr, io.env);
  return {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
    outputError: (text: string, write: (text: string) => void) =>
      write(text.replace(/^error:/, errorStyle("red", "error"))),
    getOutHelpWidth: () => helpWidth(io.stdout.columns),
    getErrHelpWidth: () => helpWidth(io.stderr.columns),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

/** Lines of text are hard to read when they are long, however wide the terminal. */
function helpWidth(columns = 100): number {
  return Math.min(columns, 100);
}
