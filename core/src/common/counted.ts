/** A number with its noun: `1 extension`, `2 extensions`. @internal */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
