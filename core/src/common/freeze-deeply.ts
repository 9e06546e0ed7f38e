/** Freezes an object or array with all that it holds. What is frozen already is taken to be so at every depth. @internal */
export function freezeDeeply<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === "object" && member !== null) freezeDeeply(member);
  }
  return Object.freeze(value);
}
