/**
 * The extension's side of a session: calls what the author wrote and keeps what that registers. The same
 * in every runtime; knows nothing of states, limits and other generations.
 */
import {
  ExtensionError,
  type ActivateRequest,
  type ActivateResult,
  type CallContext,
  type ContributionPoint,
  type DeclaredContribution,
  type Extension,
  type ExtensionContext,
  type ExtensionIdentity,
  type ExitReason,
  type Handler,
  type LiveCollection,
  type OptionalDependency,
  type RuntimeSession,
  type SavedState,
  type SessionHealth,
} from "@plugboard/extension-api";
import { monotonicTime } from "../common/monotonic-time.js";
import { adviseAuthor } from "../common/advise-author.js";
import { nearest } from "../common/nearest.js";
import { findExtension } from "./extension-form.js";
import { GuestContainer } from "./guest-container.js";
import type { LeftoverCounter } from "./leftover-counter.js";
import { Lease } from "./lease.js";
import { SubscriptionStore } from "./subscription-store.js";

const longestShown = 60;
const mostListed = 5;

/** One generation's running code. @internal */
export class Guest implements RuntimeSession {
  readonly identity: ExtensionIdentity;
  /** The loaded module; kept so that the code can be started again as it was. */
  readonly namespace: Readonly<Record<string, unknown>>;
  /** Counts what that module leaves running, if anyone does; goes wherever the module goes. */
  readonly leftoverCounter: LeftoverCounter | undefined;
  readonly exited: Promise<ExitReason>;
  /** How it is doing, if somebody watches from outside. */
  health?: SessionHealth;
  readonly #exit: (reason: ExitReason) => void;
  #activation: Activation | undefined;
  #exports: Readonly<Record<string, unknown>> = {};
  #isDisposed = false;

  constructor(
    identity: ExtensionIdentity,
    namespace: Readonly<Record<string, unknown>>,
    leftoverCounter?: LeftoverCounter,
  ) {
    // The author gets this very object; it must not rename its extension.
    this.identity = Object.freeze({ ...identity });
    this.namespace = namespace;
    this.leftoverCounter = leftoverCounter;
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.exited = promise;
    this.#exit = resolve;
  }

  get exports(): Readonly<Record<string, unknown>> {
    return this.#exports;
  }

  async activate(request: ActivateRequest): Promise<ActivateResult> {
    const activation = new Activation(this.identity, request);
    this.#activation = activation;
    const startedAt = monotonicTime();
    let returnedAt: number;
    try {
      const extension = findExtension(this.identity.id, this.namespace, activation.container);
      activation.extension = extension;
      const returned = extension.activate?.(activation.context);
      returnedAt = monotonicTime();
      const exports = await returned;
      if (typeof exports === "object" && exports !== null) this.#exports = { ...exports };
    } catch (error) {
      adviseAuthor(error);
      throw error;
    } finally {
      activation.close();
    }
    return {
      ...activation.result(),
      savesState: typeof activation.extension.saveState === "function",
      times: { call: returnedAt - startedAt, settle: monotonicTime() - returnedAt },
    };
  }

  handler(point: string, id: string, method: string): Handler | undefined {
    return this.#activation?.handler(point, id, method);
  }

  async saveState(_context: CallContext): Promise<SavedState | undefined> {
    const state = await this.#activation?.extension.saveState?.();
    if (state === undefined) return undefined;
    if (typeof state !== "object" || typeof state.version !== "number" || !("value" in state)) {
      throw this.#invalidState("is not { version, value }");
    }
    try {
      // A copy: the next generation must not reach into this one.
      return structuredClone({ version: state.version, value: state.value });
    } catch (cause) {
      throw this.#invalidState("holds something that is not plain data", cause);
    }
  }

  async deactivate(_context: CallContext): Promise<void> {
    const errors: unknown[] = [];
    const activation = this.#activation;
    if (activation === undefined) return;
    try {
      await activation.extension.deactivate?.();
    } catch (error) {
      errors.push(error);
    }
    try {
      await activation.subscriptions.dispose();
    } catch (error) {
      errors.push(error);
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1)
      throw new AggregateError(errors, "Neither deactivate nor the subscriptions ended well.");
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#activation?.dispose();
    this.#activation = undefined;
    this.#exports = {};
    this.#exit({ kind: "disposed", message: "The session was disposed." });
  }

  leftovers(): Readonly<Record<string, number>> {
    return this.leftoverCounter?.counts() ?? {};
  }

