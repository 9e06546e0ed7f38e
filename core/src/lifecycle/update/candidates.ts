/** What an update deals in: the candidates of locked extensions, and who is to blame if they come to nothing. */
import type { ExtensionError } from "@plugboard/extension-api";
import type { Generation } from "../extension/generation.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

/** Candidates that come up together, by extension id. @internal */
export type Candidates = ReadonlyMap<string, Generation>;

/** Who is to blame that an update did not happen. @internal */
export interface UpdateFailure {
  readonly member: ManagedExtension;
  readonly error: ExtensionError;
}

/** The candidates that the extensions have now. @internal */
export function candidatesOf(members: readonly ManagedExtension[]): Candidates {
  return new Map(
    members.flatMap(({ id, candidate }) => (candidate === undefined ? [] : [[id, candidate] as const])),
  );
}
