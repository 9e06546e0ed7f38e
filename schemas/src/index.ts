export type ExtensionManifest = Record<string, unknown>;
