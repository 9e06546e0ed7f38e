/**
 * Modules as the linker sees them: something that resolves exported names to bindings and runs once.
 * Invariant: an export resolves to one binding object however many re-exports lead there.
 */

/** An exported variable. @internal */
export interface Binding {
  read(): unknown;
  /** Tells the setter every value from now on, the present one at once when there is one. */
  subscribe(set: (value: unknown) => void): void;
}

/** `unknown` means that the names are known only after a CommonJS module has run. @internal */
export type Resolution = Binding | "ambiguous" | "unknown" | undefined;

/** A module that others can import from. @internal */
export interface LinkedModule {
  /** Real path, `node:` name, or the name of a provided package. */
  readonly id: string;
  readonly namespace: Record<string, unknown>;
  /** The binding of the namespace itself. */
  readonly self: Binding;
  /** @param seen - questions asked on the way here, so that circles of re-exports end */
  resolveExport(name: string, seen?: Set<string>): Resolution;
  /** Names that can be listed by now. */
  exportNames(seen?: Set<LinkedModule>): Iterable<string>;
}

/** A binding whose value never changes. @internal */
export function constantBinding(read: () => unknown): Binding {
  return { read, subscribe: (set) => set(read()) };
}

/**
 * A module whose exports are an object made elsewhere: built-in, provided, JSON or CommonJS.
 *
 * @internal
 */
export class ValueModule implements LinkedModule {
  readonly id: string;
  readonly namespace: Record<string, unknown>;
  readonly self: Binding;
  readonly #bindings = new Map<string, Binding>();
  #evaluate: ((namespace: Record<string, unknown>) => void) | undefined;

  /** @param evaluate - fills the namespace when the module's turn comes; absent when it is complete */
  constructor(
    id: string,
    namespace: Record<string, unknown>,
    evaluate?: (namespace: Record<string, unknown>) => void,
  ) {
    this.id = id;
    this.namespace = namespace;
    this.self = constantBinding(() => namespace);
    this.#evaluate = evaluate;
  }

  /** Runs the module unless it has run; one that throws runs again next time, as `require` does. */
  evaluate(): void {
    this.#evaluate?.(this.namespace);
    this.#evaluate = undefined;
  }

  resolveExport(name: string): Resolution {
    const known = this.#bindings.get(name);
    if (known !== undefined) return known;
    if (!(name in this.namespace)) return this.#evaluate === undefined ? undefined : "unknown";
    const binding = constantBinding(() => this.namespace[name]);
    this.#bindings.set(name, binding);
    return binding;
  }

  exportNames(): Iterable<string> {
    return Object.keys(this.namespace);
  }
}

/** Makes a namespace object: no prototype, tagged as a module. @internal */
export function createNamespace(): Record<string, unknown> {
  return Object.create(null, { [Symbol.toStringTag]: { value: "Module" } }) as Record<string, unknown>;
}

/** Shows a CommonJS value as a namespace: every own name of it, read when asked for, and `default`. @internal */
export function fillFromExports(namespace: Record<string, unknown>, exports: unknown): void {
  if (typeof exports === "function" || (typeof exports === "object" && exports !== null)) {
    for (const name of Object.keys(exports)) {
      if (name === "default" || name === "__esModule") continue;
      const get = (): unknown => (exports as Record<string, unknown>)[name];
      Object.defineProperty(namespace, name, { enumerable: true, get });
    }
  }
  Object.defineProperty(namespace, "default", { enumerable: true, value: exports });
}

/** Shows a namespace to `require`, marked for transpiled code that asks for a default. @internal */
export function requireView(namespace: Record<string, unknown>): unknown {
  if ("module.exports" in namespace) return namespace["module.exports"];
  if (!("default" in namespace) || "__esModule" in namespace) return namespace;
  const view = createNamespace();
  for (const name of Object.keys(namespace)) {
    Object.defineProperty(view, name, { enumerable: true, get: () => namespace[name] });
  }
  return Object.defineProperty(view, "__esModule", { enumerable: true, value: true });
}
