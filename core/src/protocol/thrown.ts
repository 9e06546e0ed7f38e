/**
 * Carries what was thrown across a channel. Structured clone keeps the message of an error and drops its
 * name, code and fields, so errors always cross in a form of their own, made and read here alone.
 * Invariant: whatever an author threw, encoding it throws nothing and gives a copy of bounded size.
 */
import { types } from "node:util";
import { errorTable, ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import type { EncodedError, EncodedThrown } from "@plugboard/schemas";
import { frameFault } from "@plugboard/schemas/frame-fault";
import { bigintBytes, writesMoreThan } from "../common/data-size.js";
import { thrownText } from "../common/thrown-text.js";
import { sendable } from "./sendable.js";

/** Puts what was thrown into a form that any channel carries. @internal */
export function encodeThrown(thrown: unknown, options: { readonly withStack: boolean }): EncodedThrown {
  return new Encoder(options).encode(thrown, 0);
}

/** Makes of it what was thrown: an error of its class where that is a global, else an Error of its name. @internal */
export function decodeThrown(encoded: EncodedThrown): unknown {
  if (writesMoreThan(encoded, mostEncoded)) return "something thrown that is too large to be told";
  return new Decoder().decode(encoded, 0);
}

/** Causes below each other. */
const deepest = 8;

/** Errors of one AggregateError. */
const widest = 32;

/** Errors in all: each of many may have many, and they may go in circles. */
const mostErrors = 128;

/** Characters of all texts, and bytes of all other values. */
const mostCharacters = 256 * 1024;
const mostBytes = 1024 * 1024;

/** Fields beside the message that are told, and the longest code: what is no name of a fault is none. */
const mostFields = 256;
const longestCode = 256;

/** What an encoded error holds at the most, whoever encoded it. */
const mostEncoded = 4 * 1024 * 1024;

/** Fields of an error that the encoded one has a place for. */
const placedFields: ReadonlySet<string> = new Set(["name", "message", "stack", "code", "cause"]);

class Encoder {
  readonly #withStack: boolean;
  #errorsLeft = mostErrors;
  #charactersLeft = mostCharacters;
  #bytesLeft = mostBytes;

  constructor({ withStack }: { readonly withStack: boolean }) {
    this.#withStack = withStack;
  }

  encode(thrown: unknown, depth: number): EncodedThrown {
    if (!isError(thrown)) return { value: this.#value(thrown) };
    // What lies deeper is told in words.
    if (depth > deepest || --this.#errorsLeft < 0) return { value: this.#text(thrownText(thrown)) };
    return { error: isExtensionError(thrown) ? this.#ours(thrown, depth) : this.#foreign(thrown, depth) };
  }

  #ours(error: ExtensionError, depth: number): EncodedError {
    const extensionId = read(error, "extensionId");
    return {
      ...this.#common(error, depth),
      isExtensionError: true,
      ...(typeof extensionId === "string" ? { extensionId: this.#text(extensionId) } : {}),
      ...this.#details(read(error, "details") as object),
    };
  }

  #foreign(error: Error, depth: number): EncodedError {
    const common = this.#common(error, depth);
    const own = Object.keys(error).filter((name) => !placedFields.has(name));
    if (!(error instanceof AggregateError)) return { ...common, ...this.#details(error, own) };
    const rest = own.filter((name) => name !== "errors");
    return { ...common, ...this.#details(error, rest), errors: this.#errors(read(error, "errors"), depth) };
  }

  #common(error: Error, depth: number): EncodedError {
    const [name, message, code, cause] = ["name", "message", "code", "cause"].map((key) => read(error, key));
    const stack = this.#withStack ? read(error, "stack") : undefined;
    return {
      name: this.#text(typeof name === "string" ? name : "Error"),
      message: this.#text(typeof message === "string" ? message : thrownText(error)),
      ...(isCode(code) ? { code } : {}),
      ...(typeof stack === "string" ? { stack: this.#text(stack) } : {}),
      ...(cause !== undefined || Object.hasOwn(error, "cause")
        ? { cause: this.encode(cause, depth + 1) }
        : {}),
    };
  }

  #errors(errors: unknown, depth: number): readonly EncodedThrown[] {
    if (types.isProxy(errors) || !Array.isArray(errors)) return [];
    const encoded = errors
      .slice(0, widest)
      .map((_, index) => this.encode(read(errors, String(index)), depth + 1));
    const more = errors.length - widest;
    return more > 0 ? [...encoded, { value: `and ${String(more)} more` }] : encoded;
  }

  /** The data that somebody put beside the message: status, errno and the like. */
  #details(source: object, names?: readonly string[]): Pick<EncodedError, "details"> {
    if (types.isProxy(source)) return {};
    const details: Record<string, unknown> = {};
    for (const name of (names ?? Object.keys(source)).slice(0, mostFields)) {
      if (name.length > this.#charactersLeft) break;
      this.#charactersLeft -= name.length;
      const property = Object.getOwnPropertyDescriptor(source, name);
      if (property !== undefined && "value" in property) put(details, name, this.#value(property.value));
    }
    return Object.keys(details).length === 0 ? {} : { details };
  }

  /** A copy, so that nothing of it answers otherwise later; of what can't be copied, a text that says so. */
  #value(value: unknown): unknown {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "bigint":
      case "function":
      case "symbol":
        return typeof value === "bigint" && bigintBytes(value) <= longestCode
          ? value
          : this.#text(thrownText(value));
      case "object":
        return value === null ? value : this.#copy(value);
      default:
        return value;
    }
  }

  #copy(value: object): unknown {
    let refusal: unknown;
    // What it holds is found by trying: nearly everything fits the first time.
    for (let limitBytes = 1024; limitBytes <= this.#bytesLeft; limitBytes *= 4) {
      try {
        const copy: unknown = structuredClone(
          sendable(value, { what: "result", limitBytes, extensionId: "" }),
        );
        this.#bytesLeft -= limitBytes;
        return copy;
      } catch (error) {
        refusal = error;
        if (!isExtensionError(error, "CALL_TOO_LARGE")) break;
      }
    }
    const isTooLarge = refusal === undefined || isExtensionError(refusal, "CALL_TOO_LARGE");
    return this.#text(`(${isTooLarge ? "too large to be sent" : "can't be sent"}) ${thrownText(value)}`);
  }

  #text(text: string): string {
    const kept = text.length > this.#charactersLeft ? `${text.slice(0, this.#charactersLeft)}…` : text;
    this.#charactersLeft = Math.max(0, this.#charactersLeft - kept.length);
    return kept;
  }
}

/** Reads what may come from a guest of bad will: the same error many times in one another, for one. */
class Decoder {
  #errorsLeft = 2 * mostErrors;

  decode(encoded: EncodedThrown, depth: number): unknown {
    // Whoever checks a frame looks at the outermost alone.
    if (frameFault({ type: "err", session: 0, id: 0, thrown: encoded }) !== undefined)
      return "something thrown that can't be read";
    const { error, value } = encoded as { readonly error?: EncodedError; readonly value?: unknown };
    if (error === undefined) return value;
    if (depth > deepest || --this.#errorsLeft < 0) return error.message;
    return error.isExtensionError === true ? this.#ours(error, depth) : this.#foreign(error, depth);
  }

  #ours(encoded: EncodedError, depth: number): ExtensionError {
    const { code, message, details, extensionId } = encoded;
    const isKnown = typeof code === "string" && Object.hasOwn(errorTable, code);
    const error = new ExtensionError(isKnown ? (code as ErrorCode) : "INTERNAL", message, {
      extensionId,
      details: isKnown ? details : { ...details, code },
      ...this.#cause(encoded, depth),
    });
    hide(error, "stack", encoded.stack ?? `${error.name}: ${message}`);
    return error;
  }

  #foreign(encoded: EncodedError, depth: number): Error {
    const { name, message, code, details = {} } = encoded;
    const error = this.#blank(encoded, depth);
    if (error.name !== name) hide(error, "name", name);
    if (code !== undefined && (error as { readonly code?: unknown }).code !== code) put(error, "code", code);
    for (const [field, value] of Object.entries(details))
      if (!placedFields.has(field)) put(error, field, value);
    hide(error, "stack", encoded.stack ?? `${name}: ${message}`);
    return error;
  }

  /** An error of the right class, with nothing but its message, its cause and its errors. */
  #blank(encoded: EncodedError, depth: number): Error {
    const { name, message, code, errors } = encoded;
    const options = this.#cause(encoded, depth);
    if (errors !== undefined) {
      // What is over is one text that tells how many more there were.
      const decoded = errors.slice(0, widest + 1).map((one) => this.decode(one, depth + 1));
      return new AggregateError(decoded, message, options);
    }
    if (typeof code === "number" && code > 0) {
      const exception = new DOMException(message, name);
      if (exception.code === code) {
        if ("cause" in options) hide(exception, "cause", options.cause);
        return exception;
      }
    }
    return new (errorClasses.get(name) ?? Error)(message, options);
  }

  #cause({ cause }: EncodedError, depth: number): { readonly cause?: unknown } {
    return cause === undefined ? {} : { cause: this.decode(cause, depth + 1) };
  }
}

function isCode(code: unknown): code is string | number {
  return typeof code === "string" ? code.length <= longestCode : Number.isFinite(code);
}

const errorClasses: ReadonlyMap<string, new (message: string, options: ErrorOptions) => Error> = new Map(
  [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError].map((one) => [one.name, one]),
);

function isError(thrown: unknown): thrown is Error {
  try {
    // Each is asked what a proxy would answer in its own way.
    if (types.isProxy(thrown)) return false;
    return types.isNativeError(thrown) || thrown instanceof Error || isExtensionError(thrown);
  } catch {
    return false;
  }
}

function read(source: object, name: string): unknown {
  try {
    return (source as Readonly<Record<string, unknown>>)[name];
  } catch {
    // A getter that throws has nothing to say.
    return undefined;
  }
}

/** Sets a property of any name: `__proto__` is one like others. */
function put(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
}

/** The same, not listed, as the fields are that every error has. */
function hide(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: false, writable: true });
}
