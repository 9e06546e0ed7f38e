/**
 * What one extension gets of another: functions that return promises, and copies of everything else. The
 * calls count as calls in flight of the provider's generation, so that it is not deactivated under them.
 */
import { ExtensionError, type Handler } from "@plugboard/extension-api";
import type { Generation } from "./generation.js";

/** Exports as a dependent sees them. @internal */
export type Exports = Readonly<Record<string, unknown>>;

/** Makes the exports of an active generation; they are dead once it is no longer active. @internal */
export function exposeExports(generation: Generation): Exports {
  const exposed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(generation.session?.exports ?? {})) {
    exposed[name] =
      typeof value === "function" ? callThrough(generation, value as Handler) : copy(generation, name, value);
  }
  return Object.freeze(exposed);
}

function callThrough(generation: Generation, handler: Handler): (...args: unknown[]) => Promise<unknown> {
  const withoutContext: Handler = (...args) => handler(...args.slice(0, -1));
  return (...args) => {
    const { connection, description } = generation;
    if (connection === undefined || generation.state === "removed" || generation.state === "failed") {
      return Promise.reject(
        new ExtensionError("EXTENSION_GONE", `This generation of ${description.id} is gone.`, {
          extensionId: description.id,
          details: { generation: generation.number },
        }),
      );
    }
    return connection.book.call(withoutContext, args, undefined);
  };
}

function copy(generation: Generation, name: string, value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch (cause) {
    const { id } = generation.description;
    throw new ExtensionError(
      "ACTIVATION_FAILED",
      `${id} exports "${name}", which is neither a function nor plain data.`,
      { extensionId: id, details: { name }, cause },
    );
  }
}
