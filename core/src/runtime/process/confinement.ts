/** What holds a child of the process runtime to what it was granted, and what nothing holds it to. */

/** Which means are in force, by what they guard. @public */
export interface ProcessConfinement {
  /** Files, programs, threads, native addons and WASI: always Node's permission model. */
  readonly files: "permission";
  /**
   * Connections over a network, for an extension that may not use one: Node's permission model, a sandbox, an empty
   * network namespace, or nothing.
   */
  readonly network: "permission" | "bubblewrap" | "namespace" | "none";
  /** Unix sockets that other programs offer as files, for such an extension. */
  readonly localSockets: "permission" | "bubblewrap" | "none";
  /** Whether a child that loops ends with a host that was killed: by a watching process, or only an idle one does. */
  readonly orphans: "watcher" | "pipe";
  /** Memory beyond the heap. */
  readonly memory: "watched" | "none";
  /** What is not cut for any extension, a sentence each, with what helps; empty if nothing is lacking. */
  readonly gaps: readonly string[];
  /** What is not cut for an extension that may not use the network. */
  readonly networkGaps: readonly string[];
}

/** What a confinement is made of. @internal */
export interface ConfinementFacts {
  readonly network: ProcessConfinement["network"];
  readonly platform: NodeJS.Platform;
}

/** Describes what is in force. @internal */
export function describeConfinement({ network, platform }: ConfinementFacts): ProcessConfinement {
  const localSockets = network === "namespace" ? "none" : network;
  const orphans = platform === "win32" ? "pipe" : "watcher";
  const memory = platform === "linux" ? "watched" : "none";
  const linuxAdvice = platform === "linux" ? "Install bubblewrap, or run" : "Run";
  const gaps: string[] = [];
  const networkGaps: string[] = [];
  if (network === "none") {
    networkGaps.push(
      `The network is not cut off for extensions that may not use it. ${linuxAdvice} the host on Node 26 or newer.`,
    );
  }
  if (localSockets === "none" && network !== "none") {
    networkGaps.push(
      `Unix sockets of other programs are not cut off. ${linuxAdvice} the host on Node 26 or newer.`,
    );
  }
  if (orphans === "pipe") {
    gaps.push("A child that loops stays when the host is killed. End it by hand.");
  }
  if (memory === "none") {
    gaps.push("Memory beyond the heap, of buffers for one, has no limit on this platform.");
  }
  return { files: "permission", network, localSockets, orphans, memory, gaps, networkGaps };
}
