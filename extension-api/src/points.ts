/** The contribution points that come with Plugboard, made with the same function as an application's own. */
import { contributionPoint, type ContributionPoint } from "./contribution-point.js";
import type { RuntimeSession, StartRequest } from "./runtime.js";
import { serviceToken } from "./token.js";

/** Greets people in one language. @public */
export interface Greeter {
  /** The language, in that language, e.g. `English`; from the manifest. */
  readonly lang: string;
  /** Greets the one named. */
  greet(name: string): string | Promise<string>;
}
/** The token of {@link (Greeter:interface)}. @public */
export const Greeter = serviceToken<Greeter>("plugboard.greeter");

/** Turns one text into another. @public */
export interface Transformer {
  /** What a person calls it, e.g. `Upper case`; from the manifest. */
  readonly name: string;
  /** Returns the transformed text. */
  transform(input: string): string | Promise<string>;
}
/** The token of {@link (Transformer:interface)}. @public */
export const Transformer = serviceToken<Transformer>("plugboard.transformer");

/** Something that is done by name. @public */
export interface Command {
  /** Does it; takes and returns what its author documents. */
  execute(...args: readonly unknown[]): unknown;
}
/** The token of {@link (Command:interface)}. @public */
export const Command = serviceToken<Command>("plugboard.command");

/** A setting that an extension understands; the item is its JSON Schema. @public */
export interface Setting {
  /** JSON Schema type of the value. */
  readonly type?: string | readonly string[];
  /** The value unless the host's configuration gives one. */
  readonly default?: unknown;
  /** What it does, for people. */
  readonly description?: string;
  /** The only values allowed. */
  readonly enum?: readonly unknown[];
}
/** The token of {@link (Setting:interface)}. @public */
export const Setting = serviceToken<Setting>("plugboard.setting");

const text = (description: string) => ({ type: "string", minLength: 1, description });

/** Greeters; open when the application lists it. Implies `onGreeter:<id>`. @public */
export const greeters: ContributionPoint<Greeter> = contributionPoint<Greeter>()({
  id: "greeters",
  token: Greeter,
  schema: {
    type: "object",
    properties: { lang: text("The language, in that language.") },
    required: ["lang"],
  },
  methods: { greet: 1 },
  activationEvent: (item) => `onGreeter:${item.id}`,
});

/** Transformers; open when the application lists it. Implies `onTransformer:<id>`. @public */
export const transformers: ContributionPoint<Transformer> = contributionPoint<Transformer>()({
  id: "transformers",
  token: Transformer,
  schema: { type: "object", properties: { name: text("What a person calls it.") }, required: ["name"] },
  methods: { transform: 1 },
  activationEvent: (item) => `onTransformer:${item.id}`,
});

/** Commands; always open. Implies `onCommand:<id>`. @public */
export const commands: ContributionPoint<Command> = contributionPoint<Command>()({
  id: "commands",
  token: Command,
  schema: { type: "object", properties: { title: text("What a person calls it.") } },
  methods: { execute: "variadic" },
  activationEvent: (item) => `onCommand:${item.id}`,
});

/** Settings; always open, purely declarative, ids belong to their extension. @public */
export const configuration: ContributionPoint<Setting> = contributionPoint<Setting>()({
  id: "configuration",
  token: Setting,
  schema: {
    type: "object",
    properties: {
      type: {
        anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }],
      },
      description: text("What it does."),
      enum: { type: "array", minItems: 1 },
    },
  },
  methods: {},
  idScope: "extension",
});

/** A way to run extensions, as an extension contributes it; the contribution's id is the runtime's kind. @public */
export interface RuntimeDriver {
  /** Loads the code of one generation. The context's signal is aborted when the generation is no longer wanted. */
  start(request: StartRequest): Promise<RuntimeSession>;
}
/** The token of {@link (RuntimeDriver:interface)}. @public */
export const RuntimeDriver = serviceToken<RuntimeDriver>("plugboard.runtime");

/**
 * Runtimes; always open. Implies `onRuntime:<kind>`. The contributing extension itself runs in-process.
 *
 * A contribution may name a JSON Schema of what others write under `runtime` beside `kind`:
 * `runtimes: [{ id: "lua", settings: "./runtime.schema.json" }]`. What does not fit it is told by
 * `plugboard validate` and keeps an extension from starting, with its place in the manifest. By `format` the schema
 * also says what settings refer to, which is looked at without running anything: texts of the format `extension-file`
 * are files of the extension's folder; `propertyNames` of the format `contributed-point` are points that the manifest
 * contributes to, below which those of the format `contribution-id` are what it contributes; those of the format
 * `platform` are platforms, such as `linux-x64` or `linux`.
 *
 * @public
 */
export const runtimes: ContributionPoint<RuntimeDriver> = contributionPoint<RuntimeDriver>()({
  id: "runtimes",
  token: RuntimeDriver,
  methods: { start: 1 },
  activationEvent: (item) => `onRuntime:${item.id}`,
});
