/** Answers why: why an extension runs or not, what hangs on it, what an event would activate. */
import type { GrantedCapabilities } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { ExtensionLifecycle } from "../../lifecycle/extension-lifecycle.js";
import type { Incident } from "../../lifecycle/extension/incident.js";
import { canonicalActivationEvent } from "../../manifest/activation-event.js";
import { dependencyRanges, optionalDependencyRanges } from "../../manifest/dependency-ranges.js";
import type { ManagedExtension } from "../../lifecycle/extension/managed-extension.js";
import { explanationText, type ExplanationParts } from "./explanation-text.js";
import type { Explanation, ExtensionInfo } from "../face/extension-host.js";

/** Explains an extension id or an event. @internal */
export function explain(
  subject: string,
  lifecycle: ExtensionLifecycle,
  info: (id: string) => ExtensionInfo | undefined,
  capabilities: (description: ExtensionDescription) => GrantedCapabilities,
): Explanation {
  const extension = lifecycle.get(subject);
  const parts =
    extension === undefined
      ? explainOther(subject, lifecycle, info(subject))
      : explainExtension(extension, lifecycle, info, capabilities);
  return {
    subject,
    ...parts,
    format: (measured) => explanationText(subject, parts, info, measured?.memoryBytes),
  };
}

/** An event, or a folder that is listed and has never held an extension that could run. */
function explainOther(
  subject: string,
  lifecycle: ExtensionLifecycle,
  listed: ExtensionInfo | undefined,
): ExplanationParts {
  return {
    ...(listed === undefined ? {} : { extension: listed }),
    activationEvents: [],
    dependencies: [],
    neededBy: listed?.id === undefined ? [] : lifecycle.dependents(listed.id),
    stops: [],
    activates: [...lifecycle.events.listeners(canonicalActivationEvent(subject))],
    history: [],
  };
}

function explainExtension(
  extension: ManagedExtension,
  lifecycle: ExtensionLifecycle,
  info: (id: string) => ExtensionInfo | undefined,
  capabilities: (description: ExtensionDescription) => GrantedCapabilities,
): ExplanationParts {
  const { description } = extension.serving;
  const { manifest } = description;
  const dependency = ([id, range]: readonly [string, string]) => {
    const provider = lifecycle.get(id)?.serving;
    return {
      id,
      range,
      ...(provider === undefined ? {} : { state: provider.state, version: provider.description.version }),
    };
  };
  const described = info(extension.id);
  return {
    ...(described === undefined ? {} : { extension: described }),
    ...(described?.trust === undefined || described.trust === "full rights"
      ? {}
      : { capabilities: capabilities(description) }),
    activationEvents: lifecycle.events.of(extension.id),
    dependencies: [
      ...[...dependencyRanges(manifest)].map((one) => ({ ...dependency(one), optional: false })),
      ...[...optionalDependencyRanges(manifest)].map((one) => ({ ...dependency(one), optional: true })),
    ],
    neededBy: lifecycle.dependents(extension.id),
    stops: lifecycle.runningDependents(extension.id),
    activates: [],
    history: extension.supervision?.history.incidents.map(withTimeSoFar) ?? [],
  };
}

/** A spell of silence that goes on is longer now than when it was written down. */
function withTimeSoFar(incident: Incident): Incident {
  return incident.outcome.kind === "ongoing" ? { ...incident, forMs: Date.now() - incident.time } : incident;
}
