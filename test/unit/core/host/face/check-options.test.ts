/** What an application can only have meant otherwise is refused with a sentence, before anything is made of it. */
import { describe, expect, test } from "vitest";
import {
  contributionPoint,
  createExtensionHost,
  greeters,
  type HostOptions,
} from "../../../../../core/src/index.js";

const refusal = (options: unknown): unknown => {
  try {
    createExtensionHost(options as HostOptions);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("createExtensionHost refuses", () => {
  test.each([
    [{ extensionFolder: ["./x"] }, 'has no option "extensionFolder". Did you mean "extensionFolders"?'],
    [{ gadgets: 1 }, 'createExtensionHost has no option "gadgets".'],
    [{ extensionFolders: "./x" }, 'The option extensionFolders has to be a list of paths, not "./x".'],
    [{ extensionFolders: [5] }, "The option extensionFolders has to be a list of paths, not such a list."],
    [{ developmentFolders: new URL("file:///x") }, "developmentFolders has to be a list of paths"],
    [{ disabled: "acme.one" }, "The option disabled has to be a list of ids"],
    [{ points: greeters }, "The option points has to be a list of contribution points"],
    [{ points: [contributionPoint()] }, "each made by contributionPoint()({ id, … })"],
    [{ services: [{ id: "" }] }, "each made by offer(token, value, { methods })"],
    [{ runtimes: [{ kind: "echo" }] }, "each with a kind and start()"],
    [{ trust: "ask" }, 'The option trust has to be "all" or "asked", not "ask".'],
    [{ watch: 1 }, "The option watch has to be true or false, not 1."],
    [{ stateFolder: null }, "The option stateFolder has to be a path, not null."],
    [{ runtimePolicy: "process" }, "The option runtimePolicy has to be an object or a function"],
    [
      { limits: { activateMS: 5 } },
      'The option limits has no limit "activateMS". Did you mean "activateMs"?',
    ],
    [{ restart: { budgets: 5 } }, 'The option restart has no "budgets". Did you mean "budget"?'],
    ["./x", "createExtensionHost takes an object of options."],
  ])("%j", (options, message) => {
    expect(refusal(options)).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(message) as unknown,
    });
  });
});

test("createExtensionHost takes options that are left undefined, and none at all", () => {
  expect(refusal(undefined)).toBeUndefined();
  expect(refusal({ extensionFolders: undefined, trust: undefined })).toBeUndefined();
});

describe("contributionPoint", () => {
  const misused = contributionPoint as unknown as (options?: object) => (options?: object) => unknown;

  test("refuses options in its first call", () => {
    expect(() => misused({ id: "panels", methods: {} })).toThrow(
      expect.objectContaining({
        code: "CALL_INVALID",
        message: expect.stringContaining("contributionPoint()({ id, methods, … })") as unknown,
      }),
    );
  });

  test.each([[{}], [{ id: "panels" }], [{ methods: {} }]])("refuses %j in its second", (options) => {
    expect(() => misused()(options)).toThrow(expect.objectContaining({ code: "CALL_INVALID" }));
  });
});
