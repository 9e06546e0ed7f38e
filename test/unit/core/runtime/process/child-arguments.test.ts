import { expect, test } from "vitest";
import { childArguments } from "../../../../../core/src/runtime/process/child-arguments.js";
import { nothingGranted } from "../../../../support/nothing-granted.js";

const common = { nodeMajor: 24, readable: ["/extension"], heapMebibytes: 100, capabilities: nothingGranted };
const allowed = (flags: readonly string[]): string[] => flags.filter((flag) => flag.startsWith("--allow-"));

test("nothing is allowed but to read what has to be read", () => {
  const flags = childArguments(common);
  expect(flags[0]).toBe("--permission");
  expect(allowed(flags)).toEqual(["--allow-fs-read=/extension"]);
  expect(flags).toEqual(expect.arrayContaining(["--no-experimental-sqlite", "--disable-proto=throw"]));
});

test("each capability has its flag", () => {
  const capabilities = {
    fs: { read: ["/data"], write: ["/out", "/data"] },
    net: [],
    env: [],
    childProcess: true,
    workers: true,
    addons: true,
    wasi: true,
  };
  expect(allowed(childArguments({ ...common, capabilities }))).toEqual([
    "--allow-fs-read=/extension",
    "--allow-fs-read=/data",
    "--allow-fs-write=/out",
    "--allow-fs-write=/data",
    "--allow-child-process",
    "--allow-worker",
    "--allow-addons",
    "--allow-wasi",
  ]);
});

test.each([
  [24, true, false],
  [26, true, true],
  [26, ["example.com:443"], true],
  [26, [], false],
] as const)("on Node %i with net %j the network flag is given: %j", (nodeMajor, net, isGiven) => {
  const flags = childArguments({ ...common, nodeMajor, capabilities: { ...nothingGranted, net } });
  expect(flags.includes("--allow-net")).toBe(isGiven);
});

test("a path that Node would take for a pattern is refused", () => {
  const capabilities = { ...nothingGranted, fs: { read: [], write: ["/out*"] } };
  expect(() => childArguments({ ...common, capabilities })).toThrow(
    expect.objectContaining({ code: "RUNTIME_START_FAILED" }),
  );
});
