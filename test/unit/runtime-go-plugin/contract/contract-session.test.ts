import { setTimeout as wait } from "node:timers/promises";
import { isExtensionError, type CallContext, type ExtensionError } from "@plugboard/extension-api";
import { afterEach, expect, test } from "vitest";
import { connectGrpc } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import { GrpcError } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-status.js";
import {
  activateRequest,
  declared,
  granted,
  rootOf,
  servedPlugin,
  type ServedPlugin,
  type ServedPluginOptions,
} from "./served-plugin.js";

const plugins: ServedPlugin[] = [];
afterEach(async () => {
  for (const plugin of plugins.splice(0)) await plugin.close();
});

const proto = `
syntax = "proto3";
package proto;
message GetRequest { string key = 1; Options options = 2; }
message Options { int64 revision = 1; bool strict = 2; oneof from { string region = 3; int32 zone = 4; } }
message GetResponse { bytes value = 1; Stamp stamp = 2; }
message Stamp { string by = 1; optional int32 count = 2; }
message PutRequest { uint32 add_server = 1; string key = 2; int64 value = 3; }
message Empty {}
message Chunk { string text = 1; bytes data = 2; repeated int32 numbers = 3; }
service KV {
  rpc Get(GetRequest) returns (GetResponse);
  rpc Put(PutRequest) returns (Empty);
  rpc Watch(GetRequest) returns (stream Chunk);
  rpc Feed(stream GetRequest) returns (Empty);
}
message SumRequest { int64 a = 1; int64 b = 2; }
message SumResponse { int64 r = 1; }
service AddHelper { rpc Sum(SumRequest) returns (SumResponse); }
`;

const get = { rpc: "Get", request: ["key"], response: "value" };

function mapping(methods: object, more: object = {}): ServedPluginOptions["runtime"] {
  return { proto: "./kv.proto", services: { stores: { kv: { service: "proto.KV", methods } } }, ...more };
}

async function plugin(options: ServedPluginOptions): Promise<ServedPlugin> {
  // The service is there, whatever of it is answered.
  const handlers = { "proto.KV/None": { unary: (request: Uint8Array) => request }, ...options.handlers };
  const made = await servedPlugin({ files: { "kv.proto": proto }, ...options, handlers });
  plugins.push(made);
  return made;
}

test("a plugin that does not serve what is mapped does not start", async () => {
  const made = await servedPlugin({ files: { "kv.proto": proto }, runtime: mapping({ get }) });
  plugins.push(made);
  const error = await failure(made.start());
  expect(error).toMatchObject({
    code: "MANIFEST_INVALID",
    details: { key: "runtime.services.stores.kv.service" },
  });
  expect(error.message).toContain('names "proto.KV", which the plugin does not serve.');
});

test("a mapping that was meant for what is declared under another id keeps it from starting", async () => {
  const made = await plugin({
    runtime: {
      proto: "./kv.proto",
      services: { stores: { boosk: { service: "proto.KV", methods: { get } } } },
    },
  });
  const contributions = [declared("stores", "books", { get: 1 })];
  expect(await failure(made.activate({ contributions }))).toMatchObject({
    code: "MANIFEST_INVALID",
    details: { key: "runtime.services.stores.boosk", suggestion: "books" },
  });
});

function context(options: { readonly signal?: AbortSignal; readonly deadline?: number } = {}): CallContext {
  return { signal: new AbortController().signal, deadline: Infinity, transfer: () => undefined, ...options };
}

