/** The machine: Node, the transformer of TypeScript, and what can cut an extension off from the network. */
import { accessSync, constants } from "node:fs";
import { findTypeScriptTransformer, transformerAdvice } from "../guest/loader/transform-typescript.js";
import { firstNodeWithNetPermission } from "../runtime/process/child-arguments.js";
import { trySandboxTools, type ToolOutcome } from "../runtime/process/network-sandbox.js";
import { isSupportedNode, oldestNode } from "../common/node-version.js";
import { checkNamed, type Check } from "./check.js";

/** Whether the library runs on this Node. @internal */
export function checkNode(version: string): readonly Check[] {
  const { ok, problem } = checkNamed("node");
  return [
    isSupportedNode(version)
      ? ok(`Node ${version} is new enough.`)
      : problem(`Node ${version} is too old.`, `Install Node ${oldestNode} or newer.`),
  ];
}

/** Whether all of TypeScript can be run. @internal */
export function checkTypeScript(): readonly Check[] {
  const { ok, warning } = checkNamed("typescript");
  return [
    findTypeScriptTransformer().isComplete
      ? ok("oxc-transform loads; all of TypeScript can be run.")
      : warning(
          "oxc-transform does not load; only TypeScript whose types can be erased is run.",
          transformerAdvice,
        ),
  ];
}

/** Whether short-lived files can be made: those of programs in Go and their sockets, and of what is fetched. @internal */
export function checkTemporaryFolder(folder: string): readonly Check[] {
  const { ok, warning } = checkNamed("temporary");
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return [ok(`Temporary files can be made in ${folder}.`)];
  } catch (error) {
    return [
      warning(
        `No temporary files can be made in ${folder} (${(error as NodeJS.ErrnoException).code ?? String(error)}): extensions in Go can't start, and nothing can be fetched.`,
        "Let TMPDIR name a folder that can be written; in a container with --read-only, mount one with --tmpfs /tmp.",
      ),
    ];
  }
}

/** The oldest with the permission that is still maintained for long. */
const newerNode = "the host on Node 26 or newer";

/** What of {@link checkSandbox} depends on the machine. @internal */
export interface SandboxFacts {
  readonly platform: NodeJS.Platform;
  readonly nodeVersion: string;
  readonly tools: Readonly<Record<"bubblewrap" | "unshare", ToolOutcome>>;
}

/** Whether extensions in processes of their own can be cut off from the network. @internal */
export async function checkSandbox(): Promise<readonly Check[]> {
  const { platform, versions } = process;
  return sandboxChecks({ platform, nodeVersion: versions.node, tools: await trySandboxTools() });
}

/** Judges what the machine offers. @internal */
export function sandboxChecks({ platform, nodeVersion, tools }: SandboxFacts): readonly Check[] {
  const { ok, warning } = checkNamed("sandbox");
  if (Number(nodeVersion.split(".")[0]) >= firstNodeWithNetPermission)
    return [ok(`Node ${nodeVersion} itself cuts process extensions off from the network.`)];
  if (platform !== "linux") {
    return [warning("Nothing here cuts process extensions off from the network.", `Run ${newerNode}.`)];
  }
  if (tools.bubblewrap === "works")
    return [ok("bubblewrap works: process extensions are cut off from the network and from local sockets.")];
  const why =
    tools.bubblewrap === "missing" ? "bubblewrap is not installed" : "bubblewrap may not make a sandbox here";
  const help =
    tools.bubblewrap === "missing"
      ? `Install bubblewrap, or run ${newerNode}.`
      : `Allow user namespaces (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), or run ${newerNode}.`;
  const rest =
    tools.unshare === "works"
      ? "an empty network namespace works, but leaves the sockets of other programs within reach"
      : tools.unshare === "missing"
        ? "unshare is not installed either: nothing cuts process extensions off from the network"
        : "a network namespace can't be made either: nothing cuts process extensions off from the network";
  return [warning(`${why}; ${rest}.`, help)];
}
