/** `update`: brings what was installed to newer versions, or tells which there are. */
import { isAbsolute } from "node:path";
import { Option } from "commander";
import type { UpdateOutcome } from "../../packaging.js";
import type { CommandContext } from "../command-context.js";
import { withServices, type CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { hostHasVersions } from "../host-follows.js";
import { withProgress } from "../long-work.js";
import { installOptions, type InstallFlags } from "../options.js";
import { errorDocument } from "../output/error-text.js";
import { folderText } from "../output/path-text.js";
import { singleLine, type Style } from "../output/style.js";
import { tableLines, type Column } from "../output/table.js";
import { commonOptions, installWords, type CommonInstallWords } from "./install.js";
import { tellWaiting, trustInstalled } from "./trust.js";

/** What `update` says of itself. @internal */
export const updateCommand: CommandDescription<
  InstallFlags & { readonly dryRun?: boolean; readonly again?: boolean }
> = {
  examples: ["update --dry-run", "update acme.english --keys ./trusted"],
  common: ["extensions", "config", "state"],
  options: [
    new Option("--dry-run", "only show what would be updated"),
    new Option("--again", "also take a version that was rolled back"),
    ...installOptions,
    new Option(
      "-y, --yes",
      "agree without being asked: to what updates depend on and, where the host asks for trust, to what they ask for",
    ),
  ],
  notes: `
Without ids, everything that was installed here is updated. Two kinds of version are passed over: one that another
installed extension can't work with, and, until there is a newer one, one that was rolled back (--again takes it).`,
  action: async (surroundings, ids, flags) => {
    const { dryRun = false, again = false } = flags;
    return update(await withServices(surroundings), { ...installWords(flags), ids, dryRun, again });
  },
};

/** What the command line says about updating. */
interface UpdateWords extends CommonInstallWords {
  /** None means all. */
  readonly ids: readonly string[];
  readonly dryRun: boolean;
  /** What was rolled back is taken again. */
  readonly again: boolean;
}

const colours: Readonly<Record<UpdateOutcome["state"], Parameters<Style>[0]>> = {
  updated: "green",
  available: "cyan",
  current: "dim",
  held: "yellow",
  failed: "red",
};

/** Updates; one that fails is the fault of its source, and the others are updated all the same. */
async function update(context: CommandContext, words: UpdateWords): Promise<number> {
  const { io, output } = context;
  const common = await commonOptions(context, words);
  const { updateExtensions } = await import("../../packaging.js");
  const outcomes = await withProgress(context, "updating", (work) =>
    updateExtensions(words.ids.length === 0 ? undefined : words.ids, {
      ...common(work),
      dryRun: words.dryRun,
      again: words.again,
    }),
  );
  const code = outcomes.some(({ state }) => state === "failed") ? exitCode.atFault : exitCode.done;
  const updated = outcomes.filter(({ state }) => state === "updated").map(({ id }) => id);
  const waiting = await trustInstalled(context, updated, { isYes: words.yes, isPinned: false });
  await hostHasVersions(
    context,
    new Map(
      outcomes.flatMap(({ id, state, newVersion = "" }) => (state === "updated" ? [[id, newVersion]] : [])),
    ),
  );
  if (output.isJson) {
    const trustOf = ({ id, state }: UpdateOutcome) =>
      waiting !== undefined && state === "updated" && { trusted: !waiting.includes(id) };
    output.json({ extensions: outcomes.map((one) => ({ ...outcomeDocument(one), ...trustOf(one) })) });
    return code;
  }
  if (outcomes.length === 0) output.line("nothing was installed here by plugboard");
  else {
    const columns: readonly Column<UpdateOutcome>[] = [
      { title: "ID", text: ({ id }) => id, isWhole: true },
      { title: "VERSION", text: ({ version }) => version ?? "" },
      { title: "NEW", text: ({ newVersion }) => newVersion ?? "" },
      { title: "STATE", text: ({ state }) => state, format: ({ state }) => colours[state] },
      {
        title: "FROM",
        text: ({ from = "" }) => (isAbsolute(from) ? folderText(from, io.cwd) : from),
        minimum: 12,
      },
    ];
    for (const line of tableLines(outcomes, columns, { width: output.columns, style: output.style })) {
      output.line(line);
    }
  }
  tellWaiting(context, waiting);
  for (const { state, reason } of outcomes) {
    if (state === "held") output.note(singleLine(errorDocument(reason).message));
    else if (reason !== undefined) output.error(reason);
  }
  return code;
}

function outcomeDocument({ reason, ...outcome }: UpdateOutcome) {
  return reason === undefined ? outcome : { ...outcome, reason: errorDocument(reason) };
}
