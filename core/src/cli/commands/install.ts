/** `install`: puts an extension, and what it depends on, where hosts find it. */
import { relative, resolve } from "node:path";
import { errorTable, type Problem } from "@plugboard/extension-api";
import { Option } from "commander";
import type { InstalledExtension, InstallOptions, InstallPlan, InstallProgress } from "../../packaging.js";
import { canAsk, isAgreed } from "../ask.js";
import type { CommandContext } from "../command-context.js";
import { withServices, type CommandDescription } from "../command.js";
import { exitCode, InputError } from "../exit-code.js";
import { hostHasVersions } from "../host-follows.js";
import { installFolders } from "../host-setup.js";
import { withProgress, type WorkOptions } from "../long-work.js";
import { installOptions, type InstallFlags } from "../options.js";
import { folderText, pathText } from "../output/path-text.js";
import { problemCounts } from "../output/problem-text.js";
import { singleLine } from "../output/style.js";
import { tellWaiting, trustInstalled } from "./trust.js";

/** What `install` says of itself. @internal */
export const installCommand: CommandDescription<
  InstallFlags & { readonly allowOlder?: boolean; readonly integrity?: string }
> = {
  examples: [
    "install acme.english-1.2.0.tgz",
    "install @acme/english@^1.2 --keys ./trusted --verified",
    "install https://example.com/acme.english-1.2.0.tgz --integrity sha512-…",
  ],
  common: ["extensions", "config", "state"],
  options: [
    ...installOptions,
    new Option("--allow-older", "replace a newer version by an older one"),
    new Option("--integrity <sha512>", "expected SHA-512 of the file at a URL: sha512- and base64"),
    new Option(
      "-y, --yes",
      "agree without being asked: to what it depends on and, where the host asks for trust, to what it asks for",
    ),
  ],
  notes: `
The extension is put into the first folder of extensions, and a host that runs there has it at once. Extensions that
it depends on are installed with it, from the same source; you are shown them before anything is written. No code runs
during an installation, and rollback brings back the version that was replaced. An archive that was changed after it
was signed, or that is signed with a revoked key, is always refused. Registries, their tokens and the age that a
version must have (min-release-age) come from npm's own configuration.`,
  action: async (surroundings, [source = ""], flags) => {
    const { allowOlder = false, integrity } = flags;
    const context = await withServices(surroundings);
    return install(context, { ...installWords(flags), source, allowOlder, integrity });
  },
};

/** What the options say about anything that installs. @internal */
export function installWords({ keys, verified, yes, now }: InstallFlags): CommonInstallWords {
  return { keys, requireVerified: verified === true, yes: yes === true, allowNew: now === true };
}

/** What the command line says about anything that installs. @internal */
export interface CommonInstallWords {
  readonly keys: string | undefined;
  readonly requireVerified: boolean;
  /** npm's limits on how new a version may be don't count. */
  readonly allowNew: boolean;
  /** Whatever would be asked is agreed to. */
  readonly yes: boolean;
}

/** What the command line says about installing. */
interface InstallWords extends CommonInstallWords {
  readonly source: string;
  readonly allowOlder: boolean;
  readonly integrity: string | undefined;
}

/** Installs an extension in which validate finds no errors. */
async function install(context: CommandContext, words: InstallWords): Promise<number> {
  const { io, output } = context;
  const common = await commonOptions(context, words);
  const { installExtension } = await import("../../packaging.js");
  const installation = await withProgress(context, "installing", (work) =>
    installExtension(words.source, {
      ...common(work),
      allowOlder: words.allowOlder,
      integrity: words.integrity,
    }),
  );
  const { dependencies, ...installed } = installation;
  const all = [...dependencies, installed];
  const ids = all.map(({ id }) => id);
  const waiting = await trustInstalled(context, ids, { isYes: words.yes, isPinned: words.allowOlder });
  await hostHasVersions(context, new Map(all.map(({ id, version }) => [id, version])));
  if (output.isJson) {
    const document = (one: InstalledExtension) => ({
      ...one,
      folder: pathText(one.folder, io.cwd),
      ...(waiting !== undefined && { trusted: !waiting.includes(one.id) }),
    });
    output.json({ ...document(installed), dependencies: dependencies.map(document) });
    return exitCode.done;
  }
  for (const one of all) output.line(outcomeText(one, context));
  for (const { passedOver } of all)
    if (passedOver !== undefined) output.note(singleLine(`${passedOver.why} --now takes it.`));
  const { trust, digest } = installed;
  const colour = trust.state === "verified" ? "green" : "yellow";
  output.line(`trust   ${output.style(colour, trust.state)}: ${singleLine(trust.message)}`);
  output.line(`digest  ${digest}`);
  tellWaiting(context, waiting);
  return exitCode.done;
}

