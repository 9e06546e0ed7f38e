/**
 * Asks a plugin for the `.proto` of its services: grpc.reflection, v1 and its older twin v1alpha, whose messages are
 * the same. Asks for what is needed, one question at a time, and waits for each answer a bounded time.
 */
import protobuf from "protobufjs/minimal.js";
import type { Root } from "protobufjs";
import { ExtensionError } from "@plugboard/extension-api";
import type { GrpcDuplex } from "../wire/grpc-client.js";
import { GrpcError, grpcStatus } from "../wire/grpc-status.js";
import type { ContractPlugin } from "./contract-plugin.js";
import { manifestFault, unknownName } from "../settings/manifest-fault.js";

/** What is asked of whom. @internal */
export interface ReflectionOptions {
  readonly plugin: Pick<ContractPlugin, "client">;
  readonly extensionId: string;
  /** The services that are wanted, with the place where the manifest names each. */
  readonly services: ReadonlyMap<string, string>;
  /** Where the manifest asks for reflection. */
  readonly key: string;
  /** Milliseconds that an answer may take. */
  readonly answerMs?: number;
}

/**
 * The services that are wanted, and all that they refer to.
 *
 * @throws ExtensionError `MANIFEST_INVALID` for a plugin without reflection, and for a service that it does not have
 * @internal
 */
export async function reflectServices(options: ReflectionOptions): Promise<Root> {
  for (const version of ["v1", "v1alpha"]) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const files = await new Conversation(options, path).files();
    if (files !== undefined) return rootOf(files);
  }
  const what = "asks for reflection, which the plugin does not serve: name its .proto file instead.";
  throw manifestFault(options.extensionId, options.key, what);
}

/** Files may refer to files, but not without end. */
const mostFiles = 1_000;

/** The numbers of the fields of a question, which are the kinds of it. */
const ask = { fileByName: 3, fileContainingSymbol: 4, listServices: 7 } as const;

interface Answer {
  readonly files: readonly Uint8Array[];
  readonly services: readonly string[];
  readonly error: { readonly status: number; readonly message: string } | undefined;
}

class Conversation {
  readonly #options: ReflectionOptions;
  readonly #path: string;
  #stream: GrpcDuplex | undefined;
  #waiting: ((answer: Answer | Error) => void) | undefined;

  constructor(options: ReflectionOptions, path: string) {
    this.#options = options;
    this.#path = path;
  }

