/**
 * Server reflection of gRPC, for the services of contract.proto: a client without the file can ask for it. The services
 * that every go-plugin serves are known to all who need them, and not described.
 */
import protobuf from "protobufjs/minimal.js";
import type { GrpcHandlers } from "../wire/grpc-server.js";
import { GrpcError, grpcStatus } from "../wire/grpc-status.js";

const fileName = "contract.proto";
const packageName = "plugboard.contract.v1";
const services = ["Greeter", "Plugin", "Transformer"].map((name) => `${packageName}.${name}`);

/** Handlers by path: the two versions differ in their names alone. @internal */
export function reflectionServices(): ReadonlyMap<string, GrpcHandlers> {
  return new Map(
    ["v1", "v1alpha"].map((version) => [
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      { duplex: answerQuestions },
    ]),
  );
}

const answerQuestions: NonNullable<GrpcHandlers["duplex"]> = async (stream) => {
  let answering: Promise<void> = Promise.resolve();
  const failed = Promise.withResolvers<never>();
  stream.receive((question) => {
    answering = answering.then(async () => stream.send(await answer(question)));
    answering.catch(failed.reject);
  });
  await Promise.race([stream.ended, failed.promise]);
  await answering;
};

const varint = 0;
const bytes = 2;
const tag = (field: number, kind: typeof varint | typeof bytes): number => (field << 3) | kind;

/** Fields of the question that are understood. */
const byFile = 3;
const bySymbol = 4;
const list = 7;

async function answer(question: Uint8Array): Promise<Uint8Array> {
  const writer = protobuf.Writer.create().uint32(tag(2, bytes)).bytes(question);
  const { field, text } = asked(question);
  if (field === list) writeList(writer);
  else if (field === byFile && text === fileName) await writeFile(writer);
  else if (field === bySymbol && isOurs(text)) await writeFile(writer);
  else writeUnknown(writer, text);
  return writer.finish();
}

function asked(question: Uint8Array): { readonly field: number; readonly text: string } {
  let [field, text] = [0, ""];
  try {
    const reader = protobuf.Reader.create(question);
    while (reader.pos < reader.len) {
      const next = reader.uint32();
      const number = next >>> 3;
      if ((number === byFile || number === bySymbol || number === list) && (next & 7) === bytes) {
        [field, text] = [number, reader.string()];
      } else reader.skipType(next & 7);
    }
  } catch (cause) {
    throw new GrpcError("INVALID_ARGUMENT", "the question is not a sound one", { cause });
  }
  return { field, text };
}

function isOurs(symbol: string): boolean {
  return symbol === packageName || symbol.startsWith(`${packageName}.`);
}

function writeList(writer: protobuf.Writer): void {
  writer.uint32(tag(6, bytes)).fork();
  for (const service of services) {
    writer.uint32(tag(1, bytes)).fork().uint32(tag(1, bytes)).string(service).ldelim();
  }
  writer.ldelim();
}

async function writeFile(writer: protobuf.Writer): Promise<void> {
  const { contractDescriptor } = await import("./contract-descriptor.js");
  writer.uint32(tag(4, bytes)).fork().uint32(tag(1, bytes)).bytes(contractDescriptor()).ldelim();
}

function writeUnknown(writer: protobuf.Writer, text: string): void {
  writer.uint32(tag(7, bytes)).fork().uint32(tag(1, varint)).int32(grpcStatus.NOT_FOUND);
  writer
    .uint32(tag(2, bytes))
    .string(`nothing is known of ${JSON.stringify(text)}`)
    .ldelim();
}
