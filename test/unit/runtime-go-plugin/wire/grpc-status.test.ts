import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeGrpcMessage,
  encodeGrpcMessage,
  errorOfStatus,
  grpcStatus,
  grpcStatusName,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-status.js";

describe("a message in a header", () => {
  test("arrives as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (message) => {
        const encoded = encodeGrpcMessage(message);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeGrpcMessage(encoded)).toBe(message);
      }),
    );
  });

  test("is escaped as gRPC describes it", () => {
    expect(encodeGrpcMessage("50% of ä\n")).toBe("50%25 of %C3%A4%0A");
  });

  test("is taken as it stands where it is escaped unsoundly", () => {
    expect(decodeGrpcMessage("100% %4 %41")).toBe("100% %4 A");
  });
});

describe("a status", () => {
  test("has its name, and UNKNOWN if gRPC does not define it", () => {
    expect([0, 4, 16, 17, -1].map(grpcStatusName)).toEqual([
      "OK",
      "DEADLINE_EXCEEDED",
      "UNAUTHENTICATED",
      "UNKNOWN",
      "UNKNOWN",
    ]);
  });

  test("becomes an error unless it says that all went well", () => {
    expect(errorOfStatus("0", undefined, undefined)).toBeUndefined();
    expect(errorOfStatus("5", "", undefined)).toMatchObject({
      status: grpcStatus.NOT_FOUND,
      message: "The call failed with NOT_FOUND.",
    });
    expect(errorOfStatus("x", "odd", undefined)).toMatchObject({ statusName: "UNKNOWN", message: "odd" });
  });
});
