export type { ExtensionManifest, PointContribution } from "./manifest.js";
export { schemaFindings, type SchemaFinding, type ValidatorError } from "./schema-finding.js";
export { validateManifest } from "./validate-manifest.js";
