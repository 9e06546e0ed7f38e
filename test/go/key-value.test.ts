/** The example programs of go-plugin's own sources run unchanged, under manifests that were written for them. */
import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contributionPoint, isExtensionError, offer, serviceToken, type HostOptions } from "@plugboard/core";
import { createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect } from "vitest";
import { goTest } from "../support/go-test.js";
import { buildPackage, goOutput, goPluginSources } from "../support/go-toolchain.js";
import { inRepository } from "../support/repository.js";

interface Store {
  put(key: string, value: Uint8Array): void;
  get(key: string): Uint8Array;
}
const stores = contributionPoint<Store>()({ id: "stores", methods: { put: 2, get: 1 } });

interface Counter {
  put(key: string, value: number): void;
  get(key: string): number | bigint;
}
const counters = contributionPoint<Counter>()({ id: "counters", methods: { put: 2, get: 1 } });

interface Adder {
  sum(a: number | bigint, b: number | bigint): number | bigint | Promise<number | bigint>;
}
const Adder = serviceToken<Adder>("shop.adder");

/** What all three programs want to be told. */
const common = { kind: "go-plugin", command: "./plugin", cookie: { key: "BASIC_PLUGIN", value: "hello" } };

const storeMethods = {
  put: { rpc: "Put", request: ["key", "value"] },
  get: { rpc: "Get", request: ["key"], response: "value" },
};

const keyValue = {
  id: "examples.key-value",
  runtime: {
    ...common,
    proto: "./proto/kv.proto",
    services: { stores: { files: { service: "proto.KV", methods: storeMethods } } },
  },
  contributes: { stores: [{ id: "files" }] },
};

const counter = {
  id: "examples.counter",
  runtime: {
    ...common,
    proto: "./proto/kv.proto",
    services: {
      counters: {
        files: {
          service: "proto.Counter",
          methods: {
            put: { rpc: "Put", request: ["key", "value"], hostServices: { add_server: "adder" } },
            get: { rpc: "Get", request: ["key"], response: "value" },
          },
        },
      },
    },
    hostServices: {
      adder: {
        service: "proto.AddHelper",
        methods: { Sum: { service: "shop.adder", method: "sum", request: ["a", "b"], response: "r" } },
      },
    },
  },
  contributes: { counters: [{ id: "files" }] },
  services: ["shop.adder"],
};

goTest("the key-value example answers a contribution point of the application's", async () => {
  await using kit = await host({ points: [stores] });
  const folder = await install(kit, "grpc", keyValue);
  const store = await listed(() => kit.host.contributions(stores).get("files"));
  await store.put("colour", Buffer.from("blue"));
  expect(Buffer.from(await store.get("colour")).toString()).toBe("blue\n\nWritten from plugin-go-grpc");
  expect(await readFile(join(folder, "kv_colour"), "utf8")).toContain("blue");
  const error: unknown = await store.get("shape").catch((reason: unknown) => reason);
  expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
  expect(error).toMatchObject({
    extensionId: "examples.key-value",
    details: { path: "/proto.KV/Get", statusName: "UNKNOWN" },
    cause: { message: "open kv_shape: no such file or directory" },
  });
});

goTest("the bidirectional example calls a host service back through the broker", async () => {
  const sums: unknown[] = [];
  const adder: Adder = {
    sum(a, b) {
      sums.push([a, b]);
      return BigInt(a) + BigInt(b);
    },
  };
  await using kit = await host({
    points: [counters],
    services: [offer(Adder, adder, { methods: { sum: 2 } })],
  });
  await install(kit, "bidirectional", counter);
  const files = await listed(() => kit.host.contributions(counters).get("files"));
  await files.put("visits", 40);
  await files.put("visits", 2);
  expect(await files.get("visits")).toBe(42);
  await files.put("visits", 2 ** 52);
  await files.put("visits", 2 ** 52);
  expect(await files.get("visits")).toBe(2n ** 53n + 42n);
  expect(sums.slice(0, 2)).toEqual([
    [0, 40],
    [40, 2],
  ]);
});

goTest(
  "what a host service says of its failure reaches the plugin and comes back with its error",
  async () => {
    const adder: Adder = { sum: () => Promise.reject(new Error("out of fingers")) };
    await using kit = await host({
      points: [counters],
      services: [offer(Adder, adder, { methods: { sum: 2 } })],
    });
    await install(kit, "bidirectional", counter);
    const files = await listed(() => kit.host.contributions(counters).get("files"));
    const error: unknown = await files.put("visits", 1).catch((reason: unknown) => reason);
    expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
    expect((error as Error).message).toContain("out of fingers");
  },
);

