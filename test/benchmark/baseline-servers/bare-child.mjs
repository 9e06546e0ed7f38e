/**
 * A process without anything around it: texts on descriptor 3, each behind its length (4 bytes, big-endian) and a
 * number of its own, answered one by one.
 */
import { Socket } from "node:net";
import { LengthReader, lengthPrefixed } from "../length-prefix.ts";

const socket = new Socket({ fd: 3, readable: true, writable: true });
const reader = new LengthReader((number, name) => {
  socket.write(lengthPrefixed(number, `Hello, ${name}`));
});
socket.on("data", (chunk) => reader.push(chunk));
socket.on("end", () => process.exit());
