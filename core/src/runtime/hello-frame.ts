/** The first frame of a session: all that a guest must know of its extension and of what the host gives it. */
import type {
  ActivateRequest,
  DependencyExports,
  LiveCollection,
  StartRequest,
} from "@plugboard/extension-api";
import type { CollectionLine, ExportDescriptor, HelloFrame } from "@plugboard/schemas";
import { describeExports } from "../protocol/exports.js";
import { sendable } from "../protocol/sendable.js";

/** What a session is told beside its requests. @internal */
export type HelloTerms = Pick<HelloFrame, "session" | "environment" | "withStacks" | "reuse">;

/** Makes the frame. @throws ExtensionError `CALL_NOT_SERIALIZABLE` or `CALL_TOO_LARGE` for state and settings. @internal */
export function helloFrame(start: StartRequest, request: ActivateRequest, terms: HelloTerms): HelloFrame {
  const what = { limitBytes: request.limits.callBytes, extensionId: start.extension.id };
  const configuration = sendable(request.configuration.values(), { what: "configuration", ...what });
  const state = sendable(request.state, { what: "state", ...what });
  return {
    type: "hello",
    protocol: 1,
    ...terms,
    extension: start.extension,
    generation: start.generation,
    main: start.main,
    ...(start.trusted === undefined
      ? {}
      : { trusted: [...start.trusted].map(([path, sha256]) => ({ path, sha256 })) }),
    runtime: start.runtime,
    contributions: request.contributions,
    services: request.services.map(({ id, methods }) => ({ id, methods })),
    undeclaredServices: request.undeclaredServices,
    dependencies: [...request.dependencies].map(([id, dependency]) => {
      const exports = exportsOf(dependency);
      return { id, kind: dependency.kind, ...(exports === undefined ? {} : { exports }) };
    }),
    points: request.points.map(({ id, methods }) => ({
      id,
      methods,
      lines: linesOf(request.collection(id)),
    })),
    configuration,
    ...(state === undefined ? {} : { state }),
    limits: request.limits,
  };
}

/** What a dependency exports now, as a guest is told; undefined while it is not active. @internal */
export function exportsOf(dependency: DependencyExports): ExportDescriptor | undefined {
  const current = dependency.current();
  return current && describeExports(current);
}

/** What is contributed to a point now, as a guest is told. @internal */
export function linesOf(collection: LiveCollection<unknown> | undefined): readonly CollectionLine[] {
  return (collection?.entries() ?? []).map(({ id, extensionId, generation, item }) => ({
    id,
    extensionId,
    generation,
    item: item as Readonly<Record<string, unknown>>,
  }));
}
