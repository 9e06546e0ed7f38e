/**
 * What looks at the machine on which a host is to run: the index of `@plugboard/core/doctor`. Apart from the host,
 * because nothing else needs it, and it has to work where a host would not start.
 */
export type { Check, CheckOutcome } from "./doctor/check.js";
export { diagnose, type DiagnoseOptions } from "./doctor/diagnose.js";
