/** The extensions and calls that many behaviour tests share. */
import {
  greeters,
  type CallOptions,
  type ExtensionHost,
  type ExtensionInfo,
  type Problem,
} from "@plugboard/core";
import { anExtension, type ExtensionFixture, type ExtensionSketch } from "@plugboard/core/testing";

/** An extension with one greeter, whose id is the last part of the extension's. */
export function aGreeter(sketch: ExtensionSketch): ExtensionFixture {
  const id = sketch.id.slice(sketch.id.lastIndexOf(".") + 1);
  return anExtension({ contributes: { greeters: [{ id, lang: id }] }, ...sketch });
}

/** Calls a greeter. */
export async function greet(
  host: ExtensionHost,
  id: string,
  name = "World",
  options?: CallOptions,
): Promise<string> {
  const greeter = host.contributions(greeters).get(id);
  if (greeter === undefined) throw new Error(`There is no greeter ${id}.`);
  return options === undefined ? greeter.greet(name) : greeter.greet(name, options);
}

/** What the host knows of an extension that must be there. */
export function info(host: ExtensionHost, id: string): ExtensionInfo {
  const found = host.extensions.get(id);
  if (found === undefined) throw new Error(`There is no extension ${id}.`);
  return found;
}

/** Whether the extension made it. That nothing here can cut off its network is the machine's, and another test's subject. */
export function isOwnProblem({ code }: Pick<Problem, "code">): boolean {
  return code !== "RUNTIME_UNCONFINED";
}

/** The problems that an extension made. */
export function ownProblems(host: ExtensionHost, id: string): readonly Problem[] {
  return info(host, id).problems.filter(isOwnProblem);
}

/** States by id, for one deep comparison. */
export function states(host: ExtensionHost): Record<string, string> {
  return Object.fromEntries([...host.extensions].map(({ id, state }) => [id ?? "?", state]));
}

/** Ids that a point lists. */
export function ids(host: ExtensionHost, point: string): readonly string[] {
  return host
    .contributions(point)
    .entries()
    .map((entry) => entry.id);
}

/** What a promise was rejected with; fails if it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === "fulfilled") throw new Error(`Fulfilled with ${String(outcome.value)}.`);
  return outcome.reason;
}
