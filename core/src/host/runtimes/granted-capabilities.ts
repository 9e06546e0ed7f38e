/**
 * What an extension may reach: what its manifest asks for and the application grants. Compares texts; where
 * links lead is for the runtime that holds the code to it.
 * Invariant: nothing is in force that is not both declared and granted.
 */
import { resolve } from "node:path";
import {
  capabilitySwitches,
  type CapabilitySwitch,
  type GrantedCapabilities,
} from "@plugboard/extension-api";
import { isWithin } from "../../common/is-within.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { childPointer } from "../../manifest/locate.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { Grants } from "../face/host-options.js";

/** Something that a manifest asks for and the application does not grant, or not whole. @internal */
export interface Ungranted {
  /** JSON Pointer to it in the manifest. */
  readonly pointer: string;
  /** How people name it, such as `fs.read "/data"`. */
  readonly name: string;
  /** Why no grant could be enough; undefined where one would be. */
  readonly fault: string | undefined;
  /** What to grant, as it is written in a configuration. */
  readonly grant: string;
}

/** The part asked for under one key, or granted: some, all, or nothing. */
type Some = readonly string[] | boolean | undefined;

/** The rights in force: declared by the manifest and granted as well. @internal */
export function grantedCapabilities(
  { folder, manifest }: ExtensionDescription,
  grants: Grants = {},
  stateFolder?: string,
): GrantedCapabilities {
  const asked = manifest.capabilities ?? {};
  const read = meetAll(pathsIn(folder, asked.fs?.read), pathsIn(folder, grants.fs?.read), meetOfPaths);
  const write = meetAll(pathsIn(folder, asked.fs?.write), pathsIn(folder, grants.fs?.write), meetOfPaths);
  const isOpen = (path: string) => !isHostsOwn(path, stateFolder);
  return {
    fs: {
      read: listed(read).filter((path) => !isWithin(folder, path) && isOpen(path)),
      write: listed(write).filter(isOpen),
    },
    net: meetAll(addressesIn(asked.net), addressesIn(grants.net), meetOfAddresses),
    env: meetAll(asked.env, grants.env, meetOfNames),
    ...switchesOn((name) => asked[name] === true && grants[name] === true),
  };
}

function switchesOn(isOn: (name: CapabilitySwitch) => boolean): Readonly<Record<CapabilitySwitch, boolean>> {
  return Object.fromEntries(capabilitySwitches.map((name) => [name, isOn(name)])) as Record<
    CapabilitySwitch,
    boolean
  >;
}

/** The host services that the manifest lists, without those that a grant of services leaves out. @internal */
export function grantedServices(
  description: ExtensionDescription,
  { services }: Grants = {},
): ReadonlySet<string> {
  const asked = outlineOf(description).services ?? [];
  return new Set(services === undefined ? asked : asked.filter((id) => services.includes(id)));
}

/** The rights that the manifest asks for beyond those granted. @internal */
export function* ungrantedCapabilities(
  description: ExtensionDescription,
  grants: Grants = {},
  stateFolder?: string,
): Iterable<Ungranted> {
  const { folder } = description;
  const asked = outlineOf(description).capabilities ?? {};
  for (const access of ["read", "write"] as const) {
    const granted = pathsIn(folder, grants.fs?.[access]);
    if (access === "read") granted.push(folder);
    yield* missing(`fs.${access}`, asked.fs?.[access], (path) => {
      const [place] = pathsIn(folder, [path]);
      if (place === undefined) return { isGranted: false, fault: "patterns are not paths" };
      if (isHostsOwn(place, stateFolder))
        return { isGranted: false, fault: "the host keeps its state there" };
      return { isGranted: granted.some((other) => isWithin(other, place)) };
    });
  }
  yield* missing(
    "net",
    asked.net,
    (text) => {
      const address = addressOf(text);
      const granted = addressesIn(grants.net);
      return {
        isGranted:
          address !== undefined &&
          (granted === true || listed(granted).some((other) => meetOfAddresses(address, other) === address)),
        fault: address === undefined ? "it is neither host:port nor host:*" : undefined,
      };
    },
    grants.net,
  );
  yield* missing("env", asked.env, (name) => ({ isGranted: isListed(grants.env, name) }), grants.env);
  for (const name of capabilitySwitches) {
    if (asked[name] !== true || grants[name] === true) continue;
    yield { pointer: `/capabilities/${name}`, name, fault: undefined, grant: grantText(name, "true") };
  }
}

