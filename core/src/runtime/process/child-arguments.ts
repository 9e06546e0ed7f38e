/**
 * The flags under which a child's Node runs: what it may reach, how much heap it has, which doors are shut.
 * Pure: made of what is given. Invariant: nothing is allowed that was not granted.
 */
import { capabilitySwitches, ExtensionError, type GrantedCapabilities } from "@plugboard/extension-api";
import { nodePermissions } from "../../common/node-permissions.js";

/** What a child's flags are made of. @internal */
export interface ChildArguments {
  /** Major version of the Node that runs it. */
  readonly nodeMajor: number;
  /** Files and folders that it may read. */
  readonly readable: readonly string[];
  readonly capabilities: GrantedCapabilities;
  /** Mebibytes that its heap may take. */
  readonly heapMebibytes: number;
}

/** The first Node that asks for a permission to use the network. @internal */
export const firstNodeWithNetPermission = 25;

/** Gives the flags. @throws ExtensionError `RUNTIME_START_FAILED` for a path that would allow more than itself. @internal */
export function childArguments(request: ChildArguments): string[] {
  const { capabilities, nodeMajor } = request;
  const { fs } = capabilities;
  const mayUseNet = capabilities.net === true || capabilities.net.length > 0;
  return [
    "--permission",
    ...[...new Set([...request.readable, ...fs.read])].map((path) => `--allow-fs-read=${exactPath(path)}`),
    ...[...new Set(fs.write)].map((path) => `--allow-fs-write=${exactPath(path)}`),
    ...capabilitySwitches.filter((name) => capabilities[name]).map((name) => nodePermissions[name].flag),
    ...(mayUseNet && nodeMajor >= firstNodeWithNetPermission ? ["--allow-net"] : []),
    // SQLite opens any file, whatever the permissions say.
    "--no-experimental-sqlite",
    "--disable-proto=throw",
    // Nobody but the host has a say in the process; a signal must not open a debugger.
    "--disable-sigusr1",
    `--max-old-space-size=${request.heapMebibytes}`,
    // Of the flags above, not of the extension.
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
  ];
}

/** Node takes a `*` in a path for any text. */
function exactPath(path: string): string {
  if (!path.includes("*")) return path;
  throw new ExtensionError(
    "RUNTIME_START_FAILED",
    `The path ${path} holds a *, by which Node's permission model would allow more than that path. Rename it`,
    { details: { path } },
  );
}
