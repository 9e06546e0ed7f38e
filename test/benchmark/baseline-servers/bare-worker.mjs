/** A thread without anything around it: a text is answered at once, a numbered one with its number. */
import { parentPort } from "node:worker_threads";

parentPort.on("message", (message) => {
  if (typeof message === "string") parentPort.postMessage(`Hello, ${message}`);
  else parentPort.postMessage([message[0], `Hello, ${message[1]}`]);
});
