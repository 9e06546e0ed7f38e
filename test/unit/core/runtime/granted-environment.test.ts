import { expect, test } from "vitest";
import { grantedEnvironment } from "../../../../core/src/runtime/granted-environment.js";

const environment = { LANG: "C", SECRET: "x", NODE_OPTIONS: "--allow-fs-read=*", EMPTY: "", GONE: undefined };

test("the environment is empty unless something of it is granted", () => {
  expect(grantedEnvironment({ env: [] }, environment)).toEqual({});
});

test("the environment holds the names that are granted and exist", () => {
  expect(grantedEnvironment({ env: ["LANG", "EMPTY", "GONE", "NOWHERE", "toString"] }, environment)).toEqual({
    LANG: "C",
    EMPTY: "",
  });
});

test("all of the environment is all but what steers Node itself", () => {
  expect(grantedEnvironment({ env: true }, environment)).toEqual({ LANG: "C", SECRET: "x", EMPTY: "" });
  expect(grantedEnvironment({ env: ["NODE_OPTIONS"] }, environment)).toEqual({});
});
