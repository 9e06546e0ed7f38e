/** The functions that transformed decorators call, by the names that oxc-transform gives them. Legacy decorators only. */
import { refuseStandardDecorator } from "./standard-decorators.js";

type Decorator = (target: unknown, key?: PropertyKey, descriptor?: unknown) => unknown;

/** Runs decorators, the last one first; each may replace the class or the descriptor. */
function decorate(
  decorators: readonly Decorator[],
  target: object,
  key?: PropertyKey,
  descriptor?: PropertyDescriptor | null,
): unknown {
  const run = decorators.toReversed();
  if (key === undefined)
    return run.reduce((result: unknown, decorator) => decorator(result) || result, target);
  // null asks for the member's own descriptor; a field has none
  const present = descriptor === null ? Object.getOwnPropertyDescriptor(target, key) : descriptor;
  const result = run.reduce((found: unknown, decorator) => {
    const returned = decorator(target, key, found);
    refuseStandardDecorator(key, returned);
    return returned || found;
  }, present);
  if (result) Object.defineProperty(target, key, result);
  return result;
}

/** Makes a decorator of a parameter into one of its method or class. */
function decorateParam(
  index: number,
  decorator: (target: unknown, key: PropertyKey | undefined, index: number) => void,
): Decorator {
  return (target, key) => decorator(target, key, index);
}

/** What transformed code finds under {@link decoratorFunctionsName}. @internal */
export const decoratorFunctions: Readonly<Record<string, unknown>> = Object.freeze({
  decorate,
  decorateParam,
});

/** The name under which transformed code finds {@link decoratorFunctions}. @internal */
export const decoratorFunctionsName = "babelHelpers";
