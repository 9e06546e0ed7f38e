/**
 * A go-plugin in Node: shakes hands, serves health, broker, shutdown and stdio, and misbehaves as its first argument
 * says. Started as a process of its own, with the built files of the package.
 */
import { createGrpcServer } from "../../../../extensions/runtime-go-plugin/dist/wire/grpc-server.js";
import { connectGrpc } from "../../../../extensions/runtime-go-plugin/dist/wire/grpc-client.js";
import { makeCertificate } from "../../../../extensions/runtime-go-plugin/dist/wire/certificate.js";
import { GrpcError } from "../../../../extensions/runtime-go-plugin/dist/wire/grpc-status.js";
import {
  controlPaths,
  decodeConnInfo,
  encodeConnInfo,
  encodeHealthResponse,
  encodeStdioData,
} from "../../../../extensions/runtime-go-plugin/dist/wire/control-messages.js";

/** How it behaves. */
export interface FakePluginManners {
  readonly health?: "SERVING" | "NOT_SERVING" | "absent";
  readonly shutdown?: "obeys" | "hangs" | "absent";
  readonly stdio?: "absent";
  readonly network?: "tcp";
  /** What it does on SIGTERM. */
  readonly sigterm?: "ignores";
}

const manners = JSON.parse(process.argv[2] ?? "{}") as FakePluginManners;
const clientCertificate = process.env["PLUGIN_CLIENT_CERT"];
const own = clientCertificate === undefined ? undefined : makeCertificate();
const tls =
  own === undefined || clientCertificate === undefined
    ? undefined
    : { key: own.key, certificate: own.certificate, trusted: clientCertificate };
const options = tls === undefined ? {} : { tls };
const server = createGrpcServer(options);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

const { health = "SERVING" } = manners;
if (health !== "absent") server.handle(controlPaths.health, { unary: () => encodeHealthResponse(health) });
if (manners.shutdown !== "absent")
  server.handle(controlPaths.shutdown, {
    unary: () => {
      if (manners.shutdown === "hangs") return new Promise(() => undefined);
      console.error("[INFO] shutting down");
      setTimeout(() => process.exit(0), 10);
      return new Uint8Array(0);
    },
  });
if (manners.stdio !== "absent")
  server.handle(controlPaths.stdio, {
    serverStream: async function* () {
      yield encodeStdioData({ channel: "stdout", data: Buffer.from("printed in ") });
      yield encodeStdioData({ channel: "stderr", data: Buffer.from("complained\n") });
      yield encodeStdioData({ channel: "stdout", data: Buffer.from("pieces\n") });
      await new Promise(() => undefined);
    },
  });
let announce: (message: Uint8Array) => void = () => undefined;
const announced = new Map<number, { readonly network: string; readonly address: string }>();
server.handle(controlPaths.broker, {
  duplex: (stream) => {
    announce = (message) => stream.send(message);
    stream.receive((message) => {
      const info = decodeConnInfo(message);
      announced.set(info.serviceId, info);
    });
  },
});
// Calls back what the host serves under the id that the message names.
server.handle("/test.Calls/Back", {
  unary: async (request) => {
    const { network, address } = announced.get(Number(text(request))) ?? {
      network: "unix",
      address: "nowhere",
    };
    const client = await connectGrpc({ network: network as "unix" | "tcp", address }, options);
    const answer = await client.unary("/test.Host/Ask", Buffer.from("plugin"));
    client.close();
    return answer;
  },
});
// Serves something under an id of its own, and answers with the id.
server.handle("/test.Calls/Offer", {
  unary: async () => {
    const offered = createGrpcServer(options);
    offered.handle("/test.Offer/Get", { unary: () => Buffer.from("offered") });
    const { network, address } = await offered.listen({
      network: "unix",
      path: `${process.env["PLUGIN_UNIX_SOCKET_DIR"] ?? ""}/offer`,
    });
    announce(encodeConnInfo({ serviceId: 77, network, address }));
    return Buffer.from("77");
  },
});
server.handle("/test.Calls/Panic", {
  unary: () => {
    process.stderr.write("panic: boom\n\ngoroutine 1 [running]:\n", () => process.exit(2));
    return Promise.reject(new GrpcError("UNAVAILABLE", "panicking"));
  },
});
if (manners.sigterm === "ignores") process.on("SIGTERM", () => undefined);
const { network, address } = await server.listen(
  manners.network === "tcp"
    ? {
        network: "tcp",
        minPort: Number(process.env["PLUGIN_MIN_PORT"]),
        maxPort: Number(process.env["PLUGIN_MAX_PORT"]),
      }
    : { network: "unix", path: `${process.env["PLUGIN_UNIX_SOCKET_DIR"] ?? ""}/plugin1` },
);
console.log(`1|1|${network}|${address}|grpc|${own?.der.toString("base64").replace(/=+$/, "") ?? ""}`);
