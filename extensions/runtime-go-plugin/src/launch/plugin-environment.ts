/**
 * The environment that a plugin starts with: what go-plugin asks for, what its extension was granted, and the little
 * without which a process doesn't start. Nothing else of the host's own.
 */
import type { GrantedCapabilities } from "@plugboard/extension-api";
import type { GoPluginSettings } from "../settings/settings.js";

/** What the environment is made of. @internal */
export interface PluginEnvironmentParts {
  readonly settings: Pick<GoPluginSettings, "cookie" | "versions" | "ports">;
  readonly granted: GrantedCapabilities["env"];
  /** The host's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Where sockets and temporary files go. */
  readonly socketFolder: string;
  /** The host's certificate as PEM, under AutoMTLS. */
  readonly certificate: string | undefined;
}

/** What programs look for other programs by. */
const neededEverywhere = ["PATH"];
const neededOnWindows = ["SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT"];

/**
 * Of the host's own, these never reach a plugin: the first ones steer Node, and a host that is itself a plugin has
 * others of its own, which would make this plugin serve the wrong one.
 */
const reserved = new Set([
  "NODE_OPTIONS",
  "PLUGIN_PROTOCOL_VERSIONS",
  "PLUGIN_MIN_PORT",
  "PLUGIN_MAX_PORT",
  "PLUGIN_CLIENT_CERT",
  "PLUGIN_UNIX_SOCKET_DIR",
  "PLUGIN_UNIX_SOCKET_GROUP",
  "PLUGIN_MULTIPLEX_GRPC",
]);

/** Makes it. @internal */
export function pluginEnvironment(parts: PluginEnvironmentParts): Readonly<Record<string, string>> {
  const { settings, granted, environment, platform, socketFolder, certificate } = parts;
  const needed = new Set(platform === "win32" ? [...neededEverywhere, ...neededOnWindows] : neededEverywhere);
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || reserved.has(name.toUpperCase())) continue;
    if (granted === true || granted.includes(name) || needed.has(name)) result[name] = value;
  }
  // Before 1.5, go-plugin makes its sockets where temporary files go.
  const temporary = platform === "win32" ? ["TEMP", "TMP"] : ["TMPDIR"];
  for (const name of temporary) result[name] = socketFolder;
  return {
    ...result,
    PLUGIN_PROTOCOL_VERSIONS: settings.versions.join(","),
    PLUGIN_MIN_PORT: String(settings.ports.minimum),
    PLUGIN_MAX_PORT: String(settings.ports.maximum),
    PLUGIN_UNIX_SOCKET_DIR: socketFolder,
    ...(certificate === undefined ? {} : { PLUGIN_CLIENT_CERT: certificate }),
    [settings.cookie.key]: settings.cookie.value,
  };
}
