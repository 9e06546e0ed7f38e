/** `verify`: says what the signature of an archive or an installed folder is worth here. */
import { resolve } from "node:path";
import type { FileChanges, TrustState } from "../../packaging.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { findConfig } from "../config-file.js";
import { exitCode } from "../exit-code.js";
import { withProgress } from "../long-work.js";
import { keysOption } from "../options.js";
import { pathText } from "../output/path-text.js";
import { problemDocument, problemLines } from "../output/problem-text.js";
import { singleLine } from "../output/style.js";
import { trustedKeysOf } from "../own-folders.js";

/** What `verify` says of itself. @internal */
export const verifyCommand: CommandDescription<{ readonly keys?: string }> = {
  examples: ["verify acme.english-1.2.0.tgz --keys ./trusted", "verify ./extensions/acme.english --json"],
  common: ["config", "state"],
  options: [keysOption],
  action: (surroundings, [path = ""], { keys }) => verify(surroundings, { path, keys }),
};

/** What to do where it is not verified. */
const advice: Readonly<Record<Exclude<TrustState, "verified">, string>> = {
  modified: "Don't use it: fetch it again from whom you trust.",
  unsigned: "Ask its author to sign it, or review its files before you install it.",
  "unknown key": "Check the key with its author; then put the public key into the folder of trusted keys.",
  revoked: "Don't use it: ask its author for one that is signed with a new key.",
  expired: "Ask its author for one that is signed anew.",
};

/** Verifies; anything but a verified extension is a fault of the input. */
async function verify(
  context: CommandSurroundings,
  { path: name, keys }: { readonly path: string; readonly keys: string | undefined },
): Promise<number> {
  const { io, output } = context;
  const { verifyExtension } = await import("../../packaging.js");
  const path = resolve(io.cwd, name);
  const trusted =
    keys === undefined ? trustedKeysOf(context, await findConfig(context)) : resolve(io.cwd, keys);
  const verdict = await withProgress(context, "verifying", (options) =>
    verifyExtension(path, { ...options, keys: trusted }),
  );
  const { state, id, version, message, digest, signer, changes, problems } = verdict;
  const code = state === "verified" ? exitCode.done : exitCode.atFault;
  if (output.isJson) {
    const documents = problems.map((problem) => problemDocument(problem, io.cwd));
    output.json({ path: pathText(path, io.cwd), ...verdict, problems: documents });
    return code;
  }
  const colour = state === "verified" ? "green" : "red";
  output.line(`${output.style(colour, state)}: ${id} ${version}. ${singleLine(message)}`);
  output.line(`digest  ${digest}`);
  if (signer !== undefined) {
    const until = signer.expires === undefined ? "" : `, until ${signer.expires}`;
    output.line(`key     ${signer.key}, signed ${signer.signedAt}${until}`);
    if (signer.endorsedBy !== undefined) output.line(`through ${signer.endorsedBy}`);
  }
  for (const line of changeLines(changes)) output.line(line);
  for (const problem of problems) {
    for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
  }
  if (state !== "verified") output.line(`    ${output.style("dim", advice[state])}`);
  return code;
}

function changeLines(changes: FileChanges | undefined): readonly string[] {
  if (changes === undefined) return [];
  return (["changed", "added", "missing"] as const).flatMap((kind) =>
    changes[kind].map((path) => `${kind.padEnd(7)} ${singleLine(path)}`),
  );
}