async function failure(promise: unknown): Promise<ExtensionError> {
  try {
    await promise;
  } catch (error) {
    if (isExtensionError(error)) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

const kv = (methods: Record<string, number>) => ({ contributions: [declared("stores", "kv", methods)] });

test("an argument fills the field it is mapped to, and a field of the response is the result", async () => {
  const { activate } = await plugin({
    runtime: mapping({ get }),
    answers: { "proto.KV/Get": ({ key }) => ({ value: Buffer.from(`value of ${key as string}`) }) },
  });
  const session = await activate(kv({ get: 1 }));
  const result = await session.handler("stores", "kv", "get")?.("door", context());
  expect(result).toBeInstanceOf(Uint8Array);
  expect(Buffer.from(result as Uint8Array).toString()).toBe("value of door");
});

test("arguments fill fields of messages within the request, beside constants", async () => {
  const requests: unknown[] = [];
  const { activate } = await plugin({
    runtime: mapping({
      get: {
        rpc: "Get",
        request: ["key", "options.revision", "options.region"],
        constants: { "options.strict": true },
        response: "stamp.by",
      },
    }),
    answers: { "proto.KV/Get": (request) => (requests.push(request), { stamp: { by: "me" } }) },
  });
  const handler = (await activate(kv({ get: 3 }))).handler("stores", "kv", "get");
  expect(await handler?.("a", 2n ** 60n, "north", context())).toBe("me");
  expect(await handler?.("a", undefined, undefined, context())).toBe("me");
  expect(requests).toEqual([
    { key: "a", options: { revision: "1152921504606846976", strict: true, region: "north" } },
    { key: "a", options: { strict: true } },
  ]);
});

test("one object is the request and another the response where the mapping says *", async () => {
  const { activate } = await plugin({
    runtime: mapping({ get: { rpc: "Get", request: "*", response: "*" } }),
    answers: {
      "proto.KV/Get": ({ key }) => ({ value: Buffer.of(1), stamp: { by: key, count: 0 } }),
    },
  });
  const handler = (await activate(kv({ get: 1 }))).handler("stores", "kv", "get");
  expect(await handler?.({ key: "a", options: { zone: 3 } }, context())).toEqual({
    value: Uint8Array.of(1),
    stamp: { by: "a", count: 0 },
  });
});

test("a method without a mapped response gives undefined", async () => {
  const { activate } = await plugin({
    runtime: mapping({ put: { rpc: "Put", request: ["key", "value"] } }),
    answers: { "proto.KV/Put": () => ({}) },
  });
  const handler = (await activate(kv({ put: 2 }))).handler("stores", "kv", "put");
  expect(await handler?.("a", 7, context())).toBeUndefined();
});

test("the messages of a stream become a list, or what they hold put together", async () => {
  const { activate } = await plugin({
    runtime: mapping({
      all: { rpc: "Watch", request: ["key"], response: "*" },
      texts: { rpc: "Watch", request: ["key"], response: "text" },
      text: { rpc: "Watch", request: ["key"], response: "text", collect: "concatenation" },
      data: { rpc: "Watch", request: ["key"], response: "data", collect: "concatenation" },
      numbers: { rpc: "Watch", request: ["key"], response: "numbers", collect: "concatenation" },
    }),
    answers: {
      *"proto.KV/Watch"({ key }) {
        yield { text: `${key as string}1`, data: Buffer.of(1), numbers: [1, 2] };
        yield { text: "b", data: Buffer.of(2, 3), numbers: [3] };
      },
    },
  });
  const session = await activate(kv({ all: 1, texts: 1, text: 1, data: 1, numbers: 1 }));
  const call = (method: string) => session.handler("stores", "kv", method)?.("a", context());
  expect(await call("all")).toEqual([
    { text: "a1", data: Uint8Array.of(1), numbers: [1, 2] },
    { text: "b", data: Uint8Array.of(2, 3), numbers: [3] },
  ]);
  expect(await call("texts")).toEqual(["a1", "b"]);
  expect(await call("text")).toBe("a1b");
  expect(await call("data")).toEqual(Uint8Array.of(1, 2, 3));
  expect(await call("numbers")).toEqual([1, 2, 3]);
});

test.each([
  ["an rpc", { get: { ...get, rpc: "get" } }, "runtime.services.stores.kv.methods.get.rpc", "Get"],
  [
    "a field of the request",
    { get: { ...get, request: ["kye"] } },
    "runtime.services.stores.kv.methods.get.request",
    "key",
  ],
  [
    "a field within",
    { get: { ...get, request: ["options.regoin"] } },
    "runtime.services.stores.kv.methods.get.request",
    "region",
  ],
  [
    "a field of the response",
    { get: { ...get, response: "valeu" } },
    "runtime.services.stores.kv.methods.get.response",
    "value",
  ],
  [
    "a host service",
    { get: { ...get, hostServices: { key: "ader" } } },
    "runtime.services.stores.kv.methods.get.hostServices.key",
    "adder",
  ],
])(
  "%s that is not there is named with the nearest when the plugin starts",
  async (_what, methods, key, suggestion) => {
    const hostServices = { adder: { service: "proto.AddHelper", methods: {} } };
    const { start } = await plugin({ runtime: mapping(methods, { hostServices }) });
    const error = await failure((async () => start())());
    expect(error.code).toBe("MANIFEST_INVALID");
    expect(error.details).toMatchObject({ key, suggestion });
    expect(error.message).toContain(`Did you mean "${suggestion}"?`);
  },
);

test("a service that is not there is named with the nearest", async () => {
  const runtime = { proto: "kv.proto", services: { stores: { kv: { service: "KV", methods: {} } } } };
  const { start } = await plugin({ runtime });
  expect((await failure(start())).message).toBe(
    'runtime.services.stores.kv.service of acme.kv names "KV", which is no service of the .proto. Did you mean "proto.KV"?',
  );
});

test.each([
  ["leads through a field that is no message", { ...get, request: ["key.length"] }],
  ["fills a field twice", { ...get, request: ["key", "key"] }],
  ["fills a message and a part of it", { ...get, request: ["options", "options.zone"] }],
  ["takes a stream of requests", { rpc: "Feed" }],
  ["puts numbers together", { ...get, rpc: "Watch", response: "*", collect: "concatenation" }],
  ["gives a constant of the wrong kind", { ...get, constants: { "options.strict": "yes" } }],
  ["puts the id of a broker into a text", { ...get, hostServices: { key: "adder" } }],
])("a mapping that %s is refused when the plugin starts", async (_what, method) => {
  const hostServices = { adder: { service: "proto.AddHelper", methods: {} } };
  const { start } = await plugin({ runtime: mapping({ get: method }, { hostServices }) });
  expect((await failure(start())).code).toBe("MANIFEST_INVALID");
});

test("what is declared and not mapped is a finding, and so is a method that lacks", async () => {
  const { start } = await plugin({ runtime: mapping({ gte: get }) });
  const session = await start();
  const contributions = [declared("stores", "kv", { get: 1 }), declared("stores", "k", { get: 1 })];
  const result = await session.activate(activateRequest({ contributions }));
  expect(result).toMatchObject({
    supplied: [{ point: "stores", id: "kv" }],
    savesState: false,
    findings: [
      {
        code: "CONTRIBUTION_INCOMPLETE",
        id: "kv",
        message:
          'acme.kv maps stores "kv" without the method get. runtime.services.stores.kv.methods.gte is no method of stores. Did you mean "get"?',
      },
      { code: "CONTRIBUTION_MISSING", id: "k" },
    ],
  });
  expect(session.handler("stores", "k", "get")).toBeUndefined();
});

test("a mapping of a misspelt point or contribution is refused with its key and what was meant", async () => {
  const { service, methods } = { service: "proto.KV", methods: { get } };
  for (const [services, key, suggestion] of [
    [{ stors: { kv: { service, methods } } }, "runtime.services.stors", "stores"],
    [{ stores: { keyvalu: { service, methods } } }, "runtime.services.stores.keyvalu", "keyvalue"],
  ] as const) {
    const { activate } = await plugin({ runtime: { proto: "kv.proto", services } });
    const id = suggestion === "keyvalue" ? "keyvalue" : "kv";
    const request = activateRequest({ contributions: [declared("stores", id, { get: 1 })] });
    expect(await failure(activate(request))).toMatchObject({
      code: "MANIFEST_INVALID",
      message: expect.stringContaining(`Did you mean "${suggestion}"?`) as string,
      details: { key, suggestion },
    });
  }
});

test("a mapping of more fields than the method has arguments is refused", async () => {
  const { activate } = await plugin({
    runtime: mapping({ get: { ...get, request: ["key", "options.zone"] } }),
  });
  expect(await failure(activate(kv({ get: 1 })))).toMatchObject({
    code: "MANIFEST_INVALID",
    details: { key: "runtime.services.stores.kv.methods.get.request" },
  });
});

test("the version that was agreed on picks the mapping", async () => {
  const runtime = {
    proto: "kv.proto",
    versions: {
      1: { services: { stores: { kv: { service: "proto.KV", methods: { get } } } } },
      2: {
        services: {
          stores: { kv: { service: "proto.KV", methods: { get: { ...get, response: "stamp.by" } } } },
        },
      },
    },
  };
  const answers = { "proto.KV/Get": () => ({ value: Buffer.of(1), stamp: { by: "two" } }) };
  const results = [];
  for (const version of [1, 2]) {
    const { activate } = await plugin({ runtime, answers, version });
    results.push(await (await activate(kv({ get: 1 }))).handler("stores", "kv", "get")?.("a", context()));
  }
  expect(results).toEqual([Uint8Array.of(1), "two"]);
  const { start } = await plugin({ runtime, version: 3 });
  expect(await failure(start())).toMatchObject({ details: { key: "runtime.versions" } });
});

test.each([
  ["NOT_FOUND", "CALL_FAILED"],
  ["UNAVAILABLE", "CALL_FAILED"],
  ["CANCELLED", "CALL_FAILED"],
  ["DEADLINE_EXCEEDED", "CALL_TIMEOUT"],
  ["RESOURCE_EXHAUSTED", "CALL_TOO_LARGE"],
  ["UNIMPLEMENTED", "CALL_UNKNOWN_TARGET"],
] as const)("the status %s of a plugin that goes on becomes %s", async (status, code) => {
  const { activate } = await plugin({
    runtime: mapping({ get }),
    answers: {
      "proto.KV/Get": () => {
        throw new GrpcError(status, "no such key");
      },
    },
  });
  const handler = (await activate(kv({ get: 1 }))).handler("stores", "kv", "get");
  const error = await failure(handler?.("a", context()));
  expect(error).toMatchObject({ code, extensionId: "acme.kv", details: { statusName: status } });
  expect(error.message).toContain("no such key");
  expect(error.cause).toMatchObject({ statusName: status, message: "no such key" });
});

test("an rpc that the plugin does not have is an unknown target", async () => {
  const { activate } = await plugin({ runtime: mapping({ get }) });
  const handler = (await activate(kv({ get: 1 }))).handler("stores", "kv", "get");
  expect((await failure(handler?.("a", context()))).code).toBe("CALL_UNKNOWN_TARGET");
});

test("the plugin learns of the deadline and of a caller that cancels", async () => {
  const calls: { deadline: number; aborted: boolean }[] = [];
  const { activate } = await plugin({
    runtime: mapping({ get }),
    answers: {
      "proto.KV/Get": async (_request, { deadline, signal }) => {
        const call = { deadline, aborted: false };
        calls.push(call);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        call.aborted = true;
        return {};
      },
    },
  });
  const handler = (await activate(kv({ get: 1 }))).handler("stores", "kv", "get");
  const deadline = Date.now() + 200;
  const late = await failure(handler?.("a", context({ deadline })));
  expect(late.code).toBe("CALL_TIMEOUT");
  expect(Math.abs((calls[0]?.deadline ?? 0) - deadline)).toBeLessThan(100);
  const controller = new AbortController();
  const cancelled = failure(handler?.("a", context({ signal: controller.signal })));
  while (calls.length < 2) await wait(1);
  controller.abort("enough");
  expect(await cancelled).toMatchObject({ code: "CALL_CANCELLED", cause: "enough" });
  while (calls[1]?.aborted !== true) await wait(1);
  expect((await failure(handler?.("a", context({ deadline: Date.now() - 1 })))).code).toBe("CALL_TIMEOUT");
});

test("arguments and results over the limit are refused", async () => {
  const { activate } = await plugin({
    runtime: mapping({ get, all: { rpc: "Watch", request: ["key"], response: "text" } }),
    answers: {
      "proto.KV/Get": () => ({ value: Buffer.alloc(1_001) }),
      *"proto.KV/Watch"() {
        for (let index = 0; index < 20; index++) yield { text: "x".repeat(100) };
      },
    },
  });
  const limits = { callMs: 0, callBytes: 1_000 };
  const session = await activate({ ...kv({ get: 1, all: 1 }), limits });
  const call = (method: string, key: string) => session.handler("stores", "kv", method)?.(key, context());
  expect((await failure(call("get", "x".repeat(1_001)))).code).toBe("CALL_TOO_LARGE");
  expect((await failure(call("get", "a"))).code).toBe("CALL_TOO_LARGE");
  expect((await failure(call("all", "a"))).code).toBe("CALL_TOO_LARGE");
});

test("a value that its field can't hold is refused with its path", async () => {
  const { activate } = await plugin({
    runtime: mapping({ get: { rpc: "Get", request: ["key", "options"], response: "value" } }),
  });
  const handler = (await activate(kv({ get: 2 }))).handler("stores", "kv", "get");
  expect(await failure(handler?.(5, undefined, context()))).toMatchObject({
    code: "CALL_NOT_SERIALIZABLE",
    details: { what: "arguments", path: "/0" },
  });
  const { message } = await failure(handler?.("a", { revision: 1.5 }, context()));
  expect(message).toContain("/1/revision in the arguments of stores/kv/get is 1.5");
  const unknown = await failure(handler?.("a", { regoin: "x" }, context()));
  expect(unknown.message).toBe(
    '/1 in the arguments of stores/kv/get has "regoin", which is no field of proto.Options. Did you mean "region"?',
  );
  const both = await failure(handler?.("a", { region: "x", zone: 1 }, context()));
  expect(both.message).toContain('has "region" and "zone", of which only one can be set');
});

test("calls under way and later ones fail as crashed when the plugin ends by itself", async () => {
  const asked = Promise.withResolvers<undefined>();
  const made = await plugin({
    runtime: mapping({ get }),
    answers: { "proto.KV/Get": () => (asked.resolve(undefined), new Promise<never>(() => undefined)) },
  });
  const session = await made.activate(kv({ get: 1 }));
  const handler = session.handler("stores", "kv", "get");
  const pending = failure(handler?.("a", context()));
  await asked.promise;
  await made.crash("it was killed by SIGKILL");
  expect(await pending).toMatchObject({
    code: "EXTENSION_CRASHED",
    message: "acme.kv crashed: it was killed by SIGKILL",
  });
  expect(await session.exited).toMatchObject({ kind: "crashed" });
  expect((await failure(handler?.("a", context()))).code).toBe("EXTENSION_CRASHED");
});

test("a connection that is lost ends the session and the plugin", async () => {
  const made = await plugin({ runtime: mapping({ get }) });
  const session = await made.activate(kv({ get: 1 }));
  made.client.close();
  expect(await session.exited).toEqual({ kind: "crashed", message: "the connection to its plugin was lost" });
  expect(made.told).toEqual(["kill"]);
});

test("calls under way fail as crashed when the plugin lets go of its connection and lives on", async () => {
  const asked = Promise.withResolvers<undefined>();
  const made = await plugin({
    runtime: mapping({ get }),
    answers: { "proto.KV/Get": () => (asked.resolve(undefined), new Promise<never>(() => undefined)) },
  });
  const session = await made.activate(kv({ get: 1 }));
  const pending = failure(session.handler("stores", "kv", "get")?.("a", context()));
  await asked.promise;
  await made.hangUp();
  expect((await pending).code).toBe("EXTENSION_CRASHED");
  expect(made.told).toEqual(["kill"]);
});

test("deactivating stops the plugin, and disposing kills it once", async () => {
  const stopped = await plugin({ runtime: mapping({ get }) });
  const session = await stopped.activate(kv({ get: 1 }));
  await session.deactivate(context());
  expect(await session.exited).toMatchObject({ kind: "disposed" });
  session.dispose();
  expect(stopped.told).toEqual(["stop"]);
  expect(session.leftovers()).toEqual({});
  expect(await session.saveState(context())).toBeUndefined();

  const killed = await plugin({ runtime: mapping({ get }) });
  const other = await killed.activate(kv({ get: 1 }));
  const handler = other.handler("stores", "kv", "get");
  other.dispose();
  other.dispose();
  expect(killed.told).toEqual(["kill"]);
  expect((await failure(handler?.("a", context()))).code).toBe("EXTENSION_GONE");
  expect(other.handler("stores", "kv", "get")).toBeUndefined();
});

const hostServices = {
  adder: {
    service: "proto.AddHelper",
    methods: { Sum: { service: "shop.adder", method: "sum", request: ["a", "b"], response: "r" } },
  },
};
const put = {
  rpc: "Put",
  request: ["key", "value"],
  hostServices: { add_server: "adder" },
};

test("a plugin calls a host service through the broker while its rpc runs, and not after", async () => {
  const sums: unknown[] = [];
  const made = await plugin({
    runtime: mapping({ put }, { hostServices }),
    answers: {
      "proto.KV/Put": async ({ add_server: id, value }) => {
        sums.push(await sumOf(made, id as number, Number(value), 4));
        return {};
      },
    },
  });
  const adder = granted("shop.adder", { sum: (a: number, b: number) => Promise.resolve(a + b) }, { sum: 2 });
  const session = await made.activate({ ...kv({ put: 2 }), services: [adder] });
  const handler = session.handler("stores", "kv", "put");
  await Promise.all([handler?.("a", 3, context()), handler?.("b", 30, context())]);
  expect(sums.sort()).toEqual([34, 7]);
  expect([...made.served]).toEqual([]);
});

test("a plugin hears of a host service that fails with a status and its words", async () => {
  const heard: unknown[] = [];
  const made = await plugin({
    runtime: mapping({ put }, { hostServices }),
    answers: {
      "proto.KV/Put": async ({ add_server: id }) => {
        heard.push(await sumOf(made, id as number, 1, 2).catch((error: unknown) => error));
        return {};
      },
    },
  });
  const results: unknown[] = [new Error("out of numbers"), "seven"];
  const sum = () => {
    const result = results.shift();
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const services = [granted("shop.adder", { sum }, { sum: 2 })];
  const session = await made.activate({ ...kv({ put: 2 }), services });
  const handler = session.handler("stores", "kv", "put");
  await handler?.("a", 1, context());
  await handler?.("a", 1, context());
  expect(heard).toMatchObject([
    { statusName: "UNKNOWN", message: "out of numbers" },
    { statusName: "INVALID_ARGUMENT" },
  ]);
});

test("a host service that is not granted is denied, and an unknown method of it named", async () => {
  const made = await plugin({ runtime: mapping({ put }, { hostServices }) });
  expect(await failure(made.activate(kv({ put: 2 })))).toMatchObject({
    code: "CAPABILITY_DENIED",
    details: { service: "shop.adder", add: 'services: ["shop.adder"]' },
  });
  const services = [granted("shop.adder", {}, { sums: 2 })];
  expect(await failure(made.activate({ ...kv({ put: 2 }), services }))).toMatchObject({
    details: { key: "runtime.hostServices.adder.methods.Sum.method", suggestion: "sums" },
  });
});

/** What a plugin does with the id of a broker. */
async function sumOf(made: ServedPlugin, id: number, a: number, b: number): Promise<number> {
  const client = await connectGrpc({ network: "unix", address: made.served.get(id) as string });
  try {
    const root = await rootOf(made.folder, "kv.proto");
    const request = root.lookupType("proto.SumRequest");
    const response = root.lookupType("proto.SumResponse");
    const bytes = await client.unary("/proto.AddHelper/Sum", request.encode({ a, b }).finish());
    return Number(response.toObject(response.decode(bytes), { longs: Number, defaults: true }).r);
  } finally {
    client.close();
  }
}
