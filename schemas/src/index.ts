export type {
  ByeFrame,
  CallFrame,
  CancelFrame,
  CollectionLine,
  EmitFrame,
  EncodedError,
  EncodedThrown,
  ErrFrame,
  ExportDescriptor,
  Frame,
  FrameArity,
  FrameMethods,
  GoneFrame,
  HelloFrame,
  LogFrame,
  OkFrame,
  ReadyFrame,
} from "./frame.js";
export { frameFault } from "./frame-fault.js";
export type { ExtensionManifest, PointContribution } from "./manifest.js";
export { schemaFindings, type SchemaFinding, type ValidatorError } from "./schema-finding.js";
export { validateManifest } from "./validate-manifest.js";
