/**
 * The messages of contract.proto. Invariant: what is read here is sound, or reading throws; a field that nobody knows
 * is passed over.
 */
import protobuf from "protobufjs/minimal.js";
import { GrpcError } from "../wire/grpc-status.js";

/** Paths of the services that are served to the host. @internal */
export const contractPaths = {
  greet: "/plugboard.contract.v1.Greeter/Greet",
  lang: "/plugboard.contract.v1.Greeter/Lang",
  greeters: "/plugboard.contract.v1.Greeter/List",
  transform: "/plugboard.contract.v1.Transformer/Transform",
  name: "/plugboard.contract.v1.Transformer/Name",
  transformers: "/plugboard.contract.v1.Transformer/List",
  offer: "/plugboard.contract.v1.Plugin/Offer",
  /** Served by the host. */
  callHost: "/plugboard.contract.v1.HostServices/Call",
} as const;

/** What a greeter or transformer is asked, and which. @internal */
export interface TextRequest {
  readonly text: string;
  /** Empty for the first. */
  readonly id: string;
}

/** One line of a list. @internal */
export interface ListedContribution {
  readonly id: string;
  readonly label: string;
  readonly extensionId: string;
}

const bytesTag = (field: number): number => (field << 3) | 2;
const varintTag = (field: number): number => field << 3;

/** Reads a GreetRequest or a TransformRequest. @internal */
export function decodeTextRequest(message: Uint8Array): TextRequest {
  let text = "";
  let id = "";
  read(message, (tag, reader) => {
    if (tag === bytesTag(1)) text = reader.string();
    else if (tag === bytesTag(2)) id = reader.string();
    else return false;
    return true;
  });
  return { text, id };
}

/** Reads a LangRequest or a NameRequest. @internal */
export function decodeIdRequest(message: Uint8Array): string {
  return decodeTextRequest(message).text;
}

/** Writes any of the responses that are one text. @internal */
export function encodeText(text: string): Uint8Array {
  return protobuf.Writer.create().uint32(bytesTag(1)).string(text).finish();
}

/** Writes a ListResponse. @internal */
export function encodeList(contributions: readonly ListedContribution[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const { id, label, extensionId } of contributions) {
    writer.uint32(bytesTag(1)).fork();
    writer.uint32(bytesTag(1)).string(id).uint32(bytesTag(2)).string(label);
    writer.uint32(bytesTag(3)).string(extensionId).ldelim();
  }
  return writer.finish();
}

/** Reads the broker's id of an OfferRequest. @internal */
export function decodeOffer(message: Uint8Array): number {
  let brokerId = 0;
  read(message, (tag, reader) => {
    if (tag !== varintTag(1)) return false;
    brokerId = reader.uint32();
    return true;
  });
  return brokerId;
}

/** Writes a ServiceCall. @internal */
export function encodeServiceCall(service: string, method: string, args: readonly unknown[]): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(bytesTag(1)).string(service).uint32(bytesTag(2)).string(method);
  return writer
    .uint32(bytesTag(3))
    .bytes(Buffer.from(JSON.stringify(args)))
    .finish();
}

/** Reads the value of a ServiceResult. @internal */
export function decodeServiceResult(message: Uint8Array): unknown {
  let value: Uint8Array = new Uint8Array(0);
  read(message, (tag, reader) => {
    if (tag !== bytesTag(1)) return false;
    value = reader.bytes();
    return true;
  });
  return value.length === 0 ? undefined : JSON.parse(Buffer.from(value).toString());
}

function read(message: Uint8Array, take: (tag: number, reader: protobuf.Reader) => boolean): void {
  try {
    const reader = protobuf.Reader.create(message);
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (!take(tag, reader)) reader.skipType(tag & 7);
    }
  } catch (cause) {
    throw new GrpcError("INVALID_ARGUMENT", `the message is not sound: ${(cause as Error).message}`, {
      cause,
    });
  }
}
