/** Options that several commands take, and how what is given to options is read. */
import { InvalidArgumentError, Option } from "commander";

/** Trusted keys other than the host's. @internal */
export const keysOption = new Option(
  "--keys <path>",
  "folder of trusted public keys, or one public key's file (default: that of the config file, or keys in the state folder)",
);

/** What every command is told that installs. @internal */
export interface InstallFlags {
  readonly keys?: string;
  readonly verified?: boolean;
  readonly now?: boolean;
  readonly yes?: boolean;
}

/** The options of {@link InstallFlags} but the one that agrees. @internal */
export const installOptions: readonly Option[] = [
  keysOption,
  new Option("--verified", "install only what is signed by a trusted key"),
  new Option("--now", "take packages however new they are, whatever npm's min-release-age or before says"),
];

/** Of commands whose host others could ask and steer. @internal */
export const noControlOption = new Option("--no-control", "let no other command see or steer this host");

/** When something ends. @internal */
export function expiryOption(description: string): Option {
  return new Option("--expires <date>", description).argParser(readDate);
}

/** For options that may be repeated. @internal */
export function collect(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

/** For options that take several ids. @internal */
export function separateIds(text: string): readonly string[] {
  return text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
}

function readDate(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError("A date looks like 2030-01-31.");
  return time;
}
