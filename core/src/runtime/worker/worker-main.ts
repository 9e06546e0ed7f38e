/** The code of a worker thread that serves the host. Loads as little as it can before the first frame. */
import { parentPort, workerData } from "node:worker_threads";
import { serveGuests } from "../../guest/guest-server.js";
import { LazyPackages } from "../../guest/lazy-packages.js";
import { ChildTransformer } from "../transform/child-transformer.js";
import { packFrames, unpackFrames } from "../../protocol/packed-frames.js";

/** What the host hands to a thread. @internal */
export interface WorkerSetup {
  /** Where packages of the application are, by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** The program that transforms what could end or hold up the thread. */
  readonly transformProgram: string;
}

if (parentPort !== null) {
  const port = parentPort;
  const { packages, transformProgram } = workerData as WorkerSetup;
  serveGuests({
    channel: {
      send: (frames, transfer) => {
        const packed = packFrames(frames);
        if (transfer.length === 0) port.postMessage(packed);
        else port.postMessage(packed, transfer);
      },
      receive: (listener) => {
        port.on("message", (packed: readonly unknown[]) => {
          listener(unpackFrames(packed));
        });
      },
    },
    provided: new LazyPackages(packages),
    separate: new ChildTransformer(transformProgram),
  });
}
