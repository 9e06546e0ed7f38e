/** What a plugin written for another host is asked through a mapping, held against the sample polyglot. */
import { cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  contributionPoint,
  isExtensionError,
  offer,
  serviceToken,
  type ExtensionError,
  type Stub,
} from "@plugboard/core";
import { createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect } from "vitest";
import { goTest } from "../support/go-test.js";
import { buildGo, goFolder } from "../support/go-toolchain.js";
import { inRepository } from "../support/repository.js";

interface French {
  greet(name: string): string;
  greetAll(request: { name: string }): { message: string };
  slowly(name: string, delayMs: number): string;
  often(name: string, times: number): readonly string[];
  joined(name: string, times: number): string;
  thrice(name: string): readonly string[];
  formally(name: string): string;
  fail(code: number, message: string): void;
}
const frenchPoint = contributionPoint<French>()({
  id: "french",
  methods: { greet: 1, greetAll: 1, slowly: 2, often: 2, joined: 2, thrice: 1, formally: 1, fail: 2 },
});

interface Titles {
  find(name: string): string;
}
const Titles = serviceToken<Titles>("town.titles");

const often = { rpc: "GreetOften", request: ["name", "times"], response: "message" };
const manifest = {
  manifestVersion: 1,
  id: "samples.french",
  version: "1.0.0",
  engines: { plugboard: "^1.0.0" },
  runtime: {
    kind: "go-plugin",
    command: "./polyglot",
    cookie: { key: "POLYGLOT_PLUGIN", value: "parlez-vous" },
    proto: "./polyglot.proto",
    services: {
      french: {
        all: {
          service: "polyglot.v1.Greeter",
          methods: {
            greet: { rpc: "Greet", request: ["name"], response: "message" },
            greetAll: { rpc: "Greet", request: "*", response: "*" },
            slowly: { rpc: "GreetSlowly", request: ["name", "delay_ms"], response: "message" },
            often,
            joined: { ...often, collect: "concatenation" },
            thrice: { ...often, request: ["name"], constants: { times: 3 } },
            formally: {
              rpc: "GreetFormally",
              request: ["name"],
              response: "message",
              hostServices: { titles: "titles" },
            },
            fail: { rpc: "Fail", request: ["code", "message"] },
          },
        },
      },
    },
    hostServices: {
      titles: {
        service: "polyglot.v1.Titles",
        methods: { Find: { service: "town.titles", method: "find", request: ["name"], response: "title" } },
      },
    },
  },
  contributes: { french: [{ id: "all" }] },
  services: ["town.titles"],
};

goTest("rpcs of one message and of many answer in Go as they would in TypeScript", async () => {
  const { kit, french } = await polyglot();
  await using _ = kit;
  expect(await french.greet("Ada")).toBe("Bonjour, Ada ! Enchanté.");
  expect(await french.greetAll({ name: "Ada" })).toEqual({ message: "Bonjour, Ada ! Enchanté." });
  expect(await french.often("Ada", 2)).toEqual(["Bonjour, Ada 1 ! Enchanté.", "Bonjour, Ada 2 ! Enchanté."]);
  expect(await french.often("Ada", 0)).toEqual([]);
  expect(await french.joined("Ada", 2)).toBe("Bonjour, Ada 1 ! Enchanté.Bonjour, Ada 2 ! Enchanté.");
  expect(await french.thrice("Ada")).toHaveLength(3);
  expect(await french.often("Ada", 5_000)).toHaveLength(5_000);
});

goTest("many calls at once, each with a call-back, all get their own answers", async () => {
  const { kit, french } = await polyglot();
  await using _ = kit;
  const names = Array.from({ length: 40 }, (_, index) => `N${index}`);
  const greetings = await Promise.all(names.map((name) => french.formally(name)));
  expect(greetings).toEqual(names.map((name) => `Bonjour, Dr ${name} ! Enchanté.`));
});

goTest("statuses of Go become codes of errors", async () => {
  const { kit, french } = await polyglot();
  await using _ = kit;
  const codes = {
    5: "CALL_FAILED",
    4: "CALL_TIMEOUT",
    8: "CALL_TOO_LARGE",
    12: "CALL_UNKNOWN_TARGET",
    14: "CALL_FAILED",
  };
  for (const [status, code] of Object.entries(codes)) {
    const error = await failure(french.fail(Number(status), "c'est la vie"));
    expect([status, error.code]).toEqual([status, code]);
    expect(error.cause).toMatchObject({ status: Number(status), message: "c'est la vie" });
  }
  expect(await french.greet("Ada")).toContain("Ada");
});

goTest("a caller that cancels or is out of time leaves the plugin free", async () => {
  const { kit, french } = await polyglot();
  await using _ = kit;
  const controller = new AbortController();
  const cancelled = failure(french.slowly("Ada", 60_000, { signal: controller.signal }));
  expect((await failure(french.slowly("Ada", 60_000, { timeoutMs: 50 }))).code).toBe("CALL_TIMEOUT");
  controller.abort();
  expect((await cancelled).code).toBe("CALL_CANCELLED");
  expect(await french.slowly("Ada", 1)).toContain("Ada");
});

goTest("a message of more than a plugin takes is an error of that call alone", async () => {
  const { kit, french } = await polyglot();
  await using _ = kit;
  const length = 3 * 2 ** 20;
  expect(await french.greet("x".repeat(length))).toHaveLength(length + "Bonjour,  ! Enchanté.".length);
  const error = await failure(french.greet("x".repeat(5 * 2 ** 20)));
  expect(error).toMatchObject({ code: "CALL_TOO_LARGE", details: { statusName: "RESOURCE_EXHAUSTED" } });
  expect(await french.greet("Ada")).toContain("Ada");
});

async function polyglot(): Promise<{ readonly kit: TestHost; readonly french: Stub<French> }> {
  const kit = await createTestHost({
    points: [frenchPoint],
    services: [offer(Titles, { find: () => "Dr" }, { methods: { find: 1 } })],
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    limits: { activateMs: 20_000, callMs: 20_000 },
    watch: true,
  });
  const staged = join(kit.temporaryFolder, "french");
  await mkdir(staged);
  await cp(await buildGo("polyglot"), join(staged, "polyglot"));
  const source = join(goFolder, "src/plugboard.dev/samples/polyglot/polyglot.proto");
  await cp(source, join(staged, "polyglot.proto"));
  await writeFile(join(staged, "plugin.json5"), JSON.stringify(manifest));
  await rename(staged, join(kit.folder, "french"));
  await eventually(() => {
    expect(kit.host.contributions(frenchPoint).get("all")).toBeDefined();
  });
  return { kit, french: kit.host.contributions(frenchPoint).get("all") as Stub<French> };
}

async function failure(promise: Promise<unknown>): Promise<ExtensionError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isExtensionError(error)) return error;
  throw new Error("It did not fail as it should have.", { cause: error });
}
