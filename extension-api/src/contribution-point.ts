/**
 * Contribution points: the slots that an application opens and extensions fill. A point is data (id,
 * schema, method names, tokens); what runs behind it lives in the host.
 */
import type { Event } from "./event.js";
import { ExtensionError } from "./extension-error.js";
import type { FieldName, MethodName, Remote } from "./remote.js";
import { serviceToken, token, type ServiceToken, type Token } from "./token.js";

/**
 * How many arguments a method takes; the caller's options and the author's context come after them.
 * `"variadic"` forwards whatever is given, without options or context.
 *
 * @public
 */
export type Arity = number | "variadic";

/** One contribution as its manifest declares it: its id and the contract's fields. @public */
export type ContributionItem<Contract> = { readonly id: string } & {
  readonly [K in FieldName<Contract>]: Contract[K];
};

/**
 * What an application holds of a contribution: one object for as long as the contribution is listed,
 * the same across reloads of its extension. Fields follow the manifest, methods lead to the generation
 * that serves; a method of a dormant extension activates it. Once the contribution is gone its methods
 * reject with `EXTENSION_GONE` for ever.
 *
 * @public
 */
export type Stub<Contract> = Remote<Contract> & { readonly id: string };

/** One line of a {@link LiveCollection}. @public */
export interface ContributionEntry<Contract> {
  /** The contribution's id, unique in its point. */
  readonly id: string;
  /** The extension that owns it now. */
  readonly extensionId: string;
  /** The generation that serves it. */
  readonly generation: number;
  /** What the manifest says of it. */
  readonly item: ContributionItem<Contract>;
  /** What to call. */
  readonly stub: Stub<Contract>;
}

/**
 * What changed in a point. `changed` holds entries whose metadata, owner or serving generation differs.
 * An id occurs in at most one of the three.
 *
 * @public
 */
export interface ContributionDelta<Contract> {
  /** Newly listed. */
  readonly added: readonly ContributionEntry<Contract>[];
  /** Still listed, but different. */
  readonly changed: readonly ContributionEntry<Contract>[];
  /** No longer listed, as they were last. */
  readonly removed: readonly ContributionEntry<Contract>[];
}

/**
 * What extensions contribute to one point, as of now: iterating never shows a stale list. Ordered by
 * folder precedence, extension id, order in the manifest.
 *
 * @public
 */
export interface LiveCollection<Contract> extends Iterable<Stub<Contract>> {
  /** The point's id. */
  readonly point: string;
  /** How many contributions are listed. */
  readonly size: number;
  /** The stub of the contribution, if it is listed. */
  get(id: string): Stub<Contract> | undefined;
  /** Everything listed, with its owner and metadata. */
  entries(): readonly ContributionEntry<Contract>[];
  /** Tells what changed, after the collection shows it. */
  readonly onDidChange: Event<ContributionDelta<Contract>>;
}

/** A slot that an application or an extension opens. Make one with {@link contributionPoint}. @public */
export interface ContributionPoint<Contract> {
  /** The key under `contributes` in a manifest. */
  readonly id: string;
  /** Injects the stubs, one or many. */
  readonly token: ServiceToken<Contract>;
  /** Injects the live collection; the right thing for anything that lives long. */
  readonly collection: Token<LiveCollection<Contract>>;
  /** JSON Schema of one item, or of the whole section if its `type` is `"array"`. */
  readonly schema: object;
  /** The contract's methods and how many arguments each takes. */
  readonly methods: Readonly<Record<string, Arity>>;
  /** The activation event that an item implies; its extension need not declare it. */
  readonly activationEvent: ((item: ContributionItem<Contract>) => string) | undefined;
  /** Whether ids are unique in the whole host, or belong to their extension and are listed as `<extension>.<id>`. */
  readonly idScope: "host" | "extension";
}

/** Options of {@link contributionPoint}. @public */
export interface ContributionPointOptions<Contract> {
  /** The key under `contributes` in a manifest. */
  readonly id: string;
  /** The contract's token; one named after the point unless given. */
  readonly token?: ServiceToken<Contract>;
  /** JSON Schema of one item, or of the whole section if its `type` is `"array"`; anything with an id unless given. */
  readonly schema?: object;
  /** The contract's methods and how many arguments each takes. */
  readonly methods: Readonly<Record<MethodName<Contract>, Arity>>;
  /** The activation event that an item implies; `on<Point>:<id>` is the custom. */
  readonly activationEvent?: (item: ContributionItem<Contract>) => string;
  /** Whether ids are unique in the whole host (the default) or belong to their extension. */
  readonly idScope?: "host" | "extension";
}

/**
 * Makes a contribution point. Call it with the contract as type argument, then with the options:
 * TypeScript can infer the second half only apart from the first.
 *
 * @example
 * export interface Panel {
 *   readonly title: string;
 *   render(width: number): string;
 * }
 * export const Panel = serviceToken<Panel>("shop.panel");
 * export const panels = contributionPoint<Panel>()({
 *   id: "panels",
 *   token: Panel,
 *   schema: { type: "object", properties: { title: { type: "string" } }, required: ["title"] },
 *   methods: { render: 1 },
 *   activationEvent: (panel) => `onPanel:${panel.id}`,
 * });
 *
 * @public
 */
export function contributionPoint<Contract>(): (
  options: ContributionPointOptions<Contract>,
) => ContributionPoint<Contract>;
export function contributionPoint<Contract>(
  misplaced?: unknown,
): (options: ContributionPointOptions<Contract>) => ContributionPoint<Contract> {
  if (misplaced !== undefined) {
    throw new ExtensionError(
      "CALL_INVALID",
      "contributionPoint takes its options in a second call: contributionPoint()({ id, methods, … }).",
    );
  }
  return (options) => {
    const { id, methods } = options as Partial<ContributionPointOptions<Contract>>;
    if (typeof id !== "string" || typeof methods !== "object") {
      throw new ExtensionError(
        "CALL_INVALID",
        'A contribution point needs an id and the arity of each method: contributionPoint()({ id: "panels", methods: { render: 1 } }).',
      );
    }
    return Object.freeze({
      id,
      token: options.token ?? serviceToken<Contract>(`plugboard.point.${id}`),
      collection: token<LiveCollection<Contract>>(`plugboard.collection.${id}`),
      schema: options.schema ?? { type: "object" },
      // Without a prototype: what a caller names is looked up here.
      methods: Object.freeze(Object.assign(Object.create(null) as Record<string, Arity>, methods)),
      activationEvent: options.activationEvent,
      idScope: options.idScope ?? "host",
    });
  };
}
