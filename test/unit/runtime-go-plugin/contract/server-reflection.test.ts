import { isExtensionError, type ExtensionError } from "@plugboard/extension-api";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { afterEach, expect, test } from "vitest";
import { reflectServices } from "../../../../extensions/runtime-go-plugin/src/contract/server-reflection.js";
import type { GrpcHandlers } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-server.js";
import { declared, servedPlugin, type ServedPlugin } from "./served-plugin.js";

const plugins: ServedPlugin[] = [];
afterEach(async () => {
  for (const plugin of plugins.splice(0)) await plugin.close();
});

const base = `syntax = "proto3"; package base;
  message Stamp { string made_by = 1; optional int32 at_count = 2; map<string, int64> numbers = 3; }`;
const main = `syntax = "proto3"; package shop; import "base.proto";
  message Ask { string the_name = 1; oneof extra { string note = 2; int32 level = 3; } }
  message Told { base.Stamp stamp = 1; }
  service Oracle { rpc Tell(Ask) returns (Told); rpc Stop(Ask) returns (Ask); }
  service Other { rpc Nothing(Ask) returns (Ask); }`;

/** Descriptors of the two files by name, as a server would send them. */
function descriptors(): ReadonlyMap<string, Uint8Array> {
  const root = new protobuf.Root();
  protobuf.parse(base, root, { keepCase: true });
  protobuf.parse(main, root, { keepCase: true });
  root.resolveAll();
  const { file } = root.toDescriptor("proto3");
  return new Map(
    (file as unknown as { package: string; name: string; dependency: string[] }[]).map((one) => {
      const name = `${one.package}.proto`;
      const dependency = one.package === "shop" ? ["base.proto"] : [];
      const whole = descriptor.FileDescriptorProto.create({ ...one, name, dependency });
      return [name, descriptor.FileDescriptorProto.encode(whole).finish()];
    }),
  );
}

const messages = protobuf.parse(
  `syntax = "proto3"; package grpc.reflection.v1;
  message Request { string host = 1; oneof message_request { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; } }
  message Response { string valid_host = 1; Request original_request = 2; oneof message_response {
    Files file_descriptor_response = 4; Services list_services_response = 6; Fault error_response = 7; } }
  message Files { repeated bytes file_descriptor_proto = 1; }
  message Services { repeated Service service = 1; }
  message Service { string name = 1; }
  message Fault { int32 error_code = 1; string error_message = 2; }`,
  { keepCase: true },
).root;

/** Answers as a server with reflection does, with the definitions of its messages read from text. */
function reflection(asked: string[] = []): GrpcHandlers {
  const files = descriptors();
  const Request = messages.lookupType("grpc.reflection.v1.Request");
  const Response = messages.lookupType("grpc.reflection.v1.Response");
  return {
    duplex(stream) {
      stream.receive((bytes) => {
        const question = Request.toObject(Request.decode(bytes)) as Readonly<Record<string, string>>;
        asked.push(Object.entries(question).flat().join(" "));
        const symbol = question.file_containing_symbol;
        const file = files.get(
          question.file_by_filename ?? (symbol?.startsWith("shop.O") ? "shop.proto" : ""),
        );
        const answer =
          question.list_services !== undefined
            ? { list_services_response: { service: [{ name: "shop.Oracle" }, { name: "shop.Other" }] } }
            : file === undefined || symbol === "shop.Oracel"
              ? { error_response: { error_code: 5, error_message: "not found" } }
              : { file_descriptor_response: { file_descriptor_proto: [file] } };
        stream.send(Response.encode(Response.fromObject({ original_request: question, ...answer })).finish());
      });
    },
  };
}

async function plugin(path: string, handlers: GrpcHandlers, service = "shop.Oracle"): Promise<ServedPlugin> {
  const methods = { tell: { rpc: "Tell", request: ["the_name", "level"], response: "stamp" } };
  const made = await servedPlugin({
    files: { "main.proto": main, "base.proto": base },
    answers: {
      "shop.Oracle/Tell": ({ the_name: name, level }) => ({
        stamp: { made_by: name, at_count: level ?? 0, numbers: { a: "9007199254740993" } },
      }),
    },
    handlers: { [path]: handlers },
    runtime: { proto: "reflection", services: { oracles: { one: { service, methods } } } },
  });
  plugins.push(made);
  return made;
}

async function failure(promise: Promise<unknown>): Promise<ExtensionError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isExtensionError(error)) return error;
  throw new Error("It did not fail as it should have.", { cause: error });
}

test.each(["v1", "v1alpha"])("a plugin that serves reflection %s needs no .proto", async (version) => {
  const asked: string[] = [];
  const made = await plugin(
    `grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    reflection(asked),
  );
  const session = await made.activate({ contributions: [declared("oracles", "one", { tell: 2 })] });
  const context = { signal: new AbortController().signal, deadline: Infinity, transfer: () => undefined };
  expect(await session.handler("oracles", "one", "tell")?.("me", 4, context)).toEqual({
    made_by: "me",
    at_count: 4,
    numbers: { a: 9007199254740993n },
  });
  expect(asked).toEqual(["file_containing_symbol shop.Oracle", "file_by_filename base.proto"]);
});

test("a service that the plugin does not have is named with the nearest that it has", async () => {
  const made = await plugin(
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    reflection(),
    "shop.Oracel",
  );
  expect(await failure(made.start())).toMatchObject({
    code: "MANIFEST_INVALID",
    details: { key: "runtime.services.oracles.one.service", suggestion: "shop.Oracle" },
  });
});

test("a plugin without reflection is refused with what to do instead", async () => {
  const made = await plugin("shop.Nothing/Here", reflection());
  const error = await failure(made.start());
  expect(error).toMatchObject({ code: "MANIFEST_INVALID", details: { key: "runtime.proto" } });
  expect(error.message).toContain("name its .proto file instead");
});

test("a plugin that keeps silent, or answers what can't be read, fails the start in time", async () => {
  for (const duplex of [
    () => undefined,
    (stream: Parameters<NonNullable<GrpcHandlers["duplex"]>>[0]) => {
      stream.receive(() => {
        stream.send(Uint8Array.of(0x22, 0x7f));
      });
    },
  ]) {
    const made = await plugin("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", { duplex });
    const options = {
      plugin: made,
      extensionId: "acme.kv",
      services: new Map([["shop.Oracle", "runtime.services.oracles.one"]]),
      key: "runtime.proto",
      answerMs: 50,
    };
    expect((await failure(reflectServices(options))).code).toBe("RUNTIME_PROTOCOL");
  }
});
