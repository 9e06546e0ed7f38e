/**
 * Runs the probe in one runtime and prints what it reached, as JSON: `node probe-main.ts <kind>`. A program
 * of its own, since in-process the probe may do whatever it likes to the process it runs in.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createExtensionHost, isExtensionError } from "@plugboard/core";

/** How an attempt ended, and what it was told. */
export interface Attempt {
  readonly result: string;
  readonly detail?: string;
}

const throughLink = "read through a link in its own folder";
const secretName = "PLUGBOARD_PROBE_SECRET";
const [kind = "in-process"] = process.argv.slice(2);

process.env[secretName] = "a secret of the host";
const outside = await realpath(await mkdtemp(join(tmpdir(), "plugboard-probe-")));
const extensions = join(outside, "extensions");
const folder = join(extensions, "probe");
const sibling = join(extensions, "sibling", "secret.txt");
const socket = join(outside, "socket");
const server = answering();
const socketServer = answering();
/** Echoes; whatever is a question to a DNS server comes back as the answer that there is no such name. */
const datagrams = createSocket("udp4", (question, { port, address }) => {
  question[2]! |= 0x80;
  question[3] = (question[3]! & 0xf0) | 3;
  datagrams.send(question, port, address);
});
try {
  await cp(fileURLToPath(new URL("probe", import.meta.url)), folder, { recursive: true });
  await mkdir(join(extensions, "sibling"));
  await writeFile(sibling, "a secret of another extension");
  await Promise.all([
    once(server.listen(0, "127.0.0.1"), "listening"),
    once(socketServer.listen(socket), "listening"),
    once(datagrams.bind(0, "127.0.0.1"), "listening"),
  ]);
  const plain = await probe();
  await symlink("/etc/passwd", join(folder, "link"));
  process.stdout.write(JSON.stringify({ ...plain, ...(await probe([throughLink])) }));
} finally {
  server.close();
  socketServer.close();
  datagrams.close();
  await rm(outside, { recursive: true, force: true });
}

/** One host for one run; without `wanted` it tries everything. */
async function probe(wanted?: readonly string[]): Promise<Readonly<Record<string, Attempt>>> {
  const host = createExtensionHost({
    extensionFolders: [extensions],
    runtimePolicy: () => kind,
    limits: { callMs: 60_000 },
  });
  try {
    await host.start();
    const { port } = server.address() as AddressInfo;
    const place = {
      sibling,
      outside,
      port,
      datagramPort: datagrams.address().port,
      socket,
      hostProcess: process.pid,
      secretName,
      wanted,
    };
    return (await host.executeCommand("probe.run", place)) as Readonly<Record<string, Attempt>>;
  } catch (error) {
    // A runtime may refuse the folder before any code of it runs; anything else is a failure of the probe.
    if (wanted === undefined || !isExtensionError(error)) throw error;
    return Object.fromEntries(
      wanted.map((action) => [action, { result: "denied", detail: `${error.code}: ${error.message}` }]),
    );
  } finally {
    await host.stop();
  }
}

function answering(): Server {
  return createServer((_request, response) => response.end("a page"));
}
