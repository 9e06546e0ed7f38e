/** What a command says of itself: its options and help, and what it does. Its name stands in the table of commands. */
import type { Option } from "commander";
import type { CommandContext, CommandSurroundings, GlobalOptions } from "./command-context.js";

/** An option of every command line that means something to some commands only; `--json` does to all. @internal */
export type CommonOption = Exclude<keyof GlobalOptions, "json">;

/** A command, loaded when it is run or explained. @internal */
export interface CommandDescription<Flags extends object = object> {
  /** Words after `plugboard` that show how it is used. */
  readonly examples: readonly string[];
  /** The common options that it obeys; help shows no others. */
  readonly common: readonly CommonOption[];
  readonly options?: readonly Option[];
  /** What its help says beneath the options. */
  readonly notes?: string;
  /** Does it and gives the exit code. Absent where only commands below it do something. */
  action?(
    surroundings: CommandSurroundings,
    operands: readonly string[],
    flags: Flags,
  ): number | Promise<number>;
  readonly subcommands?: readonly Subcommand[];
}

/** A command below another. @internal */
export interface Subcommand<Flags extends object = object> extends Omit<
  CommandDescription<Flags>,
  "subcommands" | "examples"
> {
  readonly usage: string;
  readonly summary: string;
}

/** What a command needs that makes a host: everything of the host is loaded for it. @internal */
export async function withServices(surroundings: CommandSurroundings): Promise<CommandContext> {
  return { ...surroundings, services: await surroundings.loadServices() };
}

/** A command below another, its options typed. @internal */
export function subcommand<Flags extends object>(description: Subcommand<Flags>): Subcommand {
  return description;
}
