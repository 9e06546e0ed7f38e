import { expect, test } from "vitest";
import type { Frame } from "../../../../extension-api/src/index.js";
import { Outbox, type FrameSender } from "../../../../core/src/protocol/outbox.js";
import { SessionPeer } from "../../../../core/src/protocol/session-peer.js";

function aPeer(send: FrameSender["send"] = () => undefined) {
  const unsent: unknown[] = [];
  const outbox: Outbox = new Outbox({ send }, (frame, error) => {
    peer.refuse(frame, error);
  });
  const peer: SessionPeer = new SessionPeer({
    session: 1,
    extensionId: "acme.english",
    outbox,
    limits: { callMs: 1_000, callBytes: 1_000 },
    withStacks: false,
    serve: () => undefined,
    onUnsent: (event, error) => unsent.push([event, error]),
  });
  return { peer, outbox, unsent };
}

test("an event that can't be sent is told of, with the place of what keeps it from it", () => {
  const { peer, outbox, unsent } = aPeer();
  peer.emit("settings", { list: [1, () => 1] });
  outbox.flush();

  const error = {
    code: "CALL_NOT_SERIALIZABLE",
    details: { what: "event", path: "/0/list/1", found: "a function" },
  };
  expect(unsent).toEqual([["settings", expect.objectContaining(error)]]);
});

test("an event that the channel would not take is told of", () => {
  const { peer, outbox, unsent } = aPeer(() => {
    throw new Error("no clone");
  });
  peer.emit("settings", 1);
  outbox.flush();

  expect(unsent).toEqual([["settings", new Error("no clone")]]);
});

test("a view that an event brings takes its own bytes along", () => {
  const sent: Frame[] = [];
  const { peer, outbox } = aPeer((frames) => void sent.push(...frames));
  peer.emit("bytes", new Uint8Array(100_000).subarray(0, 2), {
    deep: [new Uint8Array(100_000).subarray(0, 3)],
  });
  outbox.flush();

  const [frame] = sent as {
    readonly args?: readonly [Uint8Array, { readonly deep: readonly [Uint8Array] }];
  }[];
  const [first, { deep: [second] = [] } = {}] = frame?.args ?? [];
  expect([first?.buffer.byteLength, second?.buffer.byteLength]).toEqual([2, 3]);
});
