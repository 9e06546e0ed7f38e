import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Logger } from "@plugboard/extension-api";
import { expect, onTestFinished, test } from "vitest";
import { PluginBroker } from "../../../../extensions/runtime-go-plugin/src/plugin/broker.js";
import { decodeConnInfo } from "../../../../extensions/runtime-go-plugin/src/wire/control-messages.js";
import { makeCertificate } from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";
import type { GrpcClient, GrpcTls } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import { freshFolder } from "../launch/plugin-folder.js";

const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const nonsense = Buffer.alloc(1_000, 0xff);

async function aBroker({ tls }: { readonly tls?: GrpcTls } = {}) {
  const sent: Uint8Array[] = [];
  const records: string[] = [];
  const log = (level: string) => (message: string) => void records.push(`${level} ${message}`);
  const client = {
    duplex: () => ({
      send: (message: Uint8Array) => void sent.push(message),
      receive: () => undefined,
      closed: new Promise(() => undefined),
      close: () => undefined,
    }),
  } as unknown as GrpcClient;
  const logger: Logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const folder = await freshFolder();
  const broker = new PluginBroker({
    client,
    tls,
    folder,
    ports: { minimum: 10_000, maximum: 25_000 },
    logger,
  });
  onTestFinished(() => broker.dispose());
  const reach = async (): Promise<Socket> => {
    await broker.serve(new Map());
    const socket = connect(decodeConnInfo(sent.at(-1) as Uint8Array).address);
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  return { reach, records };
}

test("a plugin that can't connect to what it calls back is told of", async () => {
  const { key, certificate } = makeCertificate();
  const { reach, records } = await aBroker({ tls: { key, certificate, trusted: certificate } });
  (await reach()).write(nonsense);
  await expect
    .poll(() => records)
    .toEqual([expect.stringMatching(/^warn The plugin could not connect to what it calls back: /)]);
});

test("a connection for call-backs that breaks after it was used is no failure to connect", async () => {
  const { reach, records } = await aBroker();
  const socket = await reach();
  socket.write(preface);
  await once(socket, "data");
  socket.write(nonsense);
  await expect
    .poll(() => records)
    .toEqual([expect.stringMatching(/^debug A connection for call-backs was lost: /)]);
});
