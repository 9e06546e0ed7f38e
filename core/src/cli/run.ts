/**
 * The command line: which commands and options there are, and what their use and misuse come to.
 * Invariant: whatever happens, the caller gets an exit code and standard error says why it is not 0.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type {
  CommandContext,
  CommandServices,
  CommandSurroundings,
  GlobalOptions,
} from "./command-context.js";
import type { CommandIo } from "./command-io.js";
import type { DevRequest } from "./commands/dev.js";
import type { ServeGoPluginFlags } from "./commands/serve-go-plugin.js";
import { templateNames, templates, type TemplateName } from "./create/templates.js";
import { exitCode, exitCodeOf, StoppedError } from "./exit-code.js";
import { Output } from "./output/output.js";
import { styleFor } from "./output/style.js";

/** What {@link run} needs beside the arguments. @internal */
export interface RunOptions {
  readonly io: CommandIo;
  /** Loads the host, which only commands that make one need. */
  readonly services: () => CommandServices | Promise<CommandServices>;
  /** What `--version` prints. */
  readonly version: string;
}

type Deed = (surroundings: CommandSurroundings) => Promise<number>;
type HostDeed = (context: CommandContext) => Promise<number>;

/** Runs deeds, each with what it needs. */
interface Performer {
  readonly perform: (command: Command, deed: Deed) => Promise<void>;
  /** Loads the host first. */
  readonly performWithHost: (command: Command, deed: HostDeed) => Promise<void>;
  readonly loadServices: RunOptions["services"];
}

/** Runs one command line, without node and script, and gives its exit code. Never rejects. @internal */
export async function run(words: readonly string[], { io, services, version }: RunOptions): Promise<number> {
  let code: number = exitCode.done;
  const perform = async (command: Command, deed: Deed): Promise<void> => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const output = new Output(io, { json: options.json === true });
    try {
      code = await deed({ io, output, options });
    } catch (error) {
      if (!(error instanceof StoppedError)) output.failure(error);
      code = exitCodeOf(error);
    }
  };
  const performWithHost = (command: Command, deed: HostDeed): Promise<void> =>
    perform(command, async (surroundings) => deed({ ...surroundings, services: await services() }));
  const program = describeProgram(version, io, { perform, performWithHost, loadServices: services });
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      new Output(io, { json: false }).error(error);
      return exitCode.hostFault;
    }
    return error.exitCode === 0 ? exitCode.done : exitCode.wrongUsage;
  }
}

