export { errorTable, type ErrorCode, type ErrorTableEntry } from "./error-table.js";
export { ExtensionError, isExtensionError, type ExtensionErrorOptions } from "./extension-error.js";
export type { Problem, ProblemSeverity } from "./problem.js";
