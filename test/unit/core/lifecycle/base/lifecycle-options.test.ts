import { errorTable, type ErrorCode } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import { isRefusal } from "../../../../../core/src/lifecycle/base/lifecycle-options.js";

test("a gate's reasons are told from all others by the error table", () => {
  const codes = Object.keys(errorTable) as ErrorCode[];
  // What goes wrong while somebody makes keys, agrees or writes keeps no content from running.
  const others = ["TRUST_KEY_EXPOSED", "TRUST_KEY_UNWRITABLE", "TRUST_CONSENT", "TRUST_LOCK_UNWRITABLE"];
  const expected = codes.filter(
    (code) => code === "UNTRUSTED" || (code.startsWith("TRUST_") && !others.includes(code)),
  );
  expect(codes.filter((code) => isRefusal({ code }))).toEqual(expected);
});

test.each(["INCOMPLETE", "constructor", "DEPENDENCY_MISSING"])("%s is no gate's reason", (code) => {
  expect(isRefusal({ code })).toBe(false);
});