/** The listed host services that a grant of services leaves out. @internal */
export function* ungrantedServices(
  description: ExtensionDescription,
  grants: Grants = {},
): Iterable<Ungranted> {
  const granted = grantedServices(description, grants);
  for (const [index, id] of (outlineOf(description).services ?? []).entries()) {
    if (granted.has(id)) continue;
    const text = JSON.stringify(id);
    yield {
      pointer: childPointer("/services", index),
      name: `the service ${text}`,
      fault: undefined,
      grant: grantText("services", `[${[...granted, id].map((one) => JSON.stringify(one)).join(", ")}]`),
    };
  }
}

/** The group that a manifest names and that is not granted. @internal */
export function* ungrantedGroup(description: ExtensionDescription, grants: Grants = {}): Iterable<Ungranted> {
  const { group } = outlineOf(description);
  if (group === undefined || group === grants.group) return;
  const text = JSON.stringify(group);
  yield { pointer: "/group", name: `the group ${text}`, fault: undefined, grant: grantText("group", text) };
}

interface Verdict {
  readonly isGranted: boolean;
  readonly fault?: string | undefined;
}

function* missing(
  key: string,
  asked: Some,
  judge: (text: string) => Verdict,
  granted?: Some,
): Iterable<Ungranted> {
  const pointer = `/capabilities/${key.replace(".", "/")}`;
  if (asked === true && granted !== true) {
    yield { pointer, name: `all of ${key}`, fault: undefined, grant: grantText(key, "true") };
  }
  for (const [index, text] of listed(asked).entries()) {
    const { isGranted, fault } = judge(text);
    if (isGranted) continue;
    const quoted = JSON.stringify(text);
    yield {
      pointer: childPointer(pointer, index),
      name: `${key} ${quoted}`,
      fault,
      grant: grantText(key, `[${quoted}]`),
    };
  }
}

function grantText(key: string, value: string): string {
  const [outer, inner] = key.split(".");
  return inner === undefined ? `{ ${key}: ${value} }` : `{ ${outer ?? key}: { ${inner}: ${value} } }`;
}

function listed(some: Some): readonly string[] {
  return typeof some === "object" ? some : [];
}

function isListed(some: Some, text: string): boolean {
  return some === true || listed(some).includes(text);
}

/** The part that two sides have in common, where `meet` tells what two entries have. */
function meetAll(
  asked: Some,
  granted: Some,
  meet: (one: string, other: string) => string | undefined,
): readonly string[] | true {
  if (asked === true) return granted === true ? true : listed(granted);
  if (granted === true) return listed(asked);
  return [
    ...new Set(listed(asked).flatMap((one) => listed(granted).flatMap((other) => meet(one, other) ?? []))),
  ];
}

function meetOfPaths(one: string, other: string): string | undefined {
  if (isWithin(other, one)) return one;
  return isWithin(one, other) ? other : undefined;
}

/** Whoever reads the host's state has every secret; whoever writes it decides whom the host trusts. */
function isHostsOwn(path: string, stateFolder: string | undefined): boolean {
  return stateFolder !== undefined && (isWithin(path, stateFolder) || isWithin(stateFolder, path));
}

function meetOfNames(one: string, other: string): string | undefined {
  return one === other ? one : undefined;
}

function meetOfAddresses(one: string, other: string): string | undefined {
  if (one === other || anyPort(one) === other) return one;
  return anyPort(other) === one ? other : undefined;
}

/** Absolute and without `..`. Node takes a path with `*` for a pattern, which would grant more than was compared. */
function pathsIn(folder: string, paths: readonly string[] | undefined): string[] {
  return (paths ?? []).map((path) => resolve(folder, path)).filter((path) => !/[*\0]/.test(path));
}

function addressesIn(some: Some): Some {
  return typeof some === "object" ? some.flatMap((text) => addressOf(text) ?? []) : some;
}

/** `host:port` or `host:*` in lower case; undefined for anything else. */
function addressOf(text: string): string | undefined {
  const [, port] = /^(?:\[[^\]]+\]|[^\s:*]+):(\*|\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || (port !== "*" && Number(port) > 65_535)) return undefined;
  return text.toLowerCase();
}

function anyPort(address: string): string {
  return address.replace(/:[^:]*$/, ":*");
}
