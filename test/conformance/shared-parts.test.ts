/** What occurs in several places of a value counts in each of them: nobody unfolds a few lists into a billion. */
import { isExtensionError } from "@plugboard/core";
import { expect } from "vitest";
import { rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject } from "./conformance-host.js";

/** A list that holds a list twice, and so on: sixty lists, and more than a quintillion of them for whoever writes it out. */
function doubled(): unknown {
  let value: unknown = "leaf";
  for (let depth = 0; depth < 60; depth++) value = [value, value];
  return value;
}

const hydra = aSubject({
  id: "acme.hydra",
  head: `let calls = 0;\n${doubled.toString()}`,
  run: `async (input) => {
    calls++;
    if (input === "result") return doubled();
    if (input === "map") return new Map([["key", doubled()]]);
    if (input === "cause") return new Error("no", { cause: doubled() });
    if (input === "throw") throw doubled();
    if (input === "error") throw Object.assign(new Error("many heads", { cause: doubled() }), { heads: doubled() });
    if (input === "log") {
      context.logger.info("heads", { heads: doubled(), error: new Error("no", { cause: doubled() }), fine: 1 });
      return "logged";
    }
    if (input === "store")
      return context.storage.set("heads", doubled()).then(() => "kept", (error) => error.code);
    return calls - 1;
  }`,
});

inEachRuntime("shared parts make an argument CALL_TOO_LARGE, and the extension goes on", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [aSubject({ id: "acme.echo" })] });

  for (const value of [doubled(), { value: doubled() }, new Map([["key", doubled()]])])
    expect(isExtensionError(await rejection(kit.run("echo", value)), "CALL_TOO_LARGE")).toBe(true);
  expect(await kit.run("echo", "small")).toBe("small");
});

inEachRuntime("shared parts make a result CALL_TOO_LARGE, and the extension goes on", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [hydra] });

  for (const kind of ["result", "map", "cause"]) {
    const error = await rejection(kit.run("hydra", kind));
    expect([kind, isExtensionError(error, "CALL_TOO_LARGE")]).toEqual([kind, true]);
  }
  expect(await kit.run("hydra", "calls")).toBe(3);
});

inEachRuntime("what is thrown with shared parts is told in few words", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [hydra] });

  for (const kind of ["throw", "error"]) {
    const error = (await rejection(kit.run("hydra", kind))) as Error;
    expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
    expect(error.message.length).toBeLessThan(1_000);
  }
});

inEachRuntime("a logged field of shared parts is told in words, beside what is fine", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [hydra] });

  expect(await kit.run("hydra", "log")).toBe("logged");
  await expect.poll(() => kit.records.length, { timeout: 10_000 }).toBeGreaterThan(0);
  const { message, fields } = kit.records[0] ?? {};
  expect(message).toBe("heads");
  expect(fields).toMatchObject({ heads: "[ [Array], [Array] ]", error: { message: "no" }, fine: 1 });
  expect(JSON.stringify(fields).length).toBeLessThan(100_000);
});

inEachRuntime("shared parts are STATE_INVALID for the storage", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [hydra] });

  expect(await kit.run("hydra", "store")).toBe("STATE_INVALID");
});

inEachRuntime("shared parts can't be exported, and whoever asks for them is told so", async (runtime) => {
  const provider = aSubject({
    id: "acme.provider",
    head: doubled.toString(),
    activate: "return { heads: doubled() };",
  });
  const dependent = aSubject({
    id: "acme.dependent",
    manifest: { extensionDependencies: ["acme.provider"] },
    activate: `context.dependency("acme.provider");`,
  });
  await using kit = await runtime.createHost({ extensions: [provider, dependent] });

  const error = (await rejection(kit.run("dependent"))) as Error;
  expect(error.message).toContain("more than 16777216 bytes");
});

inEachRuntime("shared parts make a state CALL_TOO_LARGE, and the old generation goes on", async (runtime) => {
  const saving = (version: string) =>
    aSubject({
      id: "acme.saving",
      version,
      head: `${doubled.toString()}\nexport const saveState = () => ({ version: 1, value: doubled() });`,
      run: `() => ${JSON.stringify(version)}`,
    });
  await using kit = await runtime.createHost({ extensions: [saving("1.0.0")] });
  expect(await kit.run("saving")).toBe("1.0.0");
  await kit.write(saving("2.0.0"));
  const error = await rejection(kit.host.reload("acme.saving"));
  expect(isExtensionError(error, "CALL_TOO_LARGE")).toBe(true);
  expect(await kit.run("saving")).toBe("1.0.0");
});
