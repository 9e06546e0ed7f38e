export { n as createExtensionHost, Ct as defaultLimits, wt as defaultRestart, Dt as nearest, Tt as offer, Et as readHostConfig, c as switchExtension, r as validateExtensions } from "./chunks/host-DMpq1bLR.js";
export * from "@plugboard/extension-api";