  /** Descriptors by the names of the files; undefined if the plugin does not serve the version. */
  async files(): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
    const stream = this.#options.plugin.client.duplex(this.#path);
    this.#stream = stream;
    stream.receive((bytes) => {
      this.#settle(() => readAnswer(bytes));
    });
    void stream.closed.then((error) => {
      this.#settle(() => error ?? new GrpcError("UNAVAILABLE", "the stream of answers has ended"));
    });
    try {
      return await this.#collect();
    } catch (error) {
      if (error instanceof GrpcError && error.status === grpcStatus.UNIMPLEMENTED) return undefined;
      throw error;
    } finally {
      stream.close();
    }
  }

  async #collect(): Promise<ReadonlyMap<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>();
    const wanted = new Set<string>();
    const take = (answer: Answer) => {
      for (const bytes of answer.files) {
        const { name, dependencies } = readFileHead(bytes);
        files.set(name, bytes);
        for (const dependency of dependencies) wanted.add(dependency);
      }
    };
    for (const [service, key] of this.#options.services) {
      const answer = await this.#ask(ask.fileContainingSymbol, service);
      if (answer.error !== undefined) throw await this.#unknownService(service, key);
      take(answer);
    }
    for (const name of wanted) {
      if (files.has(name)) continue;
      if (wanted.size > mostFiles)
        throw new Error(`the plugin's services refer to more than ${mostFiles} files`);
      const answer = await this.#ask(ask.fileByName, name);
      if (answer.error !== undefined) throw this.#failed(`does not have ${name}: ${answer.error.message}`);
      take(answer);
    }
    return files;
  }

  async #unknownService(name: string, key: string): Promise<ExtensionError> {
    const { services } = await this.#ask(ask.listServices, "");
    const what = `names "${name}", which the plugin does not serve`;
    return unknownName(this.#options.extensionId, `${key}.service`, { what, name, names: services });
  }

  async #ask(kind: number, text: string): Promise<Answer> {
    const question = protobuf.Writer.create();
    question.uint32((kind << 3) | 2).string(text);
    const { promise, resolve } = Promise.withResolvers<Answer | Error>();
    const { answerMs = 5_000 } = this.#options;
    const timer = setTimeout(() => {
      resolve(this.#failed(`did not answer within ${answerMs} ms`));
    }, answerMs);
    this.#waiting = resolve;
    this.#stream?.send(question.finish());
    const answer = await promise;
    clearTimeout(timer);
    this.#waiting = undefined;
    if (answer instanceof Error) throw answer;
    return answer;
  }

  #settle(make: () => Answer | Error): void {
    try {
      this.#waiting?.(make());
    } catch (error) {
      this.#waiting?.(this.#failed("answered what can't be read", error));
    }
  }

  #failed(what: string, cause?: unknown): ExtensionError {
    const { extensionId } = this.#options;
    const message = `The reflection of the plugin of ${extensionId} ${what}.`;
    return new ExtensionError("RUNTIME_PROTOCOL", message, {
      extensionId,
      details: { path: this.#path },
      cause,
    });
  }
}

async function rootOf(files: ReadonlyMap<string, Uint8Array>): Promise<Root> {
  const { default: full } = await import("protobufjs");
  const { default: descriptor } = await import("protobufjs/ext/descriptor.js");
  const file = [...files.values()].map((bytes) => descriptor.FileDescriptorProto.decode(bytes));
  const set = descriptor.FileDescriptorSet.create({ file });
  return full.Root.fromDescriptor(set as never, { keepCase: true });
}

function readAnswer(bytes: Uint8Array): Answer {
  const files: Uint8Array[] = [];
  const services: string[] = [];
  let error: Answer["error"];
  eachField(bytes, (number, reader) => {
    if (number === 4) {
      eachField(reader.bytes(), (inner, part) => (inner === 1 ? files.push(part.bytes()) : undefined));
    } else if (number === 6) {
      eachField(reader.bytes(), (inner, part) =>
        inner === 1 ? services.push(readName(part.bytes())) : undefined,
      );
    } else if (number === 7) {
      error = readError(reader.bytes());
    } else return undefined;
    return true;
  });
  return { files, services, error };
}

function readName(bytes: Uint8Array): string {
  let name = "";
  eachField(bytes, (number, reader) => (number === 1 ? (name = reader.string()) : undefined));
  return name;
}

function readError(bytes: Uint8Array): { readonly status: number; readonly message: string } {
  let status = 0;
  let message = "";
  eachField(bytes, (number, reader) => {
    if (number === 1) status = reader.int32();
    else if (number === 2) message = reader.string();
    else return undefined;
    return true;
  });
  return { status, message };
}

/** What is needed of a descriptor before all of them are there. */
function readFileHead(bytes: Uint8Array): {
  readonly name: string;
  readonly dependencies: readonly string[];
} {
  let name = "";
  const dependencies: string[] = [];
  eachField(bytes, (number, reader) => {
    if (number === 1) name = reader.string();
    else if (number === 3) dependencies.push(reader.string());
    else return undefined;
    return true;
  });
  return { name, dependencies };
}

/** Hands each field to the callback, and skips those for which it returns undefined. */
function eachField(bytes: Uint8Array, take: (number: number, reader: protobuf.Reader) => unknown): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (take(tag >>> 3, reader) === undefined) reader.skipType(tag & 7);
  }
}
