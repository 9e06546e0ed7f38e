/** The clients of what calls are compared with: each starts its server and calls `greet` there. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { PortReader, PortWriter } from "./json-rpc-port.ts";
import { LengthReader, lengthPrefixed } from "./length-prefix.ts";

/** A way to have somebody greeted elsewhere. */
export interface BaselineClient {
  call(name: string): Promise<string>;
  /** Ends the server. */
  end(): unknown;
}

/** Where the program of a baseline server is. */
export const baselineServer = (name: string): URL => new URL(`baseline-servers/${name}.mjs`, import.meta.url);

/** A thread and `postMessage`, one call at a time. */
export function bareWorker(): BaselineClient {
  const worker = new Worker(baselineServer("bare-worker"));
  let answer: (text: string) => void;
  worker.on("message", (text: string) => answer(text));
  return {
    call: (name) =>
      new Promise((resolve) => {
        answer = resolve;
        worker.postMessage(name);
      }),
    end: () => worker.terminate(),
  };
}

/** A thread and `postMessage`, calls told apart by a number. */
export function numberedWorker(): BaselineClient {
  const worker = new Worker(baselineServer("bare-worker"));
  const { call, answer } = numbered((number, name) => worker.postMessage([number, name]));
  worker.on("message", ([number, text]: [number, string]) => answer(number, text));
  return { call, end: () => worker.terminate() };
}

/** A thread and comlink. */
export function comlinkWorker(): BaselineClient {
  const worker = new Worker(baselineServer("comlink-worker"));
  const remote = wrap<{ greet(name: string): string }>(nodeEndpoint(worker));
  return { call: (name) => remote.greet(name), end: () => worker.terminate() };
}

/** A thread and vscode-jsonrpc. */
export function jsonRpcWorker(): BaselineClient {
  const worker = new Worker(baselineServer("json-rpc-worker"));
  const connection = createMessageConnection(new PortReader(worker), new PortWriter(worker));
  return jsonRpc(connection, () => worker.terminate());
}

/** A process and vscode-jsonrpc over Node's own channel. */
export function jsonRpcChannel(): BaselineClient {
  const child = fork(baselineServer("json-rpc-child"), { execArgv: [] });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  return jsonRpc(connection, () => child.kill("SIGKILL"));
}

/** A process and vscode-jsonrpc over standard input and output. */
export function jsonRpcStdio(): BaselineClient {
  const child = spawn(process.execPath, [fileURLToPath(baselineServer("json-rpc-child"))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  return jsonRpc(connection, () => child.kill("SIGKILL"));
}

/** A process and texts behind their lengths. */
export function bareChild(): BaselineClient {
  const child = startBareChild();
  const socket = child.stdio[3] as Socket;
  const { call, answer } = numbered((number, name) => socket.write(lengthPrefixed(number, name)));
  const reader = new LengthReader(answer);
  socket.on("data", (chunk: Buffer) => reader.push(chunk));
  return { call, end: () => child.kill("SIGKILL") };
}

/** A process that answers texts behind their lengths on descriptor 3. */
export function startBareChild(): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(baselineServer("bare-child"))], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
}

function numbered(send: (number: number, name: string) => void): {
  readonly call: BaselineClient["call"];
  readonly answer: (number: number, text: string) => void;
} {
  const waiting = new Map<number, (text: string) => void>();
  let last = 0;
  return {
    call: (name) =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        send(last, name);
      }),
    answer: (number, text) => {
      waiting.get(number)?.(text);
      waiting.delete(number);
    },
  };
}

function jsonRpc(connection: MessageConnection, end: () => unknown): BaselineClient {
  connection.listen();
  return {
    call: (name) => connection.sendRequest<string>("greet", name),
    end: () => {
      connection.dispose();
      return end();
    },
  };
}
