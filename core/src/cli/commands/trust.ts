/** `trust`, `untrust` and `lock`: what may run is kept in files that running hosts follow. */
import { join, resolve } from "node:path";
import { errorTable, isExtensionError } from "@plugboard/extension-api";
import { Option } from "commander";
import type { TrustProposal } from "../../packaging.js";
import { canAsk, isAgreed } from "../ask.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { requireCurrentFolder } from "../current-folder.js";
import { exitCode, InputError } from "../exit-code.js";
import { hostSetup } from "../host-setup.js";
import { folderText, pathText } from "../output/path-text.js";
import { problemDocument } from "../output/problem-text.js";
import { singleLine } from "../output/style.js";

/** What `trust` says of itself. @internal */
export const trustCommand: CommandDescription<{ readonly yes?: boolean; readonly pin?: boolean }> = {
  examples: ["trust acme.english", "trust acme.english --yes --json"],
  common: ["extensions", "config", "state"],
  options: [
    new Option("--yes", "agree to what it asks for without being asked"),
    new Option("--pin", "allow an older version, and no other until it is trusted"),
  ],
  notes: `
It shows what the extension asks for and asks whether you agree, if anything of that is new; elsewhere than on a
terminal --yes agrees. Hosts ask for trust when the config file says trust: "asked".`,
  action: (surroundings, [id = ""], { yes = false, pin = false }) =>
    trust(surroundings, id, { isYes: yes, isPinned: pin }),
};

/** What `untrust` says of itself. @internal */
export const untrustCommand: CommandDescription = {
  examples: ["untrust acme.english"],
  common: ["extensions", "config", "state"],
  action: (surroundings, [id = ""]) => untrust(surroundings, id),
};

/** What `lock` says of itself. @internal */
export const lockCommand: CommandDescription<LockFlags> = {
  examples: ["lock", "lock --key ~/keys/operator --out ./plugboard.lock.json"],
  common: ["extensions", "config", "state"],
  options: [
    new Option("--key <file>", "file of the secret key that signs it; needed where hosts trust keys"),
    new Option(
      "--out <file>",
      "where to write it (default: that of the config file, or plugboard.lock.json)",
    ),
  ],
  action: (surroundings, _operands, flags) => lock(surroundings, flags),
};

interface LockFlags {
  readonly key?: string;
  readonly out?: string;
}

const usualLockfile = "plugboard.lock.json";

/** What the command line says about trusting. */
interface TrustWords {
  readonly isYes: boolean;
  readonly isPinned: boolean;
}

/** Lets the files of an extension run. */
async function trust(context: CommandSurroundings, id: string, words: TrustWords): Promise<number> {
  const { io, output } = context;
  requireCurrentFolder(io);
  const { hostOptions } = await hostSetup(context);
  const { trustExtension } = await import("../../packaging.js");
  const outcome = await trustExtension(id, {
    stateFolder: "",
    ...hostOptions,
    isPinned: words.isPinned,
    agree: async (proposal) => {
      if (!output.isJson) for (const problem of proposal.problems) output.problem(problem);
      return words.isYes || askFor(context, proposal);
    },
  });
  if (hostOptions.trust !== "asked")
    output.note(
      'Hosts here run what is there; with trust: "asked" in the config file they run what is trusted.',
    );
  const problems = outcome.problems.map((problem) => problemDocument(problem, io.cwd));
  if (output.isJson) output.json({ ...outcome, folder: pathText(outcome.folder, io.cwd), problems });
  else if (!outcome.trusted) output.line(`${id} is not trusted; nothing has changed`);
  else if (!outcome.changed) output.line(`${id} ${outcome.version} is trusted already; nothing has changed`);
  else {
    const pinned = outcome.pinned ? ", and no other version" : "";
    output.line(`${output.style("green", "trusted")} ${id} ${outcome.version}${pinned}`);
  }
  return outcome.trusted ? exitCode.done : exitCode.atFault;
}

/** Takes that back. */
async function untrust(context: CommandSurroundings, id: string): Promise<number> {
  const { io, output } = context;
  requireCurrentFolder(io);
  const { hostOptions } = await hostSetup(context);
  const { untrustExtension } = await import("../../packaging.js");
  const outcome = await untrustExtension(id, { stateFolder: "", ...hostOptions });
  if (output.isJson) output.json(outcome);
  else if (outcome.changed) output.line(`${output.style("green", "untrusted")} ${id}`);
  else output.line(`${id} is not trusted; nothing has changed`);
  return exitCode.done;
}

