/** The error of a session that ended without having been asked to, the same for everyone who hears of it. */
import { ExtensionError, isExtensionError, type BusyPlace } from "@plugboard/extension-api";
import { thrownText } from "../common/thrown-text.js";
import { placeDetails } from "./busy-text.js";
import type { Generation } from "./generation.js";

/** The error of whoever waits for a generation that has crashed. @internal */
export function crashError(
  { description: { id } }: Generation,
  message: string,
  place?: BusyPlace,
): ExtensionError {
  return new ExtensionError("EXTENSION_CRASHED", `${id} crashed: ${message}`, {
    extensionId: id,
    details: place === undefined ? {} : placeDetails(place),
  });
}

/** Whether the error says that this very extension crashed, and not another one that it called. @internal */
export function isCrashOf(id: string, error: unknown): error is ExtensionError {
  return isExtensionError(error, "EXTENSION_CRASHED") && error.extensionId === id;
}

/** Settles as the promise does, or rejects as soon as the generation's session crashes. @internal */
export function unlessCrashed<T>(generation: Generation, promise: PromiseLike<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    void crashOf(generation, (message) => {
      reject((generation.crash ??= crashError(generation, message)));
    });
    promise.then(resolve, reject);
  });
}

/** Calls back with the message if the generation's session ends without having been asked to. @internal */
export async function crashOf(generation: Generation, listener: (message: string) => void): Promise<void> {
  let message: string;
  try {
    const exit = await generation.session?.exited;
    if (exit?.kind !== "crashed") return;
    ({ message } = exit);
  } catch (error) {
    // A session that can't even say how it ended has not been let go in order.
    message = thrownText(error);
  }
  listener(message);
}

/** Whether a crash is why the generation does not run. @internal */
export function isCrashed({ state, reason }: Generation): boolean {
  return state === "failed" && (reason?.code === "EXTENSION_CRASHED" || reason?.code === "CRASHED_TOO_OFTEN");
}
