import { expect, test } from "vitest";
import { HostWatch } from "../../../../extensions/runtime-go-plugin/src/serve/host-watch.js";

function watched(options: { readonly intervalMs?: number; readonly reconnectMs?: number } = {}) {
  const gone = Promise.withResolvers<string>();
  const reasons: string[] = [];
  let parent = process.pid;
  const watch = new HostWatch({
    parent: () => parent,
    onGone: (reason) => {
      reasons.push(reason);
      gone.resolve(reason);
    },
    intervalMs: 60_000,
    ...options,
  });
  return { watch, gone: gone.promise, reasons, orphan: () => (parent = 1) };
}

test("another parent means that the host is gone, at the next look", async () => {
  const { gone, orphan } = watched({ intervalMs: 5 });
  orphan();
  expect(await keptAlive(gone)).toBe("the process that started the plugin is gone");
});

test("a lost connection leads to a look at once, and again until the parent has changed", async () => {
  const { watch, gone, orphan } = watched();
  const lost = watch.connected();
  lost();
  orphan();
  expect(await gone).toBe("the process that started the plugin is gone");
});

test("a host that does not come back is gone although the parent lives", async () => {
  const { watch, gone } = watched({ reconnectMs: 30 });
  watch.connected()();
  expect(await gone).toBe("the host has let go of its connection");
});

test("a host that has another connection, or comes back, is not gone", async () => {
  const { watch, reasons } = watched({ reconnectMs: 20 });
  const lost = watch.connected();
  watch.connected();
  lost();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(reasons).toEqual([]);
  watch.dispose();
});

test("nothing is told after dispose", async () => {
  const { watch, reasons, orphan } = watched({ intervalMs: 5, reconnectMs: 5 });
  watch.dispose();
  watch.connected()();
  orphan();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(reasons).toEqual([]);
});

/** The watch itself keeps no process alive. */
async function keptAlive<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 1000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
