/** Makes a session of a channel that somebody else's driver has opened for one extension. */
import type { Channel, RuntimeSession, StartRequest } from "@plugboard/extension-api";
import { ChannelLink } from "./channel-link.js";
import type { MemoryWatch } from "./memory-watch.js";
import type { Patience } from "./pulse.js";
import { SharedOutput } from "./shared-output.js";

/** What is the same for all sessions over channels of a host. @internal */
export interface SessionTerms {
  readonly patience: Patience;
  /** The environment that an extension may see. */
  readonly environment: (request: StartRequest) => Readonly<Record<string, string>>;
  /** Whether errors bring their stacks. */
  readonly withStacks: boolean;
  readonly report: (error: unknown) => void;
}

/** The session of the guest at the other end, which is its only one. @internal */
export function openSession(
  request: StartRequest,
  channel: Channel,
  { patience, environment, withStacks, report }: SessionTerms,
  memoryWatch: MemoryWatch,
): RuntimeSession {
  const link = new ChannelLink(channel, {
    output: new SharedOutput(),
    patience,
    report,
    onClose: () => undefined,
  });
  memoryWatch.add({
    closed: channel.closed,
    memory: () => channel.memory(),
    fail: (what) => {
      link.fail(what);
    },
  });
  return link.open({ request, environment: environment(request), withStacks, gaps: [], reuse: undefined });
}