function describeProgram(
  version: string,
  io: CommandIo,
  { perform, performWithHost, loadServices }: Performer,
): Command {
  const program = new Command("plugboard")
    .description(
      "Run extensions: folders with a plugin.json5 that come and go while their host runs. Every command but start and dev runs a host of its own, acts and stops.",
    )
    .version(version, "-V, --version", "print the version")
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
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput(helpOutput(io))
    .showHelpAfterError("Run it with --help to see how it is used.");

  const add = (usage: string, description: string, examples: readonly string[]): Command => {
    const command = program.command(usage).description(description);
    return command.addHelpText(
      "after",
      `\nExamples:\n${examples.map((line) => `  $ plugboard ${line}`).join("\n")}`,
    );
  };

  add("start", "run the extensions in the folders and follow changes until stopped", [
    "start",
    "start --extensions ./extensions --extensions ./more",
    "start --json",
    `start --json --exit-with-stdin < commands.jsonl`,
  ])
    .option("--exit-with-stdin", "stop when standard input ends")
    .addHelpText("after", driverHelp)
    .action((options: { exitWithStdin?: boolean }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/start.js")).startHost(context, {
          exitWithStdin: options.exitWithStdin === true,
        }),
      ),
    );
  add(
    "dev [folders...]",
    "run the extension that you are writing, reload it when you save, and show errors with their source",
    [
      "dev ./english",
      "dev ./english ./french --extensions ./extensions",
      "dev ./english --inspect",
      "dev ./english --json",
    ],
  )
    .option("--inspect [port]", "let a debugger attach; breakpoints are set in your own files (port: 9229)")
    .option("--lazy", "activate it when it is needed, as start does, not at once")
    .option("--exit-with-stdin", "stop when standard input ends")
    .addHelpText("after", devHelp)
    .action((folders: readonly string[], flags: DevFlags, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/dev.js")).develop(context, devRequest(folders, flags)),
      ),
    );
  add("greet <name>", "call every greeter", ["greet World", "greet World --only english,spanish"])
    .option("--only <ids>", "ids of the greeters to ask, separated by commas", separateIds)
    .action((name: string, options: { only?: readonly string[] }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/greet.js")).greet(context, { name, only: options.only }),
      ),
    );
  add("transform <text>", "send a text through transformers; - reads it from standard input", [
    'transform "some text" --with upper,reverse',
    "transform - --with upper < README.md",
  ])
    .requiredOption(
      "--with <ids>",
      "ids of the transformers in order, separated by commas (required)",
      separateIds,
    )
    .action((text: string, options: { with: readonly string[] }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/transform.js")).transform(context, { text, with: options.with }),
      ),
    );
  add("call <point> <id> <method> [arguments...]", "call one method of a contribution; arguments are JSON", [
    `call greeters english greet '"World"'`,
    `call commands acme.hello execute 1 '{"loud": true}'`,
  ]).action(
    (
      point: string,
      id: string,
      method: string,
      args: readonly string[],
      _options: object,
      command: Command,
    ) =>
      performWithHost(command, async (context) =>
        (await import("./commands/call.js")).callMethod(context, { point, id, method, args }),
      ),
  );
  add("list", "list the extensions, what they contribute and what is wrong with them", [
    "list",
    "list --json",
  ]).action((_options: object, command: Command) =>
    performWithHost(command, async (context) => (await import("./commands/list.js")).listExtensions(context)),
  );
  add("validate <dirs...>", "check extensions without running them: folders of one, or folders of many", [
    "validate ./extensions/english",
    "validate ./extensions --json",
  ]).action((dirs: readonly string[], _options: object, command: Command) =>
    performWithHost(command, async (context) =>
      (await import("./commands/validate.js")).validate(context, dirs),
    ),
  );
  add("explain <subject>", "explain why an extension is or is not active, or what an event activates", [
    "explain acme.english",
    "explain onGreeter:english",
  ]).action((subject: string, _options: object, command: Command) =>
    performWithHost(command, async (context) =>
      (await import("./commands/explain.js")).explainSubject(context, subject),
    ),
  );
  add("serve-go-plugin [folders...]", "serve extensions to a Go program that starts this as its plugin", [
    "serve-go-plugin ./extensions",
    "serve-go-plugin ./extensions/english --cookie MY_APP_PLUGIN=greetings",
    "serve-go-plugin ./extensions --service acme.orders=find:1,count:0",
  ])
    .option("--cookie <key=value>", "the cookie that the Go program sets (default: Plugboard's own)")
    .option("--versions <numbers>", "versions of the protocol to choose from, separated by commas", "1")
    .option(
      "--service <id=method:arguments,...>",
      "a service that the Go program offers to extensions; may be repeated",
      collect,
    )
    .option("--tcp", "listen on a port of this machine instead of a unix socket")
    .addHelpText("after", servingHelp)
    .action((folders: readonly string[], options: ServeGoPluginFlags, command: Command) =>
      perform(command, async (surroundings) => {
        const { serveGoPlugin } = await import("./commands/serve-go-plugin.js");
        return serveGoPlugin(surroundings, { folders, flags: options, loadServices });
      }),
    );
  add(
    "create <folder>",
    "create a new extension from a template; on a terminal, asks for what is not given",
    ["create ./hello", "create ./hello --template worker --id acme.hello --name Hello --yes"],
  )
    .addOption(new Option("--template <name>", "template to use (default: greeter)").choices(templateNames))
    .option("--id <id>", "its extension id (default: made from the folder's name)")
    .option("--name <text>", "its display name (default: made from the id)")
    .option("-y, --yes", "ask nothing, take the defaults")
    .addHelpText("after", createHelp)
    .action(
      (
        folder: string,
        options: { template?: TemplateName; id?: string; name?: string; yes?: boolean },
        command: Command,
      ) =>
        perform(command, async (surroundings) =>
          (await import("./commands/create.js")).create(surroundings, {
            folder,
            template: options.template,
            id: options.id,
            name: options.name,
            takesDefaults: options.yes === true,
          }),
        ),
    );
  add("pack <folder>", "pack an extension into one archive that can be signed, distributed and installed", [
    "pack ./english",
    "pack ./english --out ./dist --json",
  ])
    .option("--out <dir>", "folder for the archive (default: the current directory)")
    .addHelpText("after", packHelp)
    .action((folder: string, options: { out?: string }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/pack.js")).pack(context, { folder, out: options.out }),
      ),
    );
  add("sign <archive>", "sign an archive with a secret key", [
    "sign acme.english-1.2.0.tgz --key ~/keys/acme",
    "sign acme.english-1.2.0.tgz --key ~/keys/acme --expires 2030-01-31",
  ])
    .requiredOption("--key <file>", "file of the secret key (required)")
    .option("--expires <date>", "day on which the signature ends (default: never)", readDate)
    .option(
      "--endorsement <file>",
      "file in which an older key endorses this one; may be repeated (default: the one beside the key)",
      collect,
    )
    .action(
      (
        archive: string,
        options: { key: string; expires?: number; endorsement?: readonly string[] },
        command: Command,
      ) => {
        const { key, expires, endorsement: endorsements = [] } = options;
        return performWithHost(command, async (context) =>
          (await import("./commands/sign.js")).sign(context, { archive, key, expires, endorsements }),
        );
      },
    );
  add("verify <path>", "check the signature of an archive or an installed folder", [
    "verify acme.english-1.2.0.tgz --keys ./trusted",
    "verify ./extensions/acme.english --json",
  ])
    .option("--keys <path>", keysHelp)
    .action((path: string, options: { keys?: string }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/verify.js")).verify(context, { path, keys: options.keys }),
      ),
    );
  add("install <source>", "install an extension from a folder, an archive, an npm package or a URL", [
    "install acme.english-1.2.0.tgz",
    "install @acme/english@^1.2 --keys ./trusted --verified",
    "install https://example.com/acme.english-1.2.0.tgz --integrity sha512-…",
  ])
    .option("--keys <path>", keysHelp)
    .option("--verified", "install only what is signed by a trusted key")
    .option("--now", nowHelp)
    .option("--allow-older", "replace a newer version by an older one")
    .option("--integrity <sha512>", "expected SHA-512 of the file at a URL: sha512- and base64")
    .option(
      "-y, --yes",
      "agree without being asked: to what it depends on and, where the host asks for trust, to what it asks for",
    )
    .addHelpText("after", installHelp)
    .action((source: string, options: InstallFlags & { integrity?: string }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/install.js")).install(context, {
          ...installWords(options),
          source,
          allowOlder: options.allowOlder === true,
          integrity: options.integrity,
        }),
      ),
    );
  add("update [ids...]", "update installed extensions to newer versions from their source", [
    "update --dry-run",
    "update acme.english --keys ./trusted",
  ])
    .option("--dry-run", "only show what would be updated")
    .option("--now", nowHelp)
    .option("--again", "also take a version that was rolled back")
    .option("--keys <path>", keysHelp)
    .option("--verified", "install only what is signed by a trusted key")
    .option(
      "-y, --yes",
      "agree without being asked: to what updates depend on and, where the host asks for trust, to what they ask for",
    )
    .addHelpText("after", updateHelp)
    .action(
      (
        ids: readonly string[],
        options: InstallFlags & { dryRun?: boolean; again?: boolean },
        command: Command,
      ) =>
        performWithHost(command, async (context) =>
          (await import("./commands/update.js")).update(context, {
            ...installWords(options),
            ids,
            dryRun: options.dryRun === true,
            again: options.again === true,
          }),
        ),
    );
  add("uninstall <id>", "remove an installed extension; a running host stops it at once", [
    "uninstall acme.english",
  ]).action((id: string, _options: object, command: Command) =>
    performWithHost(command, async (context) =>
      (await import("./commands/uninstall.js")).uninstall(context, id),
    ),
  );
  add("rollback <id>", "go back to the version that was installed before", ["rollback acme.english"]).action(
    (id: string, _options: object, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/uninstall.js")).rollback(context, id),
      ),
  );
  add("enable <id>", "let a disabled extension run again; a running host does so at once", [
    "enable acme.english",
  ]).action((id: string, _options: object, command: Command) =>
    performWithHost(command, async (context) => (await import("./commands/enable.js")).enable(context, id)),
  );
  add("disable <id>", "keep an extension from running until it is enabled; a running host stops it at once", [
    "disable acme.english",
  ]).action((id: string, _options: object, command: Command) =>
    performWithHost(command, async (context) => (await import("./commands/enable.js")).disable(context, id)),
  );
  add(
    "trust <id>",
    "allow an extension's files to run where the host asks for trust; a running host starts it at once",
    ["trust acme.english", "trust acme.english --yes --json"],
  )
    .option("--yes", "agree to what it asks for without being asked")
    .option("--pin", "allow an older version, and no other until it is trusted")
    .addHelpText("after", trustHelp)
    .action((id: string, options: { yes?: boolean; pin?: boolean }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/trust.js")).trust(context, id, {
          isYes: options.yes === true,
          isPinned: options.pin === true,
        }),
      ),
    );
  add(
    "untrust <id>",
    "withdraw trust from an extension; a running host that asks for trust stops it at once",
    ["untrust acme.english"],
  ).action((id: string, _options: object, command: Command) =>
    performWithHost(command, async (context) => (await import("./commands/trust.js")).untrust(context, id)),
  );
  add(
    "lock",
    "write a lockfile of the extensions in the folders; a host that uses it runs only those, unchanged",
    ["lock", "lock --key ~/keys/operator --out ./plugboard.lock.json"],
  )
    .option("--key <file>", "file of the secret key that signs it; needed where hosts trust keys")
    .option("--out <file>", "where to write it (default: that of the config file, or plugboard.lock.json)")
    .action((options: { key?: string; out?: string }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/trust.js")).lock(context, { key: options.key, out: options.out }),
      ),
    );
  add("doctor", "check the machine, the folders and their permissions, and say what to do", [
    "doctor",
    "doctor --extensions ./extensions --keys ./trusted --json",
  ])
    .option("--keys <path>", keysHelp)
    .action((options: { keys?: string }, command: Command) =>
      perform(command, async (surroundings) =>
        (await import("./commands/doctor.js")).examineMachine(surroundings, {
          keys: options.keys,
          loadServices,
        }),
      ),
    );
  add("health", "report the health of the host that runs in this directory", [
    "health",
    "health --state /var/lib/plugboard --json",
  ])
    .addHelpText("after", healthHelp)
    .action((_options: object, command: Command) =>
      perform(command, async (surroundings) => (await import("./commands/health.js")).health(surroundings)),
    );
  const keys = add("keys", "create keys, endorse a new key with an old one, revoke a key", [
    "keys create ~/keys/acme",
    "keys endorse ~/keys/acme-2.pub --key ~/keys/acme",
    'keys revoke acme.pub --reason "lost laptop"',
  ]);
  keys
    .command("create <file>")
    .description("create a key pair: the secret key in the file, the public key in the file with .pub added")
    .action((file: string, _options: object, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/keys.js")).createKey(context, file),
      ),
    );
  keys
    .command("endorse <public-key>")
    .description("endorse a new key with an old one: whoever trusts the old key then trusts the new one")
    .requiredOption("--key <file>", "file of the old secret key (required)")
    .option("--expires <date>", "day on which the endorsement ends (default: never)", readDate)
    .action((next: string, options: { key: string; expires?: number }, command: Command) => {
      const { key, expires } = options;
      return performWithHost(command, async (context) =>
        (await import("./commands/keys.js")).endorse(context, { next, key, expires }),
      );
    });
  keys
    .command("revoke <key>")
    .description("revoke a key, named by its id or by the file of its public key")
    .option(
      "--keys <dir>",
      "folder of trusted keys (default: that of the config file, or keys in the state folder)",
    )
    .option("--reason <text>", "why")
    .action((key: string, options: { keys?: string; reason?: string }, command: Command) =>
      performWithHost(command, async (context) =>
        (await import("./commands/keys.js")).revoke(context, {
          key,
          keys: options.keys,
          reason: options.reason,
        }),
      ),
    );
  program
    .command("help [command...]")
    .description("explain a command")
    .action(async (names: readonly string[]) => (await commandNamed(program, names)).help());
  return program;
}

