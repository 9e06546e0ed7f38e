/** What is asked of every manifest, and how the rest is kept until somebody asks for it. */
import type { ExtensionManifest } from "@plugboard/schemas";

/** The part of a manifest that decides what is listed, when it starts and what it may reach. Not frozen. @internal */
export type ManifestOutline = Pick<
  ExtensionManifest,
  "activationEvents" | "capabilities" | "contributes" | "extensionDependencies" | "group" | "services"
>;

/** The outline of what has a manifest, without working the manifest out. @internal */
export function outlineOf(
  described: { readonly manifest: ManifestOutline } | Pick<KeptManifest, "outline">,
): ManifestOutline {
  return "outline" in described ? described.outline : described.manifest;
}

/** That part alone. What the manifest lacks is left out of its JSON. @internal */
export function outlineAlone(manifest: ManifestOutline): ManifestOutline {
  const { activationEvents, capabilities, contributes, extensionDependencies, group, services } = manifest;
  return {
    activationEvents,
    capabilities,
    contributes,
    extensionDependencies,
    group,
    services,
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
