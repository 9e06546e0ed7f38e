/**
 * The messages of the services that every go-plugin serves beside its own: health, broker, printed output, shutdown.
 * Invariant: what is read here is sound, or reading throws; a field that nobody knows is passed over.
 */
import protobuf from "protobufjs/minimal.js";

/** Paths of those services. @internal */
export const controlPaths = {
  health: "/grpc.health.v1.Health/Check",
  shutdown: "/plugin.GRPCController/Shutdown",
  broker: "/plugin.GRPCBroker/StartStream",
  stdio: "/plugin.GRPCStdio/StreamStdio",
} as const;

/** Far more than a message of these services needs; a plugin that sends more is not to fill the host's memory. @internal */
export const controlMessageBytes = 4 * 1024 * 1024;

/** That a server is, or is to be, reached under an id of the broker. @internal */
export interface ConnInfo {
  /** The id. */
  readonly serviceId: number;
  /** `unix` or `tcp`. */
  readonly network: string;
  /** A path, or host and port. */
  readonly address: string;
  /** Present where streams share one connection. */
  readonly knock?: { readonly knock: boolean; readonly ack: boolean; readonly error: string };
}

/** A piece of what a plugin printed. @internal */
export interface StdioData {
  /** Which stream; undefined for one that nobody knows. */
  readonly channel: "stdout" | "stderr" | undefined;
  /** Its bytes, which need not end with a line, nor even with a character. */
  readonly data: Uint8Array;
}

/** How a service is. @internal */
export type HealthStatus = "UNKNOWN" | "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";

const healthStatuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;

const stdioChannels = [undefined, "stdout", "stderr"] as const;

/** A message without fields. @internal */
export const emptyMessage: Uint8Array = new Uint8Array(0);

/** Writes a ConnInfo. @internal */
export function encodeConnInfo({ serviceId, network, address, knock }: ConnInfo): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, varint)).uint32(serviceId);
  writer.uint32(tag(2, bytes)).string(network).uint32(tag(3, bytes)).string(address);
  if (knock !== undefined) {
    writer.uint32(tag(4, bytes)).fork();
    writer.uint32(tag(1, varint)).bool(knock.knock).uint32(tag(2, varint)).bool(knock.ack);
    writer.uint32(tag(3, bytes)).string(knock.error).ldelim();
  }
  return writer.finish();
}

/** Reads a ConnInfo. @internal */
export function decodeConnInfo(message: Uint8Array): ConnInfo {
  let [serviceId, network, address] = [0, "", ""];
  let knock: ConnInfo["knock"];
  readFields(message, {
    [tag(1, varint)]: (reader) => (serviceId = reader.uint32()),
    [tag(2, bytes)]: (reader) => (network = reader.string()),
    [tag(3, bytes)]: (reader) => (address = reader.string()),
    [tag(4, bytes)]: (reader) => (knock = decodeKnock(reader.bytes())),
  });
  return { serviceId, network, address, ...(knock === undefined ? {} : { knock }) };
}

function decodeKnock(message: Uint8Array): NonNullable<ConnInfo["knock"]> {
  let [knock, ack, error] = [false, false, ""];
  readFields(message, {
    [tag(1, varint)]: (reader) => (knock = reader.bool()),
    [tag(2, varint)]: (reader) => (ack = reader.bool()),
    [tag(3, bytes)]: (reader) => (error = reader.string()),
  });
  return { knock, ack, error };
}

/** Writes a StdioData. @internal */
export function encodeStdioData({ channel, data }: StdioData): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, varint)).uint32(stdioChannels.indexOf(channel));
  return writer.uint32(tag(2, bytes)).bytes(data).finish();
}

/** Reads a StdioData. @internal */
export function decodeStdioData(message: Uint8Array): StdioData {
  let channel: StdioData["channel"];
  let data: Uint8Array = emptyMessage;
  readFields(message, {
    [tag(1, varint)]: (reader) => (channel = stdioChannels[reader.uint32()]),
    [tag(2, bytes)]: (reader) => (data = reader.bytes()),
  });
  return { channel, data };
}

/** Writes the question how a service is. @internal */
export function encodeHealthRequest(service: string): Uint8Array {
  return protobuf.Writer.create().uint32(tag(1, bytes)).string(service).finish();
}

/** Reads which service is asked for. @internal */
export function decodeHealthRequest(message: Uint8Array): string {
  let service = "";
  readFields(message, { [tag(1, bytes)]: (reader) => (service = reader.string()) });
  return service;
}

/** Writes how a service is. @internal */
export function encodeHealthResponse(status: HealthStatus): Uint8Array {
  return protobuf.Writer.create().uint32(tag(1, varint)).uint32(healthStatuses.indexOf(status)).finish();
}

/** Reads how a service is. @internal */
export function decodeHealthResponse(message: Uint8Array): HealthStatus {
  let status: HealthStatus = "UNKNOWN";
  readFields(message, {
    [tag(1, varint)]: (reader) => (status = healthStatuses[reader.uint32()] ?? "UNKNOWN"),
  });
  return status;
}

/** How a field is written. */
const varint = 0;
const bytes = 2;

function tag(field: number, kind: typeof varint | typeof bytes): number {
  return (field << 3) | kind;
}

/** Reads a message by what each tag asks for. A field that came in another way than expected is an unknown one. */
function readFields(
  message: Uint8Array,
  fields: Readonly<Record<number, (reader: protobuf.Reader) => unknown>>,
): void {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const read = fields[tag];
    if (read === undefined) reader.skipType(tag & 7);
    else read(reader);
  }
}
