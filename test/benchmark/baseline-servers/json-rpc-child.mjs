/** A process that is called through vscode-jsonrpc, over Node's own channel or standard input and output. */
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { greet } from "./greet.mjs";

const connection =
  process.send === undefined
    ? createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout))
    : createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest("greet", greet);
connection.onClose(() => process.exit());
connection.listen();
