/**
 * What the application grants to its extensions, and the Problems of those that ask for more. Asks the
 * application each time, so that what it grants anew is in force from the next start of the extension on.
 */
import { dirname, sep } from "node:path";
import type { GrantedCapabilities, Problem, RuntimeTrust } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ApplicationFunctions } from "../face/application-functions.js";
import {
  grantedCapabilities,
  grantedServices,
  ungrantedCapabilities,
  ungrantedGroup,
  ungrantedServices,
  type Ungranted,
} from "./granted-capabilities.js";
import type { Grants, HostOptions } from "../face/host-options.js";
import { PlacedProblems, type ProblemMaker } from "../face/placed-problems.js";

/** Whom the policy asks. @internal */
export interface CapabilityPolicyOptions {
  readonly grants: HostOptions["grants"];
  /** What is granted to nobody. */
  readonly stateFolder: string | undefined;
  readonly runtimeKind: (description: ExtensionDescription) => string;
  readonly trust: (kind: string) => RuntimeTrust;
  readonly problem: ProblemMaker;
  /** Asks the application's own function. */
  readonly functions: ApplicationFunctions;
}

const noProblems: readonly Problem[] = Object.freeze([]);

/** Tells what each extension may reach. @internal */
export class CapabilityPolicy {
  readonly #options: CapabilityPolicyOptions;
  readonly #problems: PlacedProblems;

  constructor(options: CapabilityPolicyOptions) {
    this.#options = options;
    this.#problems = new PlacedProblems(options.problem);
  }

  /** What the extension may reach outside itself. */
  capabilities(description: ExtensionDescription): GrantedCapabilities {
    return grantedCapabilities(description, this.#grants(description), this.#options.stateFolder);
  }

  /** The host services that the extension may have, if they are offered. */
  services(description: ExtensionDescription): ReadonlySet<string> {
    return grantedServices(description, this.#grants(description));
  }

  /**
   * The group whose thread or process the extension shares. Where there is a boundary only with a grant: a manifest
   * may name any group, and its members can do all that the others can.
   */
  group(description: ExtensionDescription): string | undefined {
    const { group } = outlineOf(description);
    return this.#isBoundary(description) && this.#grants(description)?.group !== group ? undefined : group;
  }

  /** What the extension declares and is not granted. */
  problems(description: ExtensionDescription): readonly Problem[] {
    const { capabilities, services, group } = outlineOf(description);
    const exposed = this.#exposedState(description);
    if (capabilities === undefined && services === undefined && group === undefined)
      return exposed === undefined ? noProblems : [exposed];
    const grants = this.#grants(description);
    // Nothing is kept from code that runs in-process but the services, which the host hands out itself.
    const isTrusted = this.#options.runtimeKind(description) === "in-process";
    const ungranted = [
      ...(isTrusted ? [] : ungrantedCapabilities(description, grants, this.#options.stateFolder)),
      ...ungrantedServices(description, grants),
      ...(this.#isBoundary(description) ? ungrantedGroup(description, grants) : []),
    ].map((one) => this.#problem(description, one));
    return exposed === undefined ? ungranted : [exposed, ...ungranted];
  }

  /** A boundary that leaves an extension its own folder leaves it the state that lies in it. */
  #exposedState(description: ExtensionDescription): Problem | undefined {
    const { stateFolder } = this.#options;
    if (stateFolder?.startsWith(dirname(description.folder) + sep) !== true || !this.#isBoundary(description))
      return undefined;
    // Who shares a process may read the folder that it lies in.
    const isAlone = this.group(description) === undefined;
    if (isAlone && !stateFolder.startsWith(description.folder + sep)) return undefined;
    return this.#problems.at(description, "", {
      code: "STATE_EXPOSED",
      severity: "warning",
      message: `The host keeps its state in ${stateFolder}, where ${description.id} can read it.`,
    });
  }

  #isBoundary(description: ExtensionDescription): boolean {
    return this.#options.trust(this.#options.runtimeKind(description)) !== "full rights";
  }

  #problem(description: ExtensionDescription, { pointer, name, fault, grant }: Ungranted): Problem {
    const { id } = description;
    const message =
      fault === undefined
        ? `${id} declares ${name}, which is not granted. To grant it, add to the configuration: grants: { ${JSON.stringify(id)}: ${grant} }`
        : `${id} declares ${name}, which can't be granted: ${fault}.`;
    return this.#problems.at(description, pointer, {
      code: "CAPABILITY_UNGRANTED",
      severity: "warning",
      message,
    });
  }

  #grants(description: ExtensionDescription): Grants | undefined {
    const { grants } = this.#options;
    if (typeof grants !== "function") {
      return grants !== undefined && Object.hasOwn(grants, description.id)
        ? grants[description.id]
        : undefined;
    }
    const answer = this.#options.functions.ask("grants", description, () => grants(description));
    // Who can't say what it grants, grants nothing.
    return "value" in answer ? answer.value : { services: [] };
  }
}
