/** What every command gets: the world, the global options and the host's two public functions. */
import type { ExtensionHost, HostOptions, Problem } from "../index.js";
import type { CommandIo } from "./command-io.js";
import type { Output } from "./output/output.js";

/** The parts of core that commands use; a test may put its own in their place. @internal */
export interface CommandServices {
  createHost(this: void, options: HostOptions): ExtensionHost;
  validateExtensions(
    this: void,
    directories: readonly string[],
    options?: { readonly beside?: readonly string[] },
  ): Promise<{ readonly valid: boolean; readonly problems: readonly Problem[] }>;
}

/** The options that every command takes. @internal */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly extensions?: readonly string[];
  readonly config?: string;
  /** Where the host keeps its state. */
  readonly state?: string;
  /** That a host of the command's own is asked, though another may run. */
  readonly alone?: boolean;
  /** False where nobody is to attach to the host that the command runs. */
  readonly control?: boolean;
}

/** What every command gets, whether it makes a host or not. @internal */
export interface CommandSurroundings {
  readonly io: CommandIo;
  readonly output: Output;
  readonly options: GlobalOptions;
  /** Loads the host, which only commands that make one need. */
  readonly loadServices: () => CommandServices | Promise<CommandServices>;
}

/** What a command gets that makes a host. @internal */
export interface CommandContext extends CommandSurroundings {
  readonly services: CommandServices;
}
