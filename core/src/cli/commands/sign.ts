/** `sign`: puts a signature into an archive. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { withProgress } from "../long-work.js";
import { collect, expiryOption } from "../options.js";
import { folderText, pathText } from "../output/path-text.js";

/** What `sign` says of itself. @internal */
export const signCommand: CommandDescription<SignFlags> = {
  examples: [
    "sign acme.english-1.2.0.tgz --key ~/keys/acme",
    "sign acme.english-1.2.0.tgz --key ~/keys/acme --expires 2030-01-31",
  ],
  common: [],
  options: [
    new Option("--key <file>", "file of the secret key (required)").makeOptionMandatory(),
    expiryOption("day on which the signature ends (default: never)"),
    new Option(
      "--endorsement <file>",
      "file in which an older key endorses this one; may be repeated (default: the one beside the key)",
    ).argParser(collect),
  ],
  action: (surroundings, [archive = ""], { key, expires, endorsement = [] }) =>
    sign(surroundings, { archive, key, expires, endorsements: endorsement }),
};

interface SignFlags {
  readonly key: string;
  readonly expires?: number;
  readonly endorsement?: readonly string[];
}

/** What the command line says about signing. @internal */
export interface SignWords {
  readonly archive: string;
  readonly key: string;
  readonly expires: number | undefined;
  readonly endorsements: readonly string[];
}

/** Signs an archive; an endorsement that lies beside the key goes along. */
async function sign(
  context: CommandSurroundings,
  { archive, key: keyName, expires, endorsements: named }: SignWords,
): Promise<number> {
  const { io, output } = context;
  const { signArchive } = await import("../../packaging.js");
  const key = resolve(io.cwd, keyName);
  const beside = `${key}.endorsement.json`;
  const endorsements =
    named.length === 0 && existsSync(beside) ? [beside] : named.map((file) => resolve(io.cwd, file));
  const signed = await withProgress(context, "signing", (options) =>
    signArchive(resolve(io.cwd, archive), { ...options, key, expires, endorsements }),
  );
  if (output.isJson) {
    output.json({ ...signed, archive: pathText(signed.archive, io.cwd) });
    return exitCode.done;
  }
  output.line(`${output.style("green", "signed")} ${signed.id} ${signed.version} with ${signed.key}`);
  output.line(`archive ${folderText(signed.archive, io.cwd)}`);
  output.line(`digest  ${signed.digest}`);
  return exitCode.done;
}
