/** `sign`: puts a signature into an archive. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { withProgress } from "../long-work.js";
import { folderText, pathText } from "../output/path-text.js";

/** What the command line says about signing. @internal */
export interface SignWords {
  readonly archive: string;
  readonly key: string;
  readonly expires: number | undefined;
  readonly endorsements: readonly string[];
}

/** Signs an archive; an endorsement that lies beside the key goes along. @internal */
export async function sign(
  context: CommandContext,
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
