/** Contributes the runtime `python`: each extension is a process of python3, and frames are lines of JSON. */
import { join } from "node:path";
import {
  runtimes,
  type Channel,
  type Child,
  type ExtensionContext,
  type Frame,
} from "@plugboard/extension-api";

export function activate(context: ExtensionContext): void {
  const guest = join(context.extension.path, "guest.py");
  context.contribute(runtimes, "python", {
    async start(request) {
      // Python imports what it likes: where only trusted files may run, it must not.
      if (request.trusted !== undefined)
        throw new Error("Python can't be held to the files that were trusted.");
      const child = await request.startChild({ program: "python3", args: ["-u", guest], pipes: 1 });
      return request.openSession(channelTo(child));
    },
  });
}

function channelTo(child: Child): Channel {
  const [pipe] = child.pipes;
  const decoder = new TextDecoder();
  let rest = "";
  let isClosed = false;
  return {
    send(frames) {
      pipe?.write(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(""));
    },
    receive(listener) {
      pipe?.on("data", (chunk) => {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        if (lines.length > 0) listener(lines.map((line) => JSON.parse(line) as Frame));
      });
    },
    closed: child.exited.then(({ what }) => ({
      kind: isClosed ? "disposed" : "crashed",
      message: `Python ${what}.`,
    })),
    close() {
      isClosed = true;
      child.kill();
    },
    processId: child.processId,
    memory: () => Promise.resolve(child.memory()),
    busyPlace: () => Promise.resolve(undefined),
  };
}
