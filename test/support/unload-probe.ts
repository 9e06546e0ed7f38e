/**
 * Run under --expose-gc: loads one extension several times and tells which generations can still be
 * reached. Prints one JSON document. A generation announces itself by a WeakRef to an object that its
 * module, its implementation and its subscription all hold.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { greeters } from "@plugboard/core";
import { anExtension, createTestHost } from "@plugboard/core/testing";
import { Container } from "inversify";

interface Announced {
  readonly generation: number;
  readonly ref: WeakRef<object>;
}

const announced: Announced[] = [];
Object.defineProperty(globalThis, Symbol.for("plugboard.test.unload"), { value: announced });

const source = `
  const ballast = { big: new Array(1000).fill(0) };
  const list = globalThis[Symbol.for("plugboard.test.unload")];
  list.push({ generation: list.length + 1, ref: new WeakRef(ballast) });
  export function activate(context) {
    context.contribute("greeters", "english", { greet: (name) => name + ballast.big.length });
    context.subscriptions.push(() => ballast.big);
    return { ballast: () => ballast };
  }
  export function deactivate() { ballast.big = []; }
`;

async function alive(): Promise<{ alive: readonly number[] }> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("Run under --expose-gc.");
  for (let round = 0; round < 20; round++) {
    // A collection frees what was only held by a turn of the event loop that is over.
    await sleep(5);
    collect();
  }
  return { alive: announced.filter(({ ref }) => ref.deref() !== undefined).map((entry) => entry.generation) };
}

const english = anExtension({
  id: "acme.english",
  contributes: { greeters: [{ id: "english", lang: "English" }] },
  source,
});
const container = new Container();
const results: Record<string, unknown> = {};
// Not `await using`: this file runs as it is, and Node 22 does not know it.
const kit = await createTestHost({ container, extensions: [english] });
try {
  kit.record.dispose();
  const stub = kit.host.contributions(greeters).get("english");
  if (stub === undefined) throw new Error("There is no greeter.");
  await stub.greet("World");
  await kit.host.reload("acme.english");
  await stub.greet("World");
  results["afterReload"] = await alive();
  await kit.write(english.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await stub.greet("World");
  results["afterUpdate"] = await alive();
  await kit.remove(english);
  await kit.host.rescan();
  results["afterRemoval"] = await alive();
} finally {
  await kit.dispose();
}
process.stdout.write(JSON.stringify(results));
