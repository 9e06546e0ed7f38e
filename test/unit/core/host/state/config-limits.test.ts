/** What an application may limit, an operator may limit in the config file. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defaultLimits } from "../../../../../core/src/host/face/host-options.js";

interface Schema {
  readonly properties: { readonly limits: { readonly properties: Record<string, { description: string }> } };
}

test("the config file takes every limit, and tells the same defaults", () => {
  const file = new URL("../../../../../schemas/config.schema.json", import.meta.url);
  const { properties } = JSON.parse(readFileSync(file, "utf8")) as Schema;
  const limits = properties.limits.properties;
  expect(Object.keys(limits).sort()).toEqual(Object.keys(defaultLimits).sort());
  for (const [name, value] of Object.entries(defaultLimits))
    expect(limits[name]?.description).toContain(`${String(value)} unless given`);
});
