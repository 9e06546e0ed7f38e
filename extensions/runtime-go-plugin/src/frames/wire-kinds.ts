/** How fields of a protocol buffer are written, and tags, which say that and the number of a field. */

/** The ways in which fields of guest.proto are written. */
const wireKinds = { varint: 0, double: 1, bytes: 2 } as const;

/** One of them. @internal */
export type WireKind = keyof typeof wireKinds;

/** What stands before a field. @internal */
export function tagOf(field: number, kind: WireKind): number {
  return (field << 3) | wireKinds[kind];
}
