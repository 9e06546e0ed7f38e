/**
 * Every kind of frame as guest.proto lays it out, field for field in its order. Nothing here but that.
 * Invariant: what is read has every property that frame.schema.json requires.
 */
import type { Frame } from "@plugboard/extension-api";
import {
  byName,
  choice,
  flag,
  listOf,
  MessageLayout,
  nested,
  number,
  optional,
  text,
  value,
  valueList,
  valuesByName,
  whole,
  type FieldLayout,
} from "./message-layout.js";

const extension = new MessageLayout([
  ["id", text(1)],
  ["version", text(2)],
  ["path", text(3)],
]);

const method = new MessageLayout([
  ["name", text(1)],
  ["arity", whole(2)],
  ["variadic", flag(3)],
]);

/** The arities of methods by their names. */
function methods(number: number): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: (to, tag, property) => {
      for (const [name, arity] of Object.entries(property as object)) {
        to.writer.uint32(tag);
        method.write(to, arity === "variadic" ? { name, variadic: true } : { name, arity: arity as unknown });
      }
    },
    read: (from, before) => {
      const { name, arity, variadic } = method.read(from);
      return Object.assign((before ?? {}) as object, {
        [name as string]: variadic === true ? "variadic" : arity,
      });
    },
    absent: () => ({}),
  };
}

const declaredContribution = new MessageLayout([
  ["point", text(1)],
  ["id", text(2)],
  ["methods", methods(3)],
]);

const service = new MessageLayout([
  ["id", text(1)],
  ["methods", methods(2)],
]);

const exportDescriptor = new MessageLayout([
  ["functions", listOf(text(1))],
  ["values", valuesByName(2)],
]);

const dependency = new MessageLayout([
  ["id", text(1)],
  ["kind", choice(2, { required: 1, optional: 2 })],
  ["exports", optional(nested(3, exportDescriptor))],
]);

const collectionLine = new MessageLayout([
  ["id", text(1)],
  ["extensionId", text(2)],
  ["generation", whole(3)],
  ["item", valuesByName(4)],
]);

const point = new MessageLayout([
  ["id", text(1)],
  ["methods", methods(2)],
  ["lines", listOf(nested(3, collectionLine))],
]);

const savedState = new MessageLayout([
  ["version", number(1)],
  ["value", value(2)],
]);

const limits = new MessageLayout([
  ["callMs", number(1)],
  ["callBytes", number(2)],
]);

const textPair = new MessageLayout([
  ["name", text(1)],
  ["value", text(2)],
]);

const wholePair = new MessageLayout([
  ["name", text(1)],
  ["value", whole(2)],
]);

const suppliedContribution = new MessageLayout([
  ["point", text(1)],
  ["id", text(2)],
]);

const finding = new MessageLayout([
  ["code", text(1)],
  ["point", text(2)],
  ["id", text(3)],
  ["message", text(4)],
]);

const times = new MessageLayout([
  ["load", number(1)],
  ["call", number(2)],
  ["settle", number(3)],
]);

/** What was thrown; an error of it has causes, which were thrown themselves. */
function thrown(number: number): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: (to, tag, property) => {
      to.writer.uint32(tag);
      encodedThrown.write(to, property as object);
    },
    read: (from) => {
      const either = encodedThrown.read(from);
      return "error" in either || "value" in either ? either : { value: undefined };
    },
    absent: () => ({ value: undefined }),
  };
}

/** A message of its own, since no errors are not the same as no list. */
const encodedErrors = new MessageLayout([["errors", listOf(thrown(1))]]);

const thrownErrors: FieldLayout = {
  number: 10,
  kind: "bytes",
  write: (to, tag, property) => {
    to.writer.uint32(tag);
    encodedErrors.write(to, { errors: property });
  },
  read: (from) => encodedErrors.read(from).errors,
  absent: undefined,
};

const encodedError = new MessageLayout([
  ["name", text(1)],
  ["message", text(2)],
  ["code", optional(text(3))],
  ["code", optional(number(4))],
  ["isExtensionError", optional(flag(5))],
  ["extensionId", optional(text(6))],
  ["details", optional(valuesByName(7))],
  ["stack", optional(text(8))],
  ["cause", optional(thrown(9))],
  ["errors", thrownErrors],
]);

const encodedThrown = new MessageLayout([
  ["error", optional(nested(1, encodedError))],
  ["value", optional(value(2))],
]);

/** A kind of frame: its number in `Frame`, and its layout. @internal */
export interface FrameLayout {
  readonly type: Frame["type"];
  readonly number: number;
  readonly layout: MessageLayout;
}

/** All kinds of frames. @internal */
export const frameLayouts: readonly FrameLayout[] = [
  {
    type: "hello",
    number: 1,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["protocol", whole(2)],
      ["extension", nested(3, extension)],
      ["generation", whole(4)],
      ["main", text(5)],
      ["runtime", valuesByName(6)],
      ["contributions", listOf(nested(7, declaredContribution))],
      ["services", listOf(nested(8, service))],
      ["undeclaredServices", listOf(text(9))],
      ["dependencies", listOf(nested(10, dependency))],
      ["points", listOf(nested(11, point))],
      ["configuration", valuesByName(12)],
      ["state", optional(nested(13, savedState))],
      ["limits", nested(14, limits)],
      ["environment", byName(15, textPair)],
      ["withStacks", flag(16)],
      ["reuse", optional(whole(17))],
    ]),
  },
  {
    type: "ready",
    number: 2,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["supplied", listOf(nested(2, suppliedContribution))],
      ["findings", listOf(nested(3, finding))],
      ["savesState", flag(4)],
      ["exports", nested(5, exportDescriptor)],
      ["times", nested(6, times)],
    ]),
  },
  {
    type: "call",
    number: 3,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["id", whole(2)],
      ["target", text(3)],
      ["args", valueList(4)],
      ["timeoutMs", optional(number(5))],
    ]),
  },
  {
    type: "ok",
    number: 4,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["id", whole(2)],
      ["value", optional(value(3))],
    ]),
  },
  {
    type: "err",
    number: 5,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["id", whole(2)],
      ["thrown", thrown(3)],
    ]),
  },
  {
    type: "cancel",
    number: 6,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["id", whole(2)],
      ["reason", thrown(3)],
    ]),
  },
  {
    type: "emit",
    number: 7,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["event", text(2)],
      ["args", valueList(3)],
    ]),
  },
  {
    type: "log",
    number: 8,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["level", choice(2, { debug: 1, info: 2, warn: 3, error: 4 })],
      ["message", text(3)],
      ["fields", optional(valuesByName(4))],
      ["time", number(5)],
    ]),
  },
  {
    type: "bye",
    number: 9,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["deactivate", flag(2)],
      ["timeoutMs", number(3)],
    ]),
  },
  {
    type: "gone",
    number: 10,
    layout: new MessageLayout([
      ["session", whole(1)],
      ["thrown", optional(thrown(2))],
      ["leftovers", byName(3, wholePair)],
    ]),
  },
];
