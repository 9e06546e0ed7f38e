/**
 * Generated from plugin.schema.json by `npm run generate -w @plugboard/schemas`. Do not edit.
 * What plugin.json5 may hold.
 */

/**
 * The manifest of a Plugboard extension: what it is called, what it contributes and when it runs. It lies as plugin.json5 in the extension's folder.
 *
 * @public
 */
export interface ExtensionManifest {
  /**
   * Where an editor finds the JSON Schema of this file, for completion and hovers. The host never opens it.
   */
  readonly $schema?: string;
  /**
   * Version of the manifest format. Always 1.
   */
  readonly manifestVersion: 1;
  /**
   * Name of the extension among all others, such as `acme.english`. Lower-case letters and digits, with single dots, hyphens or underscores between them; at most 128 characters. Two extensions can't share one id.
   */
  readonly id: string;
  /**
   * Version of the extension by semantic versioning, such as `1.2.0` or `2.0.0-beta.1`. Extensions that depend on this one name a range of it.
   */
  readonly version: string;
  /**
   * Name shown to people. The id is shown where this is missing.
   */
  readonly displayName?: string;
  /**
   * What the extension does, in a sentence or two.
   */
  readonly description?: string;
  /**
   * Who publishes the extension.
   */
  readonly publisher?: string;
  /**
   * Licence of the extension, best as an SPDX expression such as `MIT`.
   */
  readonly license?: string;
  /**
   * Path of a picture that stands for the extension, inside its folder.
   */
  readonly icon?: string;
  /**
   * Words by which people find the extension.
   */
  readonly keywords?: readonly string[];
  /**
   * Where the source lies: a URL, or an object as in package.json.
   */
  readonly repository?:
    | string
    | {
        /**
         * Kind of version control, such as `git`.
         */
        readonly type?: string;
        /**
         * Address of the repository.
         */
        readonly url: string;
        /**
         * Folder of the extension within the repository.
         */
        readonly directory?: string;
        readonly [k: string]: unknown;
      };
  /**
   * Address of a page about the extension.
   */
  readonly homepage?: string;
  /**
   * What the extension needs in order to run.
   */
  readonly engines?: {
    /**
     * Range of versions of @plugboard/extension-api that the extension works with, such as `^1.0.0`. A host that provides another version does not run it.
     */
    readonly plugboard?: string;
  };
  /**
   * Module that exports `activate`, inside the extension's folder: .js, .mjs, .cjs, .ts, .mts or .cts. Without it the extension only declares things and runs no code, unless its `runtime` is one that says otherwise what to run, such as `go-plugin`.
   */
  readonly main?: string;
  /**
   * Where the extension runs: `in-process`, `worker`, `process`, the kind of another runtime, or an object with `kind` and that runtime's own settings. The application's policy has the last word.
   */
  readonly runtime?:
    | string
    | {
        /**
         * Kind of the runtime: `in-process`, `worker`, `process`, or one that an extension brings, such as `go-plugin`.
         */
        readonly kind: string;
        readonly [k: string]: unknown;
      };
  /**
   * Events that start the extension's code. Those implied by `contributes` need not be written: the first call of a greeter starts its extension.
   *
   * Items: `onStartup` (or `*`), `onStartupFinished`, `onGreeter:<id>`, `onTransformer:<id>`, `onCommand:<id>`, `onRuntime:<kind>`, or any event that the application fires. A trailing `:*` stands for everything after the colon.
   */
  readonly activationEvents?: readonly string[];
  /**
   * What the extension adds to the application, one section for each contribution point. A section that no point claims is reported and left alone.
   */
  readonly contributes?: {
    /**
     * Contribution points that this extension opens for others, without running code.
     */
    readonly points?: readonly PointContribution[];
    /**
     * The section of a contribution point, checked against the schema that the point brings.
     */
    readonly [k: string]:
      | readonly unknown[]
      | {
          readonly [k: string]: unknown;
        }
      | readonly PointContribution[]
      | undefined;
  };
  /**
   * Extensions that have to run before this one: ids with the range of versions that fits, such as `{ "acme.base": "^1.0.0" }`, or a plain list of ids for any version.
   */
  readonly extensionDependencies?:
    | {
        /**
         * Range of versions, such as `^1.0.0`, or `*`.
         */
        readonly [k: string]: string;
      }
    | readonly string[];
  /**
   * Extensions that this one uses when they are there; they come and go without stopping it. Written like `extensionDependencies`.
   */
  readonly optionalExtensionDependencies?:
    | {
        /**
         * Range of versions, such as `^1.0.0`, or `*`.
         */
        readonly [k: string]: string;
      }
    | readonly string[];
  /**
   * How a new version takes over. `beside` (the default) starts it next to the old one and swaps without a gap. `replace` stops the old one first, for extensions that hold something only one can hold, such as a port; the old one comes back if the new one fails.
   */
  readonly update?: "beside" | "replace";
  /**
   * Files and folders, as glob patterns inside the folder, that count as a change of the extension beside those it loads. Known are *, ?, [a-z], {a,b} and **.
   */
  readonly watch?: readonly string[];
  /**
   * Services of the application that the extension uses. It can get these and no others.
   */
  readonly services?: readonly string[];
  /**
   * What the extension may reach outside itself. Runtimes with a boundary refuse everything else.
   */
  readonly capabilities?: {
    /**
     * Access to files.
     */
    readonly fs?: {
      /**
       * Paths that may be read; relative ones start at the extension's folder.
       */
      readonly read?: readonly string[];
      /**
       * Paths that may be written; relative ones start at the extension's folder.
       */
      readonly write?: readonly string[];
      readonly [k: string]: unknown;
    };
    /**
     * Hosts and ports that may be reached, such as `api.example.com:443`; true for all.
     */
    readonly net?: readonly string[] | boolean;
    /**
     * Environment variables that may be read; true for all.
     */
    readonly env?: readonly string[] | boolean;
    /**
     * Whether it may start processes.
     */
    readonly childProcess?: boolean;
    /**
     * Whether it may start threads.
     */
    readonly workers?: boolean;
    /**
     * Whether it may load native addons.
     */
    readonly addons?: boolean;
    /**
     * Whether it may use WASI.
     */
    readonly wasi?: boolean;
    readonly [k: string]: unknown;
  };
  /**
   * Extensions of the same group share one worker or process. Each has its own without it.
   */
  readonly group?: string;
}
/**
 * A contribution point.
 *
 * @public
 */
export interface PointContribution {
  /**
   * Name of the point; extensions contribute to it under `contributes.<id>`.
   */
  readonly id: string;
  /**
   * Path of a JSON Schema inside this folder. It describes one item of the section, or the whole section if its type is `array`.
   */
  readonly schema?: string;
  /**
   * Methods that each contribution supplies, with the number of arguments that are passed on.
   */
  readonly methods?: {
    /**
     * Number of arguments, from 0 to 8.
     */
    readonly [k: string]: number;
  };
  /**
   * Name of the event that the first call of a contribution fires, without the id: `onPanel` stands for `onPanel:<id>`.
   */
  readonly activationEvent?: string;
}
