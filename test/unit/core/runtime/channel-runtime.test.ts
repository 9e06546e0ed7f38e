/** What a runtime over channels leaves behind when it ends. */
import { expect, test } from "vitest";
import type { Channel, ChannelDriver, ExitReason } from "../../../../extension-api/src/index.js";
import { ChannelRuntime } from "../../../../core/src/runtime/channel-runtime.js";
import { nothingGranted } from "../../../support/nothing-granted.js";

test("the end of a runtime waits for a channel that is being opened, and for that channel's end", async () => {
  const opened = Promise.withResolvers<Channel>();
  const closed = Promise.withResolvers<ExitReason>();
  const events: string[] = [];
  const channel: Channel = {
    closed: closed.promise,
    processId: undefined,
    send: () => undefined,
    receive: () => undefined,
    close: () => void events.push("closing"),
    memory: () => Promise.resolve(undefined),
    busyPlace: () => Promise.resolve(undefined),
  };
  const driver: ChannelDriver = { connect: () => opened.promise };
  const runtime = new ChannelRuntime({
    kind: "test",
    trust: "full rights",
    driver,
    patience: { pingAfterMs: 1_000, unresponsiveMs: 3_000 },
    environment: () => ({}),
    keepsSpare: false,
    withStacks: false,
    report: (error) => {
      throw error;
    },
  });
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const starting = runtime.start(
    {
      extension: { id: "acme.slow", version: "1.0.0", path: "/nowhere" },
      generation: 1,
      main: "./extension.js",
      runtime: { kind: "test" },
      group: undefined,
      capabilities: nothingGranted,
      logger,
      onFile: () => undefined,
      reuse: undefined,
      sessionOver: () => {
        throw new Error("Nobody makes a session of it.");
      },
    },
    { signal: new AbortController().signal },
  );
  starting.catch(() => events.push("refused"));
  await new Promise(setImmediate);
  const ending = runtime.dispose().then(() => events.push("ended"));
  await new Promise(setImmediate);
  expect(events).toEqual([]);

  opened.resolve(channel);
  await new Promise(setImmediate);
  expect(events).toEqual(["closing", "refused"]);
  closed.resolve({ kind: "disposed", message: "closed" });
  await ending;
  expect(events.at(-1)).toBe("ended");
});