goTest("of a program of several versions, the highest that the manifest maps is spoken", async () => {
  const versions = { 3: {}, 4: {} };
  await using kit = await host({ points: [stores] });
  await install(kit, "negotiated", {
    ...keyValue,
    id: "examples.negotiated",
    runtime: { ...keyValue.runtime, versions },
  });
  const store = await listed(() => kit.host.contributions(stores).get("files"));
  await store.put("colour", Buffer.from("red"));
  expect(Buffer.from(await store.get("colour")).toString()).toBe(
    "red\n\nWritten from plugin version 3\nRead by plugin version 3\n",
  );
});

goTest(
  "a name that the .proto does not have keeps the extension from starting, with the nearest",
  async () => {
    await using kit = await host({ points: [stores] });
    const methods = { ...storeMethods, get: { rpc: "Get", request: ["keys"], response: "value" } };
    const folder = await install(kit, "grpc", {
      ...keyValue,
      runtime: {
        ...common,
        proto: "proto/kv.proto",
        services: { stores: { files: { service: "proto.KV", methods } } },
      },
    });
    const store = await listed(() => kit.host.contributions(stores).get("files"));
    const error: unknown = await store.get("colour").catch((reason: unknown) => reason);
    expect(JSON.stringify(causes(error))).toContain('Did you mean \\"key\\"?');
    // The .proto counts as a file of the extension: mended, it is the next generation.
    const proto = join(folder, "proto/kv.proto");
    const text = await readFile(proto, "utf8");
    const mended = text.replace(
      "message GetRequest {\n    string key",
      "message GetRequest {\n    string keys",
    );
    await writeFile(
      proto,
      mended.replace("package proto;", 'package proto; import "google/protobuf/api.proto";'),
    );
    await eventually(async () => {
      await store.put("colour", Buffer.from("green"));
      expect(Buffer.from(await store.get("colour")).toString()).toContain("green");
    });
  },
);

goTest("a program that serves reflection needs no .proto", async () => {
  await using kit = await host({ points: [stores] });
  await install(kit, "reflected", {
    ...keyValue,
    id: "examples.reflected",
    runtime: { ...keyValue.runtime, proto: "reflection" },
  });
  const store = await listed(() => kit.host.contributions(stores).get("files"));
  await store.put("colour", Buffer.from("grey"));
  expect(Buffer.from(await store.get("colour")).toString()).toBe("grey");
});

async function host(options: HostOptions): Promise<TestHost> {
  return createTestHost({
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    watch: true,
    limits: { activateMs: 20_000 },
    ...options,
  });
}

type Example = "grpc" | "bidirectional" | "negotiated" | "reflected";

/** Puts an example into the folder as one would who has it and its .proto, and gives the folder. */
async function install(
  kit: TestHost,
  example: Example,
  manifest: { readonly id: string; readonly runtime: object },
): Promise<string> {
  const staged = join(kit.temporaryFolder, manifest.id);
  await mkdir(join(staged, "proto"), { recursive: true });
  await cp(await program(kit, example), join(staged, "plugin"));
  if (example !== "reflected") {
    const source = join(
      await goPluginSources(),
      "src",
      examples,
      example === "negotiated" ? "grpc" : example,
    );
    await cp(join(source, "proto/kv.proto"), join(staged, "proto/kv.proto"));
  }
  const whole = { manifestVersion: 1, version: "1.0.0", engines: { plugboard: "^1.0.0" }, ...manifest };
  await writeFile(join(staged, "plugin.json5"), JSON.stringify(whole));
  const folder = join(kit.folder, manifest.id);
  await rename(staged, folder);
  return folder;
}

const examples = "github.com/hashicorp/go-plugin/examples";

async function program(kit: TestHost, example: Example): Promise<string> {
  const to = { output: join(goOutput, "bin", `example-${example}`), gopath: [await goPluginSources()] };
  if (example !== "reflected")
    return buildPackage(
      `${examples}/${example}/${example === "negotiated" ? "plugin-go" : "plugin-go-grpc"}`,
      to,
    );
  const folder = join(kit.temporaryFolder, "reflected");
  await mkdir(folder);
  await writeFile(join(folder, "main.go"), reflected);
  return buildPackage(".", { ...to, folder });
}

/** The key-value example's service with reflection beside it, which newer versions of go-plugin serve by themselves. */
const reflected = `package main

import (
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/examples/grpc/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
)

type memory map[string][]byte

func (m memory) Put(key string, value []byte) error {
	m[key] = value
	return nil
}

func (m memory) Get(key string) ([]byte, error) {
	return m[key], nil
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: shared.Handshake,
		Plugins:         map[string]plugin.Plugin{"kv": &shared.KVGRPCPlugin{Impl: memory{}}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			server := plugin.DefaultGRPCServer(options)
			reflection.Register(server)
			return server
		},
	})
}
`;

async function listed<T>(find: () => T | undefined): Promise<T> {
  await eventually(() => {
    expect(find()).toBeDefined();
  });
  return find() as T;
}

function causes(error: unknown): readonly string[] {
  return error instanceof Error ? [error.message, ...causes(error.cause)] : [];
}
