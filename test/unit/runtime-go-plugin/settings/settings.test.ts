import { isExtensionError } from "@plugboard/extension-api";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readJson5 } from "../../../../core/src/manifest/read-json5.js";
import { SectionChecker } from "../../../../core/src/manifest/section-schema.js";
import {
  attachVariable,
  ownCookie,
  readSettings,
  type GoPluginSettings,
} from "../../../../extensions/runtime-go-plugin/src/settings/settings.js";
import { inRepository } from "../../../support/repository.js";

const everyKey = {
  command: { linux: "./x" },
  args: ["a"],
  cookie: { key: "A", value: "b" },
  versions: { 1: {}, 2: { proto: "./b.proto" } },
  sha256: "a".repeat(64),
  tls: "none",
  startTimeoutMs: 1,
  stopGraceMs: 0,
  ports: [1, 2],
  inPlace: false,
  attach: "unix:/x",
  proto: "reflection",
  services: {
    greeters: {
      x: {
        service: "a.B",
        methods: {
          greet: {
            rpc: "G",
            request: ["a"],
            constants: {},
            response: "*",
            collect: "array",
            hostServices: { c: "h" },
          },
        },
      },
    },
  },
  hostServices: {
    h: { service: "a.H", methods: { Do: { service: "s", method: "do", request: "*", response: "r" } } },
  },
};

const linux = { platform: "linux", arch: "x64", environment: {} } as const;

function read(
  runtime: Record<string, unknown>,
  place: Parameters<typeof readSettings>[2] = linux,
): GoPluginSettings {
  return readSettings("acme.x", { kind: "go-plugin", command: "./bin/x", ...runtime }, place);
}

const schema = JSON.parse(
  readFileSync(inRepository("extensions/runtime-go-plugin/runtime.schema.json"), "utf8"),
) as { readonly properties: Readonly<Record<string, unknown>> };

/** What the host tells of the settings before a start: place, words, and what was probably meant. */
function findings(runtime: Readonly<Record<string, unknown>>): readonly string[] {
  const { kind, ...settings } = Object.fromEntries(
    Object.entries(runtime).filter(([, value]) => value !== undefined),
  );
  return new SectionChecker()
    .checkValue(settings, schema, { whole: `The runtime ${String(kind)}` })
    .map(({ path, message, suggestion = "" }) => `${path} ${message} ${suggestion}`);
}

function faultOf(runtime: Record<string, unknown>): unknown {
  try {
    return read(runtime);
  } catch (error) {
    if (!isExtensionError(error)) throw error;
    return [error.code, error.details["key"], error.message];
  }
}

