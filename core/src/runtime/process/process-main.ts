/**
 * The code of a child process that serves the host over descriptor 3. Loads as little as it can before the first
 * frame. Ends with that descriptor: nothing here outlives the host.
 */
import { Socket } from "node:net";
import type { Frame } from "@plugboard/extension-api";
import { serveGuests } from "../../guest/guest-server.js";
import { LazyPackages } from "../../guest/lazy-packages.js";
import { encodeFrames, FrameReader } from "../../protocol/frame-bytes.js";
import { BorrowedTransformer } from "../transform/borrowed-transformer.js";
import { closePermissionGaps } from "./close-permission-gaps.js";
import { limitSignals } from "./limit-signals.js";
import { printAtOnce } from "./print-at-once.js";

/** What the host hands to a child. @internal */
export interface ProcessSetup {
  /** Where packages of the application are, by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** Bytes of a message of the host. */
  readonly limitBytes: number;
  /** Whether it may start programs, and so has to be able to end them. */
  readonly runsPrograms: boolean;
  /** Names of the environment variables that are meant for it. */
  readonly environment: readonly string[];
}

/** The pipe of frames, both ways. */
const frameDescriptor = 3;
/** The pipe on which texts to be transformed go out, and come back. */
const transformDescriptor = 4;

const { packages, limitBytes, runsPrograms, environment } = JSON.parse(
  process.argv[2] ?? "{}",
) as ProcessSetup;
// A sandbox adds one that names the current folder.
for (const name of Object.keys(process.env))
  if (!environment.includes(name)) Reflect.deleteProperty(process.env, name);
if (!runsPrograms) limitSignals(process);
closePermissionGaps();
printAtOnce("stdout");
printAtOnce("stderr");
const exit = process.exit.bind(process);
const transformer = new BorrowedTransformer(transformDescriptor);
const reader = new FrameReader({ limitBytes });
const socket = new Socket({ fd: frameDescriptor, readable: true, writable: true });
const end = (): void => exit(0);
socket.on("end", end);
socket.on("error", end);

serveGuests({
  channel: {
    send: (frames) => {
      socket.write(encodeFrames(frames));
    },
    receive: (listener: (frames: readonly Frame[]) => void) => {
      socket.on("data", (chunk) => {
        for (const frames of reader.push(chunk)) listener(frames);
      });
    },
  },
  provided: new LazyPackages(packages),
  typescript: transformer.typescript,
  separate: transformer.separate,
});