/** Writes the lockfile. */
async function lock(context: CommandSurroundings, words: LockFlags): Promise<number> {
  const { io, output } = context;
  const { hostOptions } = await hostSetup(context);
  const { extensionFolders = [], keys, lockfile = join(io.cwd, usualLockfile) } = hostOptions;
  if (keys !== undefined && words.key === undefined) {
    const message = `Hosts that trust the keys in ${folderText(keys, io.cwd)} take only a signed lockfile.`;
    throw new InputError("TRUST_LOCK_INVALID", message, "Name one of those keys with --key <file>.");
  }
  const { lockExtensions } = await import("../../packaging.js");
  const written = await lockExtensions({
    extensionFolders,
    keys,
    lockfile: words.out === undefined ? lockfile : resolve(io.cwd, words.out),
    key: words.key === undefined ? undefined : resolve(io.cwd, words.key),
  });
  if (output.isJson) {
    output.json({ ...written, file: pathText(written.file, io.cwd) });
    return exitCode.done;
  }
  const ids = Object.entries(written.extensions);
  for (const [id, { version, signer }] of ids)
    output.line(`${id} ${version}${signer === undefined ? "" : ` signed by ${signer}`}`);
  const count = ids.length === 1 ? "1 extension" : `${ids.length} extensions`;
  output.line(`${output.style("green", "locked")} ${count} in ${pathText(written.file, io.cwd)}`);
  return exitCode.done;
}

/**
 * Trusts what somebody has just installed; undefined where hosts don't ask for that. Gives the ids that wait all the
 * same: nobody agreed to what they ask for, which is no failure of installing.
 *
 * @internal
 */
export async function trustInstalled(
  context: CommandSurroundings,
  ids: readonly string[],
  { isYes, isPinned }: TrustWords,
): Promise<readonly string[] | undefined> {
  const { io, output } = context;
  const { hostOptions } = await hostSetup(context);
  if (hostOptions.trust !== "asked") return undefined;
  const { trustExtension } = await import("../../packaging.js");
  const agree = async (proposal: TrustProposal) => {
    if (isYes || proposal.wider.length === 0) return true;
    return canAsk(io) && !output.isJson && askFor(context, proposal);
  };
  const waiting: string[] = [];
  for (const id of ids) {
    try {
      const { trusted } = await trustExtension(id, { stateFolder: "", ...hostOptions, isPinned, agree });
      if (!trusted) waiting.push(id);
    } catch (error) {
      if (!isExtensionError(error) || errorTable[error.code].refusesContent !== true) throw error;
      output.error(error);
      waiting.push(id);
    }
  }
  return waiting;
}

/** Says of each of the ids that it waits. @internal */
export function tellWaiting({ output }: CommandSurroundings, ids: readonly string[] | undefined): void {
  for (const id of ids ?? []) output.line(`waits   until somebody agrees to it: plugboard trust ${id}`);
}

/** Shows what is to be agreed to, and asks if anything of it is new. */
async function askFor({ io, output }: CommandSurroundings, proposal: TrustProposal): Promise<boolean> {
  const { id, version, before, wider } = proposal;
  const since = before === undefined ? "" : ` since ${before}`;
  if (!canAsk(io) || output.isJson) {
    if (wider.length === 0) return true;
    const message = `${id} ${version} asks for what nobody has agreed to${since}: ${wider.join(", ")}.`;
    throw new InputError("TRUST_CONSENT", message);
  }
  for (const line of proposalLines(proposal, io.cwd)) output.note(line);
  return wider.length === 0 || isAgreed(io, `Trust ${id} ${version}?`);
}

function proposalLines(proposal: TrustProposal, cwd: string): readonly string[] {
  const { id, version, folder, signature, capabilities, wider, before } = proposal;
  const isNew = (right: string) => before !== undefined && wider.includes(right);
  return [
    `${id} ${version} in ${folderText(folder, cwd)}`,
    `signature  ${signature.state}: ${singleLine(signature.message)}`,
    `digest     ${signature.digest}`,
    ...capabilities.map(
      (right) => `asks for   ${singleLine(right)}${isNew(right) ? ` (new since ${String(before)})` : ""}`,
    ),
  ];
}
