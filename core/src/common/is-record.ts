/** Tells plain objects, as they come out of JSON, from everything else. */

/** Whether the value is an object and no list. @internal */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
