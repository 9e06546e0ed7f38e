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
    const folder = inRepository("extensions/runtime-go-plugin");
    const schema = JSON.parse(readFileSync(join(folder, "runtime.schema.json"), "utf8")) as {
      readonly properties: Readonly<Record<string, unknown>>;
    };
    const samples = "go/src/plugboard.dev/samples";
    const runtimes = ["polyglot", "gopher", "lab/plugins/english"].map((name) => {
      const text = readFileSync(join(folder, samples, name, "plugin.json5"), "utf8");
      return (readJson5(text).value as { readonly runtime: Readonly<Record<string, unknown>> }).runtime;
    });
    const findings = (runtime: Readonly<Record<string, unknown>>): readonly string[] => {
      const { kind, ...settings } = runtime;
      return new SectionChecker()
        .checkValue(settings, schema, { whole: `The runtime ${String(kind)}` })
        .map(({ path, suggestion = "" }) => `${path} ${suggestion}`);
    };
    for (const runtime of runtimes) expect(findings(runtime)).toEqual([]);
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(everyKey).sort());
    expect(findings(everyKey)).toEqual([]);
    expect(() => read(everyKey)).not.toThrow();
    expect(findings({ kind: "go-plugin", comand: "./x", tls: "atuo" })).toEqual([
      "/comand command",
      "/tls auto",
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
    [{ command: "" }, "runtime.command", "not empty"],
    [{ command: 1 }, "runtime.command", "has to be a text"],
    [
      { command: { "darwin-arm64": "./a" } },
      "runtime.command",
      "nothing for linux-x64, which is this machine; it has darwin-arm64",
    ],
    [{ command: { "linux-x64": 7 } }, "runtime.command.linux-x64", "has to be a text"],
    [{ args: "-v" }, "runtime.args", "list of texts"],
    [{ args: ["-v", 1] }, "runtime.args.1", "has to be a text"],
    [{ cookie: "x" }, "runtime.cookie", "key and value"],
    [{ cookie: { key: "A B", value: "v" } }, "runtime.cookie.key", "environment variable"],
    [{ cookie: { key: "A" } }, "runtime.cookie.value", "is missing"],
    [{ cookie: { key: "A", value: "b", other: 1 } }, "runtime.cookie.other", "not known"],
    [{ versions: [] }, "runtime.versions", "at least one"],
    [{ versions: "1" }, "runtime.versions", "list of whole numbers"],
    [{ versions: [1, -1] }, "runtime.versions.1", "whole number"],
    [{ versions: { "1.5": {} } }, "runtime.versions.1.5", "whole number"],
    [{ sha256: "abc" }, "runtime.sha256", "64 hexadecimal digits"],
    [{ sha256: { "win32-x64": "a".repeat(64) } }, "runtime.sha256", "nothing for linux-x64"],
    [{ sha256: "a".repeat(64), inPlace: true }, "runtime.inPlace", "sha256"],
    [{ inPlace: "yes" }, "runtime.inPlace", "true or false"],
    [{ tls: "mutual" }, "runtime.tls", '"none" or "auto"'],
    [{ tls: "auto", attach: "unix:/x" }, "runtime.tls", "attached"],
    [{ startTimeoutMs: 0 }, "runtime.startTimeoutMs", "milliseconds"],
    [{ stopGraceMs: "2s" }, "runtime.stopGraceMs", "milliseconds"],
    [{ ports: [2, 1] }, "runtime.ports", "two ports"],
    [{ attach: "/tmp/x" }, "runtime.attach", '"unix:"'],
    [{ attach: "1|1|unix|/x|netrpc" }, "runtime.attach", '"unix:"'],
    [{ comand: "./x" }, "runtime.comand", 'Did you mean "command"?'],
  ])("name the key and what helps: %j", (runtime, key, words) => {
    expect(faultOf(runtime)).toEqual(["MANIFEST_INVALID", key, expect.stringContaining(words)]);
  });

  it.each(["/bin/sh", "../x", "./a/../../x", ".", "..\\x"])(
    "refuse a command outside the folder: %s",
    (command) => {
      expect(faultOf({ command })).toEqual([
        "MANIFEST_PATH",
        "runtime.command",
        expect.stringContaining("inside the extension's folder"),
      ]);
    },
  );
});