  #invalidState(what: string, cause?: unknown): ExtensionError {
    return new ExtensionError("STATE_INVALID", `What saveState of ${this.identity.id} returned ${what}.`, {
      extensionId: this.identity.id,
      cause,
    });
  }
}

/** One call of `activate`: everything made for it, and everything it registers. */
class Activation {
  readonly container: GuestContainer;
  readonly subscriptions: SubscriptionStore;
  readonly context: ExtensionContext;
  extension: Extension = {};
  readonly #identity: ExtensionIdentity;
  readonly #request: ActivateRequest;
  readonly #declared: ReadonlyMap<string, DeclaredContribution>;
  readonly #supplied = new Map<string, object>();
  readonly #findings: ActivateResult["findings"][number][] = [];
  readonly #lease: Lease;
  #isOpen = true;

  constructor(identity: ExtensionIdentity, request: ActivateRequest) {
    this.#identity = identity;
    this.#request = request;
    this.#declared = new Map(
      request.contributions.map((declared) => [keyOf(declared.point, declared.id), declared]),
    );
    this.#lease = new Lease(identity.id);
    this.container = new GuestContainer({
      extensionId: identity.id,
      lease: this.#lease,
      services: request.services,
      undeclaredServices: request.undeclaredServices,
    });
    this.subscriptions = new SubscriptionStore((error) => {
      request.logger.error("A subscription failed to dispose.", { error });
    });
    this.context = this.#createContext();
  }

  /** Refuses contributions from now on. */
  close(): void {
    this.#isOpen = false;
  }

  handler(point: string, id: string, method: string): Handler | undefined {
    const implementation = this.#supplied.get(keyOf(point, id)) as Record<string, unknown> | undefined;
    const handler = implementation?.[method];
    if (typeof handler !== "function") return undefined;
    const bound = handler.bind(implementation) as Handler;
    // After any number of arguments the context has no fixed place.
    return this.#declared.get(keyOf(point, id))?.methods[method] === "variadic"
      ? (...args) => bound(...args.slice(0, -1))
      : bound;
  }

  result(): Pick<ActivateResult, "supplied" | "findings"> {
    const supplied: { point: string; id: string }[] = [];
    for (const [key, { point, id }] of this.#declared) {
      if (this.#supplied.has(key)) supplied.push({ point, id });
      else {
        this.#findings.push({
          code: "CONTRIBUTION_MISSING",
          point,
          id,
          message: `${this.#identity.id} declares ${point} "${id}" but its activate did not supply it.`,
        });
      }
    }
    return { supplied, findings: this.#findings };
  }

  dispose(): void {
    this.#isOpen = false;
    this.#lease.revoke();
    this.#supplied.clear();
    this.container.dispose();
    this.subscriptions.dispose().catch((error: unknown) => {
      this.#request.logger.error("A subscription failed to dispose.", { error });
    });
    this.extension = {};
  }

  #createContext(): ExtensionContext {
    const request = this.#request;
    const lease = this.#lease;
    const { id } = this.#identity;
    let storage: ExtensionContext["storage"] | undefined;
    let secrets: ExtensionContext["secrets"] | undefined;
    return {
      extension: this.#identity,
      contribute: (point: unknown, contributionId: string, implementation: unknown) => {
        this.#contribute(point, contributionId, implementation);
      },
      contributions: <Contract>(point: ContributionPoint<Contract> | string) => {
        const pointId = typeof point === "string" ? point : point.id;
        const collection = request.collection(pointId);
        if (collection === undefined) {
          throw new ExtensionError("CALL_UNKNOWN_TARGET", `${id} does not open a point "${pointId}".`, {
            extensionId: id,
          });
        }
        return collection as LiveCollection<Contract>;
      },
      services: {
        get: (token) => {
          this.#lease.assertValid();
          this.#assertToken(token);
          return this.container.service(token) as never;
        },
      },
      subscriptions: this.subscriptions,
      logger: request.logger,
      get storage() {
        return (storage ??= lease.bind(request.storage));
      },
      get secrets() {
        return (secrets ??= lease.bind(request.secrets));
      },
      configuration: {
        get: (setting: string) => request.configuration.values()[setting] as never,
        all: () => request.configuration.values(),
        onDidChange: (listener) => {
          const undo = request.configuration.onDidChange(listener);
          this.subscriptions.push(undo);
          return undo;
        },
      },
      get signal() {
        return request.signal;
      },
      state: request.state,
      dependency: <Exports>(dependency: string) => this.#dependency(dependency) as Exports,
    };
  }

  /** What JavaScript hands over is checked here; TypeScript lets nothing else through. */
  #contribute(of: unknown, id: string, implementation: unknown): void {
    const point = idOf(of);
    if (point === undefined) {
      throw this.#unsound(
        `context.contribute takes a contribution point or its id as its first argument, not ${shown(of)}.`,
      );
    }
    const extensionId = this.#identity.id;
    const details = { point, id };
    if (!this.#isOpen) {
      throw new ExtensionError(
        "CONTRIBUTION_LATE",
        `${extensionId} contributes ${point} "${id}" after its activate has settled.`,
        {
          extensionId,
          details,
        },
      );
    }
    const declared = this.#declared.get(keyOf(point, id));
    if (declared === undefined) {
      throw new ExtensionError(
        "CONTRIBUTION_UNDECLARED",
        `${extensionId} contributes ${point} "${id}", which its manifest does not declare. ${this.#declaredText(point, id)}`,
        { extensionId, details },
      );
    }
    if (
      (typeof implementation !== "object" && typeof implementation !== "function") ||
      implementation === null
    ) {
      throw this.#unsound(
        `context.contribute takes the object that implements ${point} "${id}" as its third argument, not ${shown(implementation)}.`,
      );
    }
    this.#supplied.set(keyOf(point, id), implementation);
    const missing = Object.keys(declared.methods).filter(
      (method) => typeof (implementation as Record<string, unknown>)[method] !== "function",
    );
    for (const method of missing) {
      this.#findings.push({
        code: "CONTRIBUTION_INCOMPLETE",
        ...details,
        message: `${extensionId} supplies ${point} "${id}" without the method ${method}.`,
      });
    }
  }

  /** What the manifest declares instead, and what of it was probably meant. */
  #declaredText(point: string, id: string): string {
    const declared = this.#request.contributions;
    const ids = declared.filter((one) => one.point === point).map((one) => one.id);
    if (ids.length > 0) return `It declares ${listed(ids)}.${didYouMean(id, ids)}`;
    const points = [...new Set(declared.map((one) => one.point))];
    if (points.length === 0) return "It declares no contributions.";
    return `It declares nothing under ${point}, but ${listed(points)}.${didYouMean(point, points)}`;
  }

  /** A class stands for itself: the container builds those of the extension. */
  #assertToken(token: unknown): void {
    if (typeof token === "symbol" || typeof token === "function") return;
    const instead =
      typeof token === "string"
        ? `import the token from the package of the application, or make it: serviceToken(${JSON.stringify(token)}) of @plugboard/extension-api`
        : "look whether the package of the application exports a token of that name";
    throw this.#unsound(
      `context.services.get takes the token of a service, not ${shown(token)}: ${instead}.`,
    );
  }

  #unsound(message: string): ExtensionError {
    return new ExtensionError("CALL_INVALID", message, { extensionId: this.#identity.id });
  }

  #dependency(id: string): unknown {
    this.#lease.assertValid();
    const exports = this.#request.dependencies.get(id);
    if (exports === undefined) {
      throw new ExtensionError(
        "CAPABILITY_DENIED",
        `${this.#identity.id} asks for the exports of "${id}", which its manifest does not list under extensionDependencies.`,
        {
          extensionId: this.#identity.id,
          details: { dependency: id, add: `extensionDependencies: { "${id}": "*" }` },
        },
      );
    }
    if (exports.kind === "required") return this.#lease.bind(exports.current() ?? {});
    const { subscriptions } = this;
    const lease = this.#lease;
    return {
      get current() {
        const current = exports.current();
        return current === undefined ? undefined : lease.bind(current);
      },
      onDidChange: (listener) => {
        const undo = exports.onDidChange(listener);
        subscriptions.push(undo);
        return undo;
      },
    } satisfies OptionalDependency<unknown>;
  }
}

function keyOf(point: string, id: string): string {
  return `${point}/${id}`;
}

/** The id of a point that is given as itself or by its id. */
function idOf(point: unknown): string | undefined {
  if (typeof point === "string") return point;
  const id = (point as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

/** A value that is not what was asked for. */
function shown(value: unknown): string {
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, longestShown))}`;
  if (value === undefined || value === null || typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function didYouMean(word: string, known: readonly string[]): string {
  const suggestion = nearest(word, known);
  return suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
}

/** The first few, for a message. */
function listed(words: readonly string[]): string {
  const shownWords = words.slice(0, mostListed).map((word) => `"${word}"`);
  const rest = words.length - shownWords.length;
  return rest > 0 ? `${shownWords.join(", ")} and ${String(rest)} more` : shownWords.join(", ");
}
