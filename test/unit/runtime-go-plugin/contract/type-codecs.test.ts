import protobuf from "protobufjs";
import { expect, test } from "vitest";
import { Mismatch } from "../../../../extensions/runtime-go-plugin/src/contract/mismatch.js";
import { TypeCodecs } from "../../../../extensions/runtime-go-plugin/src/contract/type-codecs.js";

const root = new protobuf.Root();
for (const name of ["timestamp", "struct", "wrappers", "empty"])
  root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
protobuf.parse(
  `syntax = "proto3";
  package shop;
  enum Mood { CALM = 0; MERRY = 1; }
  message Everything {
    double a_double = 1; float a_float = 2; int32 an_int32 = 3; uint32 a_uint32 = 4; sint32 a_sint32 = 5;
    fixed32 a_fixed32 = 6; sfixed32 a_sfixed32 = 7; int64 an_int64 = 8; uint64 a_uint64 = 9; sint64 a_sint64 = 10;
    fixed64 a_fixed64 = 11; sfixed64 a_sfixed64 = 12; bool a_bool = 13; string a_string = 14; bytes a_bytes = 15;
    Mood mood = 16;
    repeated int64 longs = 17; repeated Mood moods = 18; repeated Everything kin = 19; repeated string texts = 20;
    map<string, Everything> by_name = 21; map<int64, string> by_long = 22; map<bool, Mood> by_bool = 23;
    map<uint32, bytes> by_number = 24; map<fixed64, int64> by_fixed = 25;
    oneof choice { string word = 26; int64 number = 27; Everything other = 28; }
    optional int32 maybe = 29; optional string maybe_text = 30;
    google.protobuf.Timestamp at = 31; google.protobuf.Struct data = 32; google.protobuf.Value value = 33;
    google.protobuf.ListValue list = 34; google.protobuf.StringValue wrapped = 35; google.protobuf.Int64Value wrapped_long = 36;
    google.protobuf.Empty nothing = 37; repeated google.protobuf.Timestamp times = 38;
  }`,
  root,
  { keepCase: true },
);
root.resolveAll();
const type = root.lookupType("shop.Everything");
const codec = new TypeCodecs().ofType(type);

const half = "\ud800x";

/** A list with a hole between the two. */
function holed(first: unknown, last: unknown): readonly unknown[] {
  const list = [first];
  list[2] = last;
  return list;
}

function there(value: object): Uint8Array {
  return type.encode(codec.toWire(value, 0) as object).finish();
}

function andBack(value: object): Record<string, unknown> {
  return codec.fromWire(type.decode(there(value))) as Record<string, unknown>;
}

/** What an other implementation of the conversion makes of the bytes. */
function asJson(value: object): object {
  return type.toObject(type.decode(there(value)), {
    longs: String,
    enums: String,
    bytes: String,
    json: true,
  });
}

function mismatch(value: object): string {
  try {
    codec.toWire(value, 0);
  } catch (error) {
    if (error instanceof Mismatch) return `/${error.path.join("/")} ${error.message}${error.hint}`;
    throw error;
  }
  throw new Error("It fitted.");
}

const empty = {
  a_double: 0,
  a_float: 0,
  an_int32: 0,
  a_uint32: 0,
  a_sint32: 0,
  a_fixed32: 0,
  a_sfixed32: 0,
  an_int64: 0,
  a_uint64: 0,
  a_sint64: 0,
  a_fixed64: 0,
  a_sfixed64: 0,
  a_bool: false,
  a_string: "",
  a_bytes: new Uint8Array(),
  mood: "CALM",
  longs: [],
  moods: [],
  kin: [],
  texts: [],
  by_name: {},
  by_long: {},
  by_bool: {},
  by_number: {},
  by_fixed: {},
  times: [],
};

test("what a message lacks is a default, or absent where that can be told from it", () => {
  expect(andBack({})).toStrictEqual(empty);
  expect(andBack({ maybe: 0, maybe_text: "", word: "" })).toStrictEqual({
    ...empty,
    maybe: 0,
    maybe_text: "",
    word: "",
  });
});

