/**
 * Recognises decorators that are written for the standard (TC39) proposal: the transform knows the legacy kind only,
 * and a decorator of the one kind does something else, without a word, when it is called as the other.
 */
import { ExtensionError } from "@plugboard/extension-api";

/** The first parameter that has a type of standard decorators. @internal */
export function standardDecoratorOffset(source: string): number | undefined {
  return /(?<=:\s*)Class(?:Method|Getter|Setter|Field|Accessor|)DecoratorContext\b/.exec(source)?.index;
}

/** Advice for decorators that can't run. @internal */
export const decoratorAdvice =
  "Write it for experimentalDecorators, as (target, key, descriptor), or apply the function without @";

/** Refuses what a decorator of a member returned if only a standard one would. @throws ExtensionError `MODULE_UNSUPPORTED` */
export function refuseStandardDecorator(key: PropertyKey, returned: unknown): void {
  if (key !== "" && typeof returned !== "function") return;
  // The transform has no other name for a private member, which legacy decorators can't have.
  const member = key === "" ? "a private member" : `"${String(key)}"`;
  throw new ExtensionError("MODULE_UNSUPPORTED", `The decorator of ${member} is a standard (TC39) one`, {
    details: { hint: decoratorAdvice },
  });
}
