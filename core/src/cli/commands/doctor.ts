/** `doctor`: checks what a host depends on, and says what to do about what is not as it has to be. */
import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { errorTable } from "@plugboard/extension-api";
import type { Check, CheckOutcome, DiagnoseOptions } from "../../doctor.js";
import type { CommandServices, CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { findConfig } from "../config-file.js";
import { exitCode, InputError } from "../exit-code.js";
import { keysOption } from "../options.js";
import { singleLine } from "../output/style.js";
import { keysFolderOf, stateFolderOf, type FolderSettings } from "../own-folders.js";
import { loadServing } from "./serve-go-plugin.js";

/** What `doctor` says of itself. @internal */
export const doctorCommand: CommandDescription<{ readonly keys?: string }> = {
  examples: ["doctor", "doctor --extensions ./extensions --keys ./trusted --json"],
  common: ["extensions", "config", "state"],
  options: [keysOption],
  action: (surroundings, _operands, { keys }) => examineMachine(surroundings, keys),
};

const outcomeFormat = { ok: "green", warning: "yellow", problem: "red" } as const satisfies Record<
  CheckOutcome,
  string
>;

/** Prints a line a check, and what to do beneath it. */
async function examineMachine(surroundings: CommandSurroundings, keys: string | undefined): Promise<number> {
  const { output } = surroundings;
  const { diagnose } = await import("../../doctor.js");
  const { options, configChecks, services } = await whatToLookAt(surroundings, keys);
  const checks = [
    ...configChecks,
    ...(await diagnose(options)),
    ...(services === undefined ? [] : await checkRuntimes(services, options)),
    await checkGoPlugins(surroundings.io),
  ];
  const count = (outcome: CheckOutcome) => checks.filter((check) => check.outcome === outcome).length;
  const problems = count("problem");
  if (output.isJson) {
    output.json({ healthy: problems === 0, checks });
  } else {
    const width = Math.max(...checks.map(({ name }) => name.length));
    for (const { name, outcome, message, advice } of checks) {
      const label = output.style(outcomeFormat[outcome], outcome.padEnd("problem".length));
      output.line(`${label}  ${name.padEnd(width)}  ${singleLine(message)}`);
      if (advice !== undefined)
        output.line(`${" ".repeat("problem".length + width + 4)}${singleLine(advice)}`);
    }
    output.line("");
    output.line(`${counted(problems, "problem")}, ${counted(count("warning"), "warning")}`);
  }
  return problems === 0 ? exitCode.done : exitCode.atFault;
}

/** A config file that can't be used is a finding; the machine is looked at all the same. */
async function whatToLookAt(
  surroundings: CommandSurroundings,
  keys: string | undefined,
): Promise<{
  readonly options: DiagnoseOptions;
  readonly configChecks: readonly Check[];
  /** Undefined if the host can't be loaded. */
  readonly services?: CommandServices;
}> {
  const { io, options } = surroundings;
  const given = keys === undefined ? undefined : resolve(io.cwd, keys);
  const foldersBy = (settings?: FolderSettings) => ({
    stateFolder: stateFolderOf(surroundings, settings),
    keys: given ?? keysFolderOf(surroundings, settings),
  });
  const always = foldersBy();
  const named = options.extensions?.map((folder) => resolve(io.cwd, folder));
  let services: CommandServices;
  try {
    services = await surroundings.loadServices();
  } catch (error) {
    // A Node that is too old loads no host; the doctor says so itself.
    const message = error instanceof Error ? error.message : "The host can't be loaded.";
    const advice = "Correct what the other checks name, or install @plugboard/core again.";
    return {
      options: { ...always, extensionFolders: named ?? [] },
      configChecks: [{ name: "host", outcome: "problem", message, advice }],
    };
  }
  try {
    const { hostSetup } = await import("../host-setup.js");
    const { extensionFolders = [], developmentFolders = [] } = (await hostSetup(surroundings)).hostOptions;
    const folders = foldersBy(await findConfig(surroundings));
    return { options: { ...folders, extensionFolders, developmentFolders }, configChecks: [], services };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const advice = error.advice ?? "Correct what is named above.";
    return {
      options: { ...always, extensionFolders: named ?? [] },
      configChecks: [{ name: "config", outcome: "problem", message: error.message, advice }],
      services,
    };
  }
}

/** Whether what manifests ask of their runtimes is there: programs, above all. Runs nothing of theirs. */
async function checkRuntimes(
  { validateExtensions }: CommandServices,
  { developmentFolders = [], extensionFolders = [] }: DiagnoseOptions,
): Promise<readonly Check[]> {
  const folders = [...developmentFolders, ...extensionFolders].filter((folder) => existsSync(folder));
  const { problems } = await validateExtensions(folders);
  const name = "runtimes";
  // To who validates a folder it is a note that its runtime lies elsewhere; here is all that the host has.
  const faults = problems.filter(
    ({ code, severity, path }) =>
      code === "RUNTIME_UNKNOWN" || (severity === "error" && path?.startsWith("/runtime") === true),
  );
  if (faults.length === 0)
    return [{ name, outcome: "ok", message: "The programs that extensions run on are installed." }];
  return faults.map(({ code, extensionId, file, message }) => ({
    name,
    outcome: "problem",
    message:
      extensionId === undefined || !message.startsWith(extensionId)
        ? `${extensionId ?? file}: ${message}`
        : message,
    advice: code === "RUNTIME_UNKNOWN" ? errorTable[code].advice : `Run plugboard validate ${dirname(file)}`,
  }));
}

/** An optional package: only who runs Go programs, or is run by one, needs it. */
async function checkGoPlugins({ env }: CommandSurroundings["io"]): Promise<Check> {
  const name = "go";
  try {
    await loadServing();
    const message = `@plugboard/runtime-go-plugin is installed; plugboard serve-go-plugin can be used. ${toolchainText(env)}`;
    return { name, outcome: "ok", message };
  } catch (error) {
    if (!(error instanceof InputError)) {
      const message = `@plugboard/runtime-go-plugin can't be loaded: ${error instanceof Error ? error.message : "it threw something"}`;
      return { name, outcome: "problem", message, advice: "Install @plugboard/runtime-go-plugin again." };
    }
    const message =
      "@plugboard/runtime-go-plugin is not installed; only Go plugins and serve-go-plugin need it.";
    return { name, outcome: "ok", message, ...(error.advice !== undefined && { advice: error.advice }) };
  }
}

/** Programs come built; who builds one needs Go itself. */
function toolchainText(env: CommandSurroundings["io"]["env"]): string {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const isThere = folders.some(
    (folder) => existsSync(join(folder, "go")) || existsSync(join(folder, "go.exe")),
  );
  return isThere
    ? "Go is on the PATH, so programs can be built here."
    : "Go is not on the PATH: programs that are built run, and none can be built here.";
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