test("scalars arrive as they were sent", () => {
  const value = {
    a_double: Math.PI,
    a_float: 0.5,
    an_int32: -(2 ** 31),
    a_uint32: 2 ** 32 - 1,
    a_sint32: -7,
    a_fixed32: 2 ** 32 - 1,
    a_sfixed32: -1,
    a_bool: true,
    a_string: "naïve 🙂",
    mood: "MERRY",
  };
  expect(andBack(value)).toStrictEqual({ ...empty, ...value });
  expect(asJson(value)).toEqual(value);
});

test("64-bit integers are numbers where these are exact and bigints beyond", () => {
  const most = 2n ** 63n - 1n;
  const value = {
    an_int64: -(2n ** 63n),
    a_uint64: 2n ** 64n - 1n,
    a_sint64: most,
    a_fixed64: 2n ** 53n,
    a_sfixed64: -(2 ** 53 - 1),
    longs: [1, -1, most, 2 ** 53 - 1],
  };
  expect(andBack(value)).toStrictEqual({ ...empty, ...value });
  expect(andBack({ an_int64: 5n, a_uint64: 6n })).toMatchObject({ an_int64: 5, a_uint64: 6 });
  expect(asJson(value)).toEqual({
    an_int64: "-9223372036854775808",
    a_uint64: "18446744073709551615",
    a_sint64: "9223372036854775807",
    a_fixed64: "9007199254740992",
    a_sfixed64: "-9007199254740991",
    longs: ["1", "-1", "9223372036854775807", "9007199254740991"],
  });
});

test("bytes are copies, whatever view they were given as", () => {
  const buffer = Uint8Array.of(9, 1, 2, 3, 9).buffer;
  for (const bytes of [Uint8Array.of(1, 2, 3), Buffer.of(1, 2, 3), new DataView(buffer, 1, 3)])
    expect(andBack({ a_bytes: bytes }).a_bytes).toStrictEqual(Uint8Array.of(1, 2, 3));
  expect(andBack({ a_bytes: Uint8Array.of(1, 2).buffer }).a_bytes).toStrictEqual(Uint8Array.of(1, 2));
  const decoded = andBack({ a_string: "x".repeat(1_000), a_bytes: Buffer.of(1) }).a_bytes as Uint8Array;
  expect(decoded.buffer.byteLength).toBe(1);
});

test("enums are names, or numbers that the .proto has no name for", () => {
  expect(andBack({ mood: 1, moods: ["CALM", "MERRY", 7] })).toMatchObject({
    mood: "MERRY",
    moods: ["CALM", "MERRY", 7],
  });
});

test("maps are objects with keys of every kind", () => {
  const value = {
    by_name: { a: { ...empty, an_int32: 1 }, "": empty, ["__proto__"]: { ...empty, a_bool: true } },
    by_long: { "-9223372036854775808": "least", "12345678": "eight digits", "0": "none" },
    by_bool: { true: "MERRY", false: "CALM" },
    by_number: { 4294967295: Uint8Array.of(1) },
    by_fixed: { "18446744073709551615": 2n ** 60n },
  };
  const back = andBack(value);
  expect(back).toStrictEqual({ ...empty, ...value });
  expect(Object.getPrototypeOf(back.by_name)).toBe(Object.prototype);
  expect(andBack({ by_name: new Map([["a", {}]]) })).toMatchObject({ by_name: { a: empty } });
});

test("of a oneof only the field that is set is there", () => {
  expect(andBack({ word: "" })).toStrictEqual({ ...empty, word: "" });
  expect(andBack({ other: {} })).toStrictEqual({ ...empty, other: empty });
  expect(mismatch({ word: "x", number: 1 })).toBe('/ has "word" and "number", of which only one can be set');
  expect(mismatch({ kin: [{}, { word: "x", number: 1 }] })).toContain("/kin/1 has");
});

test("a Timestamp is a Date, also before 1970", () => {
  for (const time of [0, 1_700_000_000_123, -1, -1_500, 253_402_300_799_999]) {
    const back = andBack({ at: new Date(time), times: [new Date(time)] });
    expect([back.at, back.times]).toEqual([new Date(time), [new Date(time)]]);
  }
  expect(asJson({ at: new Date(-1) })).toMatchObject({ at: { seconds: "-1", nanos: 999_000_000 } });
});

