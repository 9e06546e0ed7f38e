/**
 * Runs commands of `plugboard` that a shell hands over, all in this process, as doc-session.ts describes:
 * a page has many of them, and each would take a quarter of a second to start.
 */
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createExtensionHost, validateExtensions } from "@plugboard/core";
// The built program, whose threads and processes start from what was built.
import { run } from "../dist/cli/run.js";

/** What takes commands, until it is closed. */
export interface CommandServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startCommandServer(): Promise<CommandServer> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-commands-"));
  const packageFile = await readFile(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(packageFile) as { readonly version: string };
  let count = 0;

  const serve = async (socket: Socket): Promise<void> => {
    const [cwd = "", input = "", ...words] = await readWords(socket);
    const name = join(folder, String(++count));
    const printed = { out: "", err: "" };
    const stream = (to: keyof typeof printed) => ({
      write: (text: string) => {
        printed[to] += text;
        return true;
      },
      once: () => undefined,
      on: () => undefined,
      off: () => undefined,
    });
    const code = await run(words, {
      io: {
        stdin: Readable.from([input]),
        stdout: stream("out"),
        stderr: stream("err"),
        env: { NO_COLOR: "1" },
        cwd,
        signal: new AbortController().signal,
        onStrayOutput: () => ({ dispose: () => undefined }),
        inProcessScope: (_extension, run) => run(),
        ignoreInterrupts: () => undefined,
        openInspector: () => {
          throw new Error("Only a process has something to inspect.");
        },
        takeStreams: () => {
          throw new Error("A command that takes the streams has to be a process.");
        },
      },
      services: () => ({ createHost: createExtensionHost, validateExtensions }),
      version,
    });
    await Promise.all([writeFile(`${name}.out`, printed.out), writeFile(`${name}.err`, printed.err)]);
    socket.end(`${code} ${name}\n`);
  };

  const server = createServer((socket) => {
    serve(socket).catch((error: unknown) => {
      socket.destroy(error as Error);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The words of a command: their number, the folder, the input, then they themselves. */
async function readWords(socket: Socket): Promise<readonly string[]> {
  let text = "";
  for await (const chunk of socket.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const parts = text.split("\0");
    const count = Number(parts[0]);
    if (parts.length > count + 3) return parts.slice(1, count + 3);
  }
  throw new Error(`A command was not handed over whole: ${text}`);
}