async function commandNamed(program: Command, names: readonly string[]): Promise<Command> {
  let command = program;
  for (const name of names) {
    const known = command.commands.find((one) => one.name() === name);
    if (known === undefined) {
      const { nearest } = await import("../index.js");
      const near = nearest(
        name,
        Array.from(command.commands, (one) => one.name()),
      );
      const hint = near === undefined ? "" : `\n(Did you mean ${near}?)`;
      return program.error(`error: unknown command '${name}'${hint}`, { code: "commander.unknownCommand" });
    }
    command = known;
  }
  return command;
}

interface InstallFlags {
  readonly keys?: string;
  readonly verified?: boolean;
  readonly allowOlder?: boolean;
  readonly yes?: boolean;
  readonly now?: boolean;
}

function installWords({ keys, verified, yes, now }: InstallFlags) {
  return { keys, requireVerified: verified === true, yes: yes === true, allowNew: now === true };
}

function collect(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

interface DevFlags {
  readonly inspect?: string | true;
  readonly lazy?: true;
  readonly exitWithStdin?: true;
}

function devRequest(folders: readonly string[], flags: DevFlags): DevRequest {
  const { inspect, lazy, exitWithStdin } = flags;
  const rest = { isLazy: lazy === true, exitWithStdin: exitWithStdin === true };
  if (typeof inspect !== "string")
    return { ...rest, folders, inspectPort: inspect === true ? inspectorPort : undefined };
  // The word after --inspect is a port only if it looks like one.
  return /^\d{1,5}$/.test(inspect) && Number(inspect) < 65_536
    ? { ...rest, folders, inspectPort: Number(inspect) }
    : { ...rest, folders: [inspect, ...folders], inspectPort: inspectorPort };
}

/** Where debuggers look for Node. */
const inspectorPort = 9229;

function readDate(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError("A date looks like 2030-01-31.");
  return time;
}

function separateIds(text: string): readonly string[] {
  return text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
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

const servingHelp = `
A folder is an extension or holds some; without one, those of --extensions or of the config file are served.
The Go program uses hashicorp/go-plugin with gRPC, and the services of contract.proto in @plugboard/runtime-go-plugin.`;

const keysHelp =
  "folder of trusted public keys, or one public key's file (default: that of the config file, or keys in the state folder)";

const nowHelp = "take packages however new they are, whatever npm's min-release-age or before says";

const installHelp = `
The extension is put into the first folder of extensions, and a host that runs there has it at once. Extensions that
it depends on are installed with it, from the same source; you are shown them before anything is written. No code runs
during an installation, and rollback brings back the version that was replaced. An archive that was changed after it
was signed, or that is signed with a revoked key, is always refused. Registries, their tokens and the age that a
version must have (min-release-age) come from npm's own configuration.`;

const updateHelp = `
Without ids, everything that was installed here is updated. Two kinds of version are passed over: one that another
installed extension can't work with, and, until there is a newer one, one that was rolled back (--again takes it).`;

const createHelp = `
Templates:
${templateNames.map((name) => `  ${name.padEnd(12)} ${templates[name].summary}`).join("\n")}

The folder has to be new or empty. Tests, types and editors need its packages (npm install); a host does not.`;

const trustHelp = `
It shows what the extension asks for and asks whether you agree, if anything of that is new; elsewhere than on a
terminal --yes agrees. Hosts ask for trust when the config file says trust: "asked".`;

const packHelp = `
The archive holds the folder's files and, from node_modules, the packages that package.json lists under dependencies.
It leaves out development dependencies, tests, version control, and settings such as .env and .npmrc. To leave out
more, list it in .plugboardignore, which is written like .gitignore; a line that starts with ! puts files back in.
A file that looks like a key or a password stops packing until such a line says that it belongs in the archive.`;

const devHelp = `
A folder is one extension, the current directory unless given; one that isn't an extension yet is waited for.
Other extensions are there only with --extensions, or if the config file names their folders.
--inspect reaches extensions in this process, and in workers with a debugger that follows them; those of the
runtime process can't be debugged. With --json, events and commands are those of start: plugboard help start.`;

const healthHelp = `
Exits with 0 when it answers within three seconds and has listed its extensions, otherwise with 1. An extension that
failed is counted and makes the host no less healthy.`;

const driverHelp = `
With --json each event is a line, and commands are read from standard input, a line each:
  {"call": {"point": "greeters", "id": "english", "method": "greet", "args": ["World"]}, "ref": 1}
  {"fire": "onOrder:paid", "ref": 2}   {"list": true, "ref": 3}   {"reload": "acme.english", "ref": 4}
  {"stop": true}
Each answer is a line {"ref": …, "result": …} or {"ref": …, "error": {"code": …, "message": …}}.`;