/** What installing and updating are told alike. @internal */
export async function commonOptions(
  context: CommandContext,
  { keys, requireVerified, allowNew, yes }: CommonInstallWords,
): Promise<(work: WorkOptions) => InstallOptions> {
  const { io } = context;
  const folders = await installFolders(context);
  return ({ signal, onProgress, onWait, aside }) => ({
    ...folders,
    signal,
    onWait,
    onProgress: (progress) => onProgress({ ...progress, doing: doingText(progress) }),
    cwd: io.cwd,
    env: io.env,
    keys: keys === undefined ? folders.keys : resolve(io.cwd, keys),
    requireVerified,
    allowNew,
    examine: (folder) => refuseFaulty(context, folder),
    approve: (plan) => aside(() => approve(context, plan, { yes })),
  });
}

async function approve(
  { io, output }: CommandContext,
  plan: InstallPlan,
  { yes }: { readonly yes: boolean },
): Promise<boolean> {
  const isAsked = !yes && !output.isJson && canAsk(io);
  // Without anybody to ask the error names the same.
  if (!yes && !isAsked) return false;
  if (!output.isJson) for (const line of planLines(plan)) output.note(singleLine(line));
  if (yes) return true;
  const count = plan.extensions.length;
  return isAgreed(io, count === 1 ? "Install it?" : `Install all ${count}?`);
}

function planLines({ extensions, leavesBehind }: InstallPlan): readonly string[] {
  return [
    ...extensions.map(({ id, version, from, replaces, neededBy, trust }) => {
      const instead = replaces === undefined ? "" : ` in place of ${replaces}`;
      const why = neededBy.length === 0 ? "" : `, needed by ${neededBy.join(", ")}`;
      const signed = trust === undefined ? "" : ` (${trust.state})`;
      return `${id} ${version}${instead} from ${from}${signed}${why}`;
    }),
    ...leavesBehind.map(({ id, range }) => `${id} asks for ${range} and won't be able to use it`),
  ];
}

function outcomeText(installed: InstalledExtension, { io, output }: CommandContext): string {
  const { id, version, folder, replaced, mended, wasInstalled } = installed;
  if (mended !== undefined)
    return `${output.style("green", "repaired")} ${id} ${version} in ${folderText(folder, io.cwd)}: ${singleLine(mended)}`;
  const instead = replaced === undefined ? "" : ` in place of ${replaced}`;
  return wasInstalled
    ? `${id} ${version} is installed already; nothing has changed`
    : `${output.style("green", "installed")} ${id} ${version}${instead} into ${folderText(folder, io.cwd)}`;
}

function doingText({ what, isDownload }: InstallProgress): string {
  return `${isDownload ? "downloading" : "installing"} ${singleLine(what)}`;
}

/** The folder is not the one where it will lie. */
function hiddenText({ file, line, column, message, code }: Problem, folder: string): string {
  return `${relative(folder, file)}:${String(line)}:${String(column)}: ${message} ${errorTable[code].advice}`;
}

async function refuseFaulty({ output, services }: CommandContext, folder: string): Promise<void> {
  const { valid, problems } = await services.validateExtensions([folder]);
  if (valid) {
    for (const problem of problems)
      if (problem.code.endsWith("_HIDDEN_CHARACTER")) output.note(hiddenText(problem, folder));
    return;
  }
  if (!output.isJson) for (const problem of problems) output.problem(problem);
  const first = problems.find(({ severity }) => severity === "error");
  const what = `It is not installed: ${problemCounts(problems)}. ${first?.message ?? ""}`;
  throw new InputError(first?.code ?? "MANIFEST_INVALID", what.trimEnd());
}
