/** The outline that is asked of every manifest; the rest is kept until somebody asks for it. */
import type { ExtensionManifest } from "@plugboard/schemas";

/**
 * The part of a manifest that decides what is listed, when it starts, what that needs and what it may reach. Not
 * frozen: whatever of it goes to others comes from the manifest. @internal
 */
export type ManifestOutline = Pick<
  ExtensionManifest,
  | "activationEvents"
  | "capabilities"
  | "contributes"
  | "extensionDependencies"
  | "group"
  | "main"
  | "optionalExtensionDependencies"
  | "runtime"
  | "services"
  | "watch"
>;

/** The outline of what has a manifest, without working the manifest out. @internal */
export function outlineOf(
  described: { readonly manifest: ManifestOutline } | Pick<KeptManifest, "outline">,
): ManifestOutline {
  return "outline" in described ? described.outline : described.manifest;
}

/** That part alone. What the manifest lacks is left out of its JSON. @internal */
export function outlineAlone(manifest: ManifestOutline): ManifestOutline {
  return {
    activationEvents: manifest.activationEvents,
    capabilities: manifest.capabilities,
    contributes: manifest.contributes,
    extensionDependencies: manifest.extensionDependencies,
    group: manifest.group,
    main: manifest.main,
    optionalExtensionDependencies: manifest.optionalExtensionDependencies,
    runtime: manifest.runtime,
    services: manifest.services,
    watch: manifest.watch,
  } as ManifestOutline;
}

/** A manifest that may be worked out when it is first asked for. @internal */
export interface KeptManifest {
  readonly outline: ManifestOutline;
  /** The manifest, frozen at every depth. */
  readonly manifest: ExtensionManifest;
  /** The manifest as JSON, where it is better not to work it out and keep it for that. */
  readonly json?: string;
}

/** The files that a manifest names as schemas of the settings of its runtimes, each with its place. @internal */
export function settingsFiles(
  described: Parameters<typeof outlineOf>[0],
): readonly { readonly file: string; readonly pointer: string }[] {
  const items = outlineOf(described).contributes?.runtimes;
  if (!Array.isArray(items)) return [];
  return (items as readonly unknown[]).flatMap((item, index) => {
    const file = (item as { readonly settings?: unknown } | null)?.settings;
    return typeof file === "string"
      ? [{ file, pointer: `/contributes/runtimes/${String(index)}/settings` }]
      : [];
  });
}
