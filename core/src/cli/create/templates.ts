/** What an extension can be made from. The files lie in core/templates, one folder a name. */

/** A kind of extension to begin with. @internal */
export interface Template {
  /** For help and questions. */
  readonly summary: string;
  /** What the extension made from it does; its author changes it. */
  readonly description: string;
  /** Folders below core/templates; a file of a later one replaces the same of an earlier one. */
  readonly folders: readonly string[];
  /** Whether no link may lead out of the extension's folder, since it may read what lies there and nothing else. */
  readonly isConfined?: boolean;
}

/** A name of {@link templates}. @internal */
export type TemplateName =
  "greeter" | "transformer" | "command" | "service" | "point" | "injectable" | "worker" | "process" | "go";

/** Every template by its name. @internal */
export const templates: Readonly<Record<TemplateName, Template>> = Object.freeze({
  greeter: {
    summary: "a function that greets, in TypeScript",
    description: "Greets by name.",
    folders: ["editor", "typescript", "greeter"],
  },
  transformer: {
    summary: "a function that changes a text, in TypeScript",
    description: "Leaves one blank between the words of a text.",
    folders: ["editor", "typescript", "transformer"],
  },
  command: {
    summary: "a command with settings, in TypeScript",
    description: "Greets as its settings say.",
    folders: ["editor", "typescript", "command"],
  },
  service: {
    summary: "functions that other extensions use, in TypeScript",
    description: "Counts for other extensions.",
    folders: ["editor", "typescript", "service"],
  },
  point: {
    summary: "a point that other extensions contribute to, in TypeScript",
    description: "Puts sections of other extensions together.",
    folders: ["editor", "typescript", "point"],
  },
  injectable: {
    summary: "a class whose constructor is given what it needs, in TypeScript",
    description: "Welcomes by name.",
    folders: ["editor", "typescript", "injectable"],
  },
  worker: {
    summary: "a transformer in a thread of its own, for long computations",
    description: "Counts the words of a text.",
    folders: ["editor", "typescript", "worker"],
  },
  process: {
    summary: "a greeter in a process of its own that reads nothing but its folder",
    description: "Greets by name, with a phrase from a file.",
    folders: ["editor", "typescript", "process"],
    isConfined: true,
  },
  go: {
    summary: "a greeter in Go, run by @plugboard/runtime-go-plugin",
    description: "Greets from Go.",
    folders: ["editor", "go"],
  },
});

/** The names of all templates. @internal */
export const templateNames = Object.freeze(Object.keys(templates) as TemplateName[]);
