/**
 * The error that crosses Plugboard's public surface. Recognised by a brand, so that two copies of this
 * package, or an error that came from another thread, agree on what it is.
 */
import { errorTable, type ErrorCode } from "./error-table.js";

const brand: unique symbol = Symbol.for("plugboard.extension-error") as never;

/** Details that an {@link ExtensionError} may carry beside its code and message. @public */
export interface ExtensionErrorOptions {
  /** The extension at fault. */
  readonly extensionId?: string | undefined;
  /** Facts for programs, plain data. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What led to this error. */
  readonly cause?: unknown;
}

/**
 * Names a failure by its {@link ErrorCode}. The message ends with what to do when the code's advice says
 * more than the message. Recognise it with {@link isExtensionError}, never with `instanceof`.
 *
 * @example
 * try {
 *   await greeter.greet("World");
 * } catch (error) {
 *   if (isExtensionError(error, "CALL_TIMEOUT")) console.warn(error.extensionId, error.details);
 *   else throw error;
 * }
 *
 * @public
 */
export class ExtensionError extends Error {
  /** Always `ExtensionError`. */
  override readonly name = "ExtensionError";
  /** The code; its meaning and advice stand in {@link errorTable}. */
  readonly code: ErrorCode;
  /** The extension at fault, where there is one. */
  readonly extensionId: string | undefined;
  /** Facts for programs, plain data. */
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param message - what happened, in the words of the case at hand
   */
  constructor(code: ErrorCode, message: string, options: ExtensionErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.extensionId = options.extensionId;
    this.details = options.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  /** What the reader can do about it: the advice of {@link errorTable}. */
  get advice(): string {
    return errorTable[this.code].advice;
  }
}

/**
 * The error of calls to an extension whose thread, process or plugin has ended without having been asked to. A runtime
 * rejects with it what was under way.
 *
 * @param message - how it ended
 * @param details - facts for programs, plain data
 *
 * @public
 */
export function crashError(
  extensionId: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): ExtensionError {
  return new ExtensionError("EXTENSION_CRASHED", `${extensionId} crashed: ${message}`, {
    extensionId,
    details,
  });
}

/**
 * Tells whether a value is an {@link ExtensionError}, of the code if one is given. Works across copies
 * of this package. Never throws, whatever the value is: a brand alone makes no error of it.
 *
 * @public
 */
export function isExtensionError(value: unknown, code?: ErrorCode): value is ExtensionError {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (!(brand in value)) return false;
    const error = value as Partial<Record<keyof ExtensionError, unknown>>;
    if (typeof error.code !== "string" || typeof error.message !== "string") return false;
    if (typeof error.details !== "object" || error.details === null) return false;
    return code === undefined || error.code === code;
  } catch {
    // A proxy or a getter that throws: made to look like one.
    return false;
  }
}
