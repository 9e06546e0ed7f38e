/** A thread that is called through vscode-jsonrpc over its port. */
import { parentPort } from "node:worker_threads";
import { createMessageConnection } from "vscode-jsonrpc/node";
import { PortReader, PortWriter } from "../json-rpc-port.ts";
import { greet } from "./greet.mjs";

const connection = createMessageConnection(new PortReader(parentPort), new PortWriter(parentPort));
connection.onRequest("greet", greet);
connection.listen();