describe("the settings of a go-plugin extension", () => {
  it("need no more than a command", () => {
    expect(read({})).toEqual({
      command: "bin/x",
      args: [],
      cookie: ownCookie,
      versions: [1],
      sha256: undefined,
      tls: "none",
      startTimeoutMs: 9_000,
      stopGraceMs: 2_000,
      ports: { minimum: 10_000, maximum: 25_000 },
      inPlace: false,
      attach: undefined,
      contract: undefined,
    });
  });

  it("are described by the schema that the runtime brings, as they are read", () => {
    const samples = "extensions/runtime-go-plugin/go/src/plugboard.dev/samples";
    const runtimes = ["polyglot", "gopher", "lab/plugins/english"].map((name) => {
      const text = readFileSync(join(inRepository(samples), name, "plugin.json5"), "utf8");
      return (readJson5(text).value as { readonly runtime: Readonly<Record<string, unknown>> }).runtime;
    });
    for (const runtime of runtimes) expect(findings(runtime)).toEqual([]);
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(everyKey).sort());
    expect(findings(everyKey)).toEqual([]);
    expect(() => read(everyKey)).not.toThrow();
    expect(findings({ kind: "go-plugin", comand: "./x", tls: "atuo" })).toEqual([
      expect.stringMatching(/^\/comand .*command$/),
      expect.stringMatching(/^\/tls .*auto$/),
    ]);
  });

  it("name a command and a checksum per platform, with or without the architecture", () => {
    const runtime = {
      command: { "linux-x64": "./bin/x-linux", win32: "./bin/x.exe" },
      sha256: { linux: "A".repeat(64), "win32-arm64": "b".repeat(64) },
    };
    expect(read(runtime)).toMatchObject({ command: "bin/x-linux", sha256: "a".repeat(64) });
    expect(read(runtime, { ...linux, platform: "win32", arch: "arm64" })).toMatchObject({
      command: "bin/x.exe",
      sha256: "b".repeat(64),
    });
  });

  it("offer the versions of a list or of the keys of an object", () => {
    expect(read({ versions: [2, 1, 2] }).versions).toEqual([2, 1]);
    expect(read({ versions: { 5: {}, 6: {} } }).versions).toEqual([5, 6]);
  });

  it("attach to a running plugin by address, by the line of its handshake, or by the environment", () => {
    const attachOf = (attach: string) => read({ attach, versions: [3, 4] }).attach;
    expect(attachOf("unix:/tmp/a=b")).toEqual({
      address: { network: "unix", address: "/tmp/a=b" },
      version: 4,
    });
    expect(attachOf("tcp:127.0.0.1:9")).toEqual({
      address: { network: "tcp", address: "127.0.0.1:9" },
      version: 4,
    });
    expect(attachOf("1|3|unix|/tmp/a|grpc|")).toEqual({
      address: { network: "unix", address: "/tmp/a" },
      version: 3,
    });
    const environment = { [attachVariable]: "acme.y=unix:/y; acme.x = tcp:[::1]:80" };
    expect(read({}, { ...linux, environment })).toMatchObject({
      command: undefined,
      attach: { address: { network: "tcp", address: "[::1]:80" }, version: 1 },
    });
  });

  it.each([
    [{ command: undefined }, "runtime.command", "is missing"],
    [
      { command: { "darwin-arm64": "./a" } },
      "runtime.command",
      "nothing for linux-x64, which is this machine; it has darwin-arm64",
    ],
    [{ sha256: { "win32-x64": "a".repeat(64) } }, "runtime.sha256", "nothing for linux-x64"],
    [{ sha256: "a".repeat(64), inPlace: true }, "runtime.inPlace", "sha256"],
    [{ tls: "auto", attach: "unix:/x" }, "runtime.tls", "attached"],
    [{ ports: [2, 1] }, "runtime.ports", "two ports"],
    [{ attach: "/tmp/x" }, "runtime.attach", '"unix:"'],
    [{ attach: "1|1|unix|/x|netrpc" }, "runtime.attach", '"unix:"'],
    [{ proto: "./a.proto", versions: { 1: {} } }, "runtime.services", "is missing"],
    [{ versions: { 1: { proto: "./a.proto" } } }, "runtime.services", "is missing"],
  ])("name the key and what helps, where no schema can tell: %j", (runtime, key, words) => {
    expect(faultOf(runtime)).toEqual(["MANIFEST_INVALID", key, expect.stringContaining(words)]);
  });

  it.each([
    [{ command: undefined }, "", 'needs "command"'],
    [{ command: "" }, "/command", "must not be empty"],
    [{ command: 1 }, "/command", "has to be a string"],
    [{ command: { "linux-x64": 7 } }, "/command/linux-x64", "has to be a string"],
    [{ args: "-v" }, "/args", "has to be an array"],
    [{ args: ["-v", 1] }, "/args/1", "has to be a string"],
    [{ args: ["a\0b"] }, "/args/0", "has no place for NUL"],
    [{ cookie: "x" }, "/cookie", "has to be an object"],
    [{ cookie: { key: "A B", value: "v" } }, "/cookie/key", "environment variable"],
    [{ cookie: { key: "A" } }, "/cookie", 'needs "value"'],
    [{ cookie: { key: "A", value: "b", other: 1 } }, "/cookie/other", "is not known"],
    [{ versions: [] }, "/versions", "must not be empty"],
    [{ versions: "1" }, "/versions", "has to be an array or an object"],
    [{ versions: [1, -1] }, "/versions/1", "at least 0"],
    [{ versions: { "1.5": {} } }, "/versions/1.5", "has to be a number"],
    [{ versions: { 1: { servces: {} } } }, "/versions/1/servces", "services"],
    [{ sha256: "abc" }, "/sha256", "64 hexadecimal digits"],
    [{ inPlace: "yes" }, "/inPlace", "has to be a boolean"],
    [{ tls: "mutual" }, "/tls", '"none" or "auto"'],
    [{ startTimeoutMs: 0 }, "/startTimeoutMs", "at least 1"],
    [{ stopGraceMs: "2s" }, "/stopGraceMs", "has to be a number"],
    [{ ports: [1] }, "/ports", "at least 2"],
    [{ ports: [0, 70_000] }, "/ports/0", "at least 1"],
    [{ proto: "./a.proto" }, "", "services"],
    [{ services: { greeters: { x: { service: "a.B" } } } }, "/services/greeters/x", 'needs "methods"'],
    [
      {
        services: { stores: { kv: { service: "a.B", methods: { get: { rpc: "Get", reponse: "value" } } } } },
      },
      "/services/stores/kv/methods/get/reponse",
      "response",
    ],
    [{ comand: "./x" }, "/comand", "command"],
  ])("are refused by the schema, with the place and what helps: %j", (runtime, place, words) => {
    const finding = findings({ kind: "go-plugin", command: "./x", ...runtime }).find((told) =>
      told.startsWith(`${place} `),
    );
    expect(finding).toContain(words);
  });

  it("let a version take from the whole what it does not say itself", () => {
    const { services } = everyKey;
    const runtime = {
      proto: "./a.proto",
      versions: { 1: { services }, 2: { proto: "./b.proto", services } },
    };
    expect(findings({ kind: "go-plugin", command: "./x", ...runtime })).toEqual([]);
    const { contract } = read(runtime);
    expect([contract?.setFor(1)?.proto, contract?.setFor(2)?.proto]).toEqual(["./a.proto", "./b.proto"]);
  });

  it("are none for an extension that the application's policy moved here from another runtime", () => {
    expect(faultOf({ kind: "lua", command: 7, args: "x" })).toEqual([
      "MANIFEST_INVALID",
      "runtime.command",
      expect.stringContaining("is missing"),
    ]);
  });
});
