/**
 * What has to be known of a new extension: what is taken for granted, and what can't be taken.
 * The form of an id is the schema's; nothing is said about it here twice.
 */
import { basename } from "node:path";
import { validateManifest } from "@plugboard/schemas";
import type { TemplateName } from "./templates.js";

/** Everything that a template is filled in with. @internal */
export interface Project {
  readonly template: TemplateName;
  readonly id: string;
  /** The name shown to people. */
  readonly name: string;
}

/** Long enough for a name, short enough for a table. */
const longestName = 80;

/** An id made of the folder's name; undefined where nothing of it can stand in an id. @internal */
export function idOf(folder: string): string | undefined {
  const id = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/[._-]*([._-])[._-]*/g, "$1")
    .replaceAll(/^[._-]|[._-]$/g, "");
  return faultOfId(id) === undefined ? id : undefined;
}

/** A name made of an id: that of `acme.quick-hello` is "Quick hello". @internal */
export function nameOf(id: string): string {
  const words = contributionOf(id).replaceAll(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The id of what the extension contributes: the last part of its own. @internal */
export function contributionOf(id: string): string {
  return id.slice(id.lastIndexOf(".") + 1);
}

/** What is wrong with an id, a sentence; undefined if nothing is. @internal */
export function faultOfId(id: string): string | undefined {
  const [finding] = validateManifest({ manifestVersion: 1, version: "1.0.0", id });
  return finding === undefined ? undefined : `An id ${finding.message}. Such as: acme.hello`;
}

/** What is wrong with a name, a sentence; undefined if nothing is. @internal */
export function faultOfName(name: string): string | undefined {
  if (name.trim() === "") return "A name has to have letters.";
  if (name.length > longestName) return `A name has to be at most ${longestName} characters long.`;
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? "A name has to be one line of visible text." : undefined;
}
