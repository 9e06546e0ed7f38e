/**
 * What the lower parts of the lifecycle ask of the higher ones. An activation leads to updates, and an update
 * to activations: the imports go one way, and these interfaces the other.
 */
import type { ManagedExtension } from "../extension/managed-extension.js";

/** Sees to it that running extensions become what the disk holds. @internal */
export interface UpdateRequests {
  /** Updates everyone whose update is due. */
  update(): Promise<void>;
  /** Updates the extension if the files it runs from are no longer what they were. */
  checkFiles(extension: ManagedExtension): Promise<void>;
  /** Whether an update came to nothing because the extension did not run. */
  isAwaiting(extension: ManagedExtension): boolean;
}

/** Starts extensions that have crashed. @internal */
export interface Restarts {
  /** Activates the extension for the event; rejects with what keeps it from being active. */
  restart(extension: ManagedExtension, event: string): Promise<void>;
}

/** Takes down whoever runs on an extension. @internal */
export interface DependentsStop {
  /** Stops the extension's dependents until it is back. */
  stopDependents(extension: ManagedExtension): Promise<void>;
}
