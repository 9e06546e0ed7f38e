/**
 * Asks the functions that the application gave to the host, each about one extension. One that fails is a Problem of
 * the extension that it was asked about, for as long as it fails; nobody else hears of it.
 */
import { ExtensionError, type Problem } from "@plugboard/extension-api";
import { thrownText } from "../../common/thrown-text.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";

/** The host's options that are functions asked about an extension. @internal */
export type AskedOption = "grants" | "restart" | "runtimePolicy";

/** The answer of an application's function, or the reason why there is none. @internal */
export type Answer<Value> = { readonly value: Value } | { readonly fault: ExtensionError };

const noProblems: readonly Problem[] = Object.freeze([]);

/** Keeps what went wrong with the application's functions. @internal */
export class ApplicationFunctions {
  readonly #report: (error: unknown) => void;
  readonly #faults = new WeakMap<ExtensionDescription, Map<AskedOption, ExtensionError>>();

  /** @param report - hears of each failure that differs from the one before */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Asks the function that is the option, about the extension. */
  ask<Value>(option: AskedOption, description: ExtensionDescription, question: () => Value): Answer<Value> {
    try {
      const value = question();
      this.#faults.get(description)?.delete(option);
      return { value };
    } catch (error) {
      const fault = this.#faultOf(option, description, error);
      const faults = this.#faults.get(description) ?? new Map<AskedOption, ExtensionError>();
      if (faults.get(option)?.message !== fault.message) this.#report(error);
      this.#faults.set(description, faults.set(option, fault));
      return { fault };
    }
  }

  /** What went wrong with the functions when they were last asked about the extension. */
  problems(description: ExtensionDescription): readonly Problem[] {
    const faults = this.#faults.get(description);
    if (faults === undefined) return noProblems;
    return [...faults.values()].map(({ code, message }) => ({
      code,
      severity: "error",
      file: description.folder,
      message,
      extensionId: description.id,
    }));
  }

  #faultOf(option: AskedOption, { id }: ExtensionDescription, error: unknown): ExtensionError {
    const message = `The application's ${option} failed for ${id}: ${thrownText(error)}`;
    return new ExtensionError("CONFIG_FUNCTION_FAILED", message, {
      extensionId: id,
      details: { option },
      cause: error,
    });
  }
}
