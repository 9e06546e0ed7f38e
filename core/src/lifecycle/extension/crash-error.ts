/** The error of a session that ended without having been asked to. */
import {
  crashError,
  ExtensionError,
  isExtensionError,
  type BusyPlace,
  type ExitReason,
  type RuntimeSession,
} from "@plugboard/extension-api";
import { thrownText } from "../../common/thrown-text.js";
import { placeDetails } from "./busy-text.js";
import type { Generation } from "./generation.js";
import { placeInFolder } from "./place-in-folder.js";

/** The error of whoever waits for a generation that has crashed. @internal */
export function crashErrorOf(
  { description: { id, folder } }: Generation,
  message: string,
  place?: BusyPlace,
): ExtensionError {
  return crashError(
    id,
    message,
    place === undefined ? { ...placeInFolder(folder, message) } : placeDetails(place),
  );
}

/** Whether the error says that this very extension crashed, and not another one that it called. @internal */
export function isCrashOf(id: string, error: unknown): error is ExtensionError {
  return isExtensionError(error, "EXTENSION_CRASHED") && error.extensionId === id;
}

/** Settles as the promise does, or rejects as soon as the generation's session crashes. @internal */
export function unlessCrashed<T>(generation: Generation, promise: PromiseLike<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const listener = generation.onCrash(reject);
    promise.then(
      (value) => {
        listener.dispose();
        resolve(value);
      },
      (error: unknown) => {
        listener.dispose();
        reject(error as Error);
      },
    );
  });
}

/**
 * Has the generation told if its session ends without having been asked to. Nobody else need listen to the session:
 * what waits for one generation or another would be kept by it for as long as it lives.
 *
 * @internal
 */
export function tellOfCrash(
  generation: Generation,
  session: RuntimeSession,
  report: (error: unknown) => void,
): void {
  const crashed = (message: string) => {
    try {
      const place = session.health?.unresponsive?.place;
      generation.crashed(crashErrorOf(generation, message, place));
    } catch (error) {
      report(error);
    }
  };
  // A session that can't even say how it ended has not been let go in order.
  Promise.resolve(session.exited as Promise<ExitReason> | undefined).then(
    (exit) => {
      if (exit?.kind === "crashed") crashed(exit.message);
    },
    (error: unknown) => {
      crashed(thrownText(error));
    },
  );
}

/** Whether a crash is why the generation does not run. @internal */
export function isCrashed({ state, reason }: Generation): boolean {
  return state === "failed" && (reason?.code === "EXTENSION_CRASHED" || reason?.code === "CRASHED_TOO_OFTEN");
}