test("Struct, Value and ListValue are plain data", () => {
  const data = { a: [1, "x", true, null, { b: {} }, []], ["__proto__"]: 1, c: -0.5 };
  expect(andBack({ data, value: null, list: [data, null] })).toStrictEqual({
    ...empty,
    data,
    value: null,
    list: [data, null],
  });
  for (const value of [0, "", false, [], {}, "text"]) expect(andBack({ value }).value).toStrictEqual(value);
  expect(andBack({ data: { gone: undefined, list: [undefined] } }).data).toStrictEqual({ list: [null] });
});

test("wrappers are the values in them", () => {
  const value = { wrapped: "", wrapped_long: 2n ** 60n, nothing: {} };
  expect(andBack(value)).toStrictEqual({ ...empty, ...value });
});

test("null and undefined leave a field out", () => {
  expect(andBack({ a_string: null, mood: undefined, other: null })).toStrictEqual(empty);
});

test.each([
  [{ a_string: 5 }, "/a_string is a number where a text belongs"],
  [{ an_int32: 2 ** 31 }, "/an_int32 is 2147483648, which is no whole number from -2147483648 to 2147483647"],
  [{ an_int32: 1n }, "/an_int32 is a bigint where a whole number belongs"],
  [{ a_uint64: -1 }, "/a_uint64 is -1, which is no exact whole number from 0 to 18446744073709551615"],
  [{ an_int64: 2 ** 53 }, "which is no exact whole number"],
  [{ an_int64: 2n ** 63n }, "which is no exact whole number"],
  [{ a_bool: "yes" }, "/a_bool is a string where true or false belongs"],
  [{ a_bytes: "AQ==" }, "/a_bytes is a string where a Uint8Array belongs"],
  [{ mood: "MERY" }, '/mood is "MERY", which is no value of Mood Did you mean "MERRY"?'],
  [{ longs: 1 }, "/longs is a number where a list belongs"],
  [{ kin: [{}, { texts: ["a", 5] }] }, "/kin/1/texts/1 is a number where a text belongs"],
  [{ by_long: { x: "y" } }, "/by_long/x is a key where a whole number belongs"],
  [{ by_bool: { yes: "CALM" } }, "/by_bool/yes is a key where true or false belongs"],
  [{ by_number: { "-1": Uint8Array.of() } }, "/by_number/-1"],
  [{ at: "2024-01-01" }, "/at is a string where a Date belongs"],
  [{ at: new Date(Number.NaN) }, "/at is a Date of no time"],
  [{ data: { deep: [() => 1] } }, "/data/deep/0 is a function where plain data belongs"],
  [{ data: [] }, "/data is a list where a plain object belongs"],
  [{ other: [] }, "/other is a list where an object of shop.Everything belongs"],
  [{ a_float: 1e300 }, "/a_float is 1e+300, which is more than a float holds"],
  [{ longs: holed(1, 3) }, "/longs/1 is missing: the list has a hole there"],
  [{ kin: [{ texts: holed("a", "b") }] }, "/kin/0/texts/1 is missing"],
  [{ times: holed(new Date(), new Date()) }, "/times/1 is missing"],
  [{ data: { deep: [holed(1, 2)] } }, "/data/deep/0/1 is missing"],
  [{ list: holed(1, 2) }, "/list/1 is missing"],
  [{ a_string: half }, "/a_string is text with half of a surrogate pair"],
  [{ texts: ["a", half] }, "/texts/1 is text with half of a surrogate pair"],
  [{ wrapped: half }, "/wrapped is text with half of a surrogate pair"],
  [{ by_name: { [half]: {} } }, "is a key of text with half of a surrogate pair"],
  [{ data: { a: half } }, "/data/a is text with half of a surrogate pair"],
  [{ data: { [half]: 1 } }, "is a key of text with half of a surrogate pair"],
  [{ value: [half] }, "/value/0 is text with half of a surrogate pair"],
  [{ aString: "x" }, '/ has "aString", which is no field of shop.Everything Did you mean "a_string"?'],
] as const)("a value that does not fit is refused with its place: $1", (value, message) => {
  expect(mismatch(value)).toContain(message);
});

test("what goes in circles is refused", () => {
  const circle: Record<string, unknown> = {};
  circle.other = circle;
  expect(mismatch(circle)).toContain("nests deeper than 100 messages");
  const data: Record<string, unknown> = {};
  data.data = data;
  expect(mismatch({ data })).toContain("nests deeper than 100 messages");
});
