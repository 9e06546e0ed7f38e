/**
 * Which commands there are, in the order in which help lists them. What the list shows stands here, so that it loads no
 * command; everything else a command says itself.
 */
import type { CommandDescription } from "./command.js";

/** A command as the list shows it. @internal */
export interface CommandRow {
  /** Its name, and its operands as commander writes them. */
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<CommandDescription>;
}

/** Commands that are listed together. @internal */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandRow[];
}

/** All commands but `help`. @internal */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: "Running extensions",
    commands: [
      {
        usage: "start",
        summary: "run the extensions in the folders and follow changes until stopped",
        load: async () => (await import("./commands/start.js")).startCommand,
      },
      {
        usage: "greet <name>",
        summary: "call every greeter",
        load: async () => (await import("./commands/greet.js")).greetCommand,
      },
      {
        usage: "transform <text>",
        summary: "send a text through transformers; - reads it from standard input",
        load: async () => (await import("./commands/transform.js")).transformCommand,
      },
      {
        usage: "call <point> <id> <method> [arguments...]",
        summary: "call one method of a contribution; arguments are JSON",
        load: async () => (await import("./commands/call.js")).callCommand,
      },
      {
        usage: "reload <id>",
        summary: "have the host that runs here load an extension anew",
        load: async () => (await import("./commands/steer.js")).reloadCommand,
      },
      {
        usage: "retry <id>",
        summary: "have the host that runs here try an extension again that failed",
        load: async () => (await import("./commands/steer.js")).retryCommand,
      },
      {
        usage: "stop",
        summary: "stop the host that runs here",
        load: async () => (await import("./commands/steer.js")).stopCommand,
      },
      {
        usage: "serve-go-plugin [folders...]",
        summary: "serve extensions to a Go program that starts this as its plugin",
        load: async () => (await import("./commands/serve-go-plugin.js")).serveGoPluginCommand,
      },
    ],
  },
  {
    title: "Looking at them",
    commands: [
      {
        usage: "list",
        summary: "list the extensions, what they contribute and what is wrong with them",
        load: async () => (await import("./commands/list.js")).listCommand,
      },
      {
        usage: "explain <subject>",
        summary: "explain why an extension is or is not active, or what an event activates",
        load: async () => (await import("./commands/explain.js")).explainCommand,
      },
      {
        usage: "events [ids...]",
        summary: "show what has happened in the host that runs here, and follow it",
        load: async () => (await import("./commands/events.js")).eventsCommand,
      },
      {
        usage: "logs [ids...]",
        summary: "show what the host that runs here and its extensions have logged, and follow it",
        load: async () => (await import("./commands/events.js")).logsCommand,
      },
      {
        usage: "health",
        summary: "report the health of the host that runs in this directory",
        load: async () => (await import("./commands/health.js")).healthCommand,
      },
      {
        usage: "doctor",
        summary: "check the machine, the folders and their permissions, and say what to do",
        load: async () => (await import("./commands/doctor.js")).doctorCommand,
      },
    ],
  },
  {
    title: "Writing them",
    commands: [
      {
        usage: "create <folder>",
        summary: "create a new extension from a template; on a terminal, asks for what is not given",
        load: async () => (await import("./commands/create.js")).createCommand,
      },
      {
        usage: "dev [folders...]",
        summary:
          "run the extension that you are writing, reload it when you save, and show errors with their source",
        load: async () => (await import("./commands/dev.js")).devCommand,
      },
      {
        usage: "validate <dirs...>",
        summary: "check extensions without running them: folders of one, or folders of many",
        load: async () => (await import("./commands/validate.js")).validateCommand,
      },
      {
        usage: "pack <folder>",
        summary: "pack an extension into one archive that can be signed, distributed and installed",
        load: async () => (await import("./commands/pack.js")).packCommand,
      },
      {
        usage: "sign <archive>",
        summary: "sign an archive with a secret key",
        load: async () => (await import("./commands/sign.js")).signCommand,
      },
    ],
  },
  {
    title: "Installing them",
    commands: [
      {
        usage: "install <source>",
        summary: "install an extension from a folder, an archive, an npm package or a URL",
        load: async () => (await import("./commands/install.js")).installCommand,
      },
      {
        usage: "update [ids...]",
        summary: "update installed extensions to newer versions from their source",
        load: async () => (await import("./commands/update.js")).updateCommand,
      },
      {
        usage: "rollback <id>",
        summary: "go back to the version that was installed before",
        load: async () => (await import("./commands/uninstall.js")).rollbackCommand,
      },
      {
        usage: "uninstall <id>",
        summary: "remove an installed extension; a running host stops it at once",
        load: async () => (await import("./commands/uninstall.js")).uninstallCommand,
      },
      {
        usage: "enable <id>",
        summary: "let a disabled extension run again; a running host does so at once",
        load: async () => (await import("./commands/enable.js")).enableCommand,
      },
      {
        usage: "disable <id>",
        summary: "keep an extension from running until it is enabled; a running host stops it at once",
        load: async () => (await import("./commands/enable.js")).disableCommand,
      },
    ],
  },
  {
    title: "Deciding whom to trust",
    commands: [
      {
        usage: "keys",
        summary: "create keys, endorse a new key with an old one, revoke a key",
        load: async () => (await import("./commands/keys.js")).keysCommand,
      },
      {
        usage: "verify <path>",
        summary: "check the signature of an archive or an installed folder",
        load: async () => (await import("./commands/verify.js")).verifyCommand,
      },
      {
        usage: "trust <id>",
        summary:
          "allow an extension's files to run where the host asks for trust; a running host starts it at once",
        load: async () => (await import("./commands/trust.js")).trustCommand,
      },
      {
        usage: "untrust <id>",
        summary: "withdraw trust from an extension; a running host that asks for trust stops it at once",
        load: async () => (await import("./commands/trust.js")).untrustCommand,
      },
      {
        usage: "lock",
        summary:
          "write a lockfile of the extensions in the folders; a host that uses it runs only those, unchanged",
        load: async () => (await import("./commands/trust.js")).lockCommand,
      },
    ],
  },
];
