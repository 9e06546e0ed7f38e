/** An extension that reloads itself while it is being deactivated. */
import { expect, test } from "vitest";
import { offer, serviceToken } from "@plugboard/core";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { aGreeter, greet, info } from "../support/extensions.ts";

interface Reloader {
  reload(): void;
}
const Reloader = serviceToken<Reloader>("test.reloader");

test("an extension whose deactivate reloads it leaves the host its turn", async () => {
  let reloads = 0;
  let isOver = false;
  const reload = () => {
    // Far more than fit into the time, and few enough to end where nothing else has a turn.
    if (isOver || ++reloads > 5_000) return;
    void kit.host.reload("acme.english").catch(() => undefined);
  };
  const kit = await createTestHost({
    services: [offer(Reloader, { reload }, { methods: { reload: 0 } })],
    extensions: [
      aGreeter({
        id: "acme.english",
        services: ["test.reloader"],
        activate: `globalThis.testReloader = context.services.get(Symbol.for("test.reloader"));`,
        deactivate: `globalThis.testReloader.reload();`,
      }),
    ],
  });
  try {
    await greet(kit.host, "english");
    await kit.host.reload("acme.english");
    await new Promise((fire) => setTimeout(fire, 20));
    isOver = true;
    expect(reloads).toBeLessThan(5_000);
    await eventually(() => {
      expect(info(kit.host, "acme.english").state).toBe("active");
    });
  } finally {
    isOver = true;
    await kit.dispose();
  }
});
