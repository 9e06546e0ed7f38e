import { describe, expect, test } from "vitest";
import {
  decodeConnInfo,
  decodeHealthRequest,
  decodeHealthResponse,
  decodeStdioData,
  encodeConnInfo,
  encodeHealthRequest,
  encodeHealthResponse,
  encodeStdioData,
  type ConnInfo,
  type HealthStatus,
} from "../../../../extensions/runtime-go-plugin/src/wire/control-messages.js";

describe("a control message", () => {
  test.each<ConnInfo>([
    { serviceId: 4_000_000_000, network: "unix", address: "/tmp/ü" },
    { serviceId: 0, network: "", address: "", knock: { knock: true, ack: false, error: "" } },
    { serviceId: 1, network: "tcp", address: "127.0.0.1:1", knock: { knock: false, ack: true, error: "no" } },
  ])("tells where a server is: %j", (info) => {
    expect(decodeConnInfo(encodeConnInfo(info))).toEqual(info);
  });

  test("has the bytes that Go writes and reads", () => {
    const info = { serviceId: 300, network: "unix", address: "/s" };
    expect(Buffer.from(encodeConnInfo(info)).toString("latin1")).toBe("\x08\xac\x02\x12\x04unix\x1a\x02/s");
    expect(Buffer.from(encodeHealthRequest("plugin")).toString("latin1")).toBe("\x0a\x06plugin");
    expect([...encodeHealthResponse("SERVING")]).toEqual([8, 1]);
  });

  test("without fields has their defaults, and fields that nobody knows are passed over", () => {
    expect(decodeConnInfo(new Uint8Array())).toEqual({ serviceId: 0, network: "", address: "" });
    expect(decodeStdioData(new Uint8Array())).toEqual({ channel: undefined, data: new Uint8Array() });
    expect(decodeHealthResponse(new Uint8Array())).toBe("UNKNOWN");
    expect(decodeHealthResponse(Buffer.from([0x7a, 1, 9, 8, 1, 0x7d, 1, 2, 3, 4]))).toBe("SERVING");
  });

  test("that is cut off throws", () => {
    expect(() => decodeConnInfo(Buffer.from("\x08\xac\x02\x12\x04uni", "latin1"))).toThrow();
  });

  test("carries what was printed", () => {
    const data = Buffer.from([104, 105, 0xff]);
    expect(decodeStdioData(encodeStdioData({ channel: "stderr", data }))).toEqual({
      channel: "stderr",
      data,
    });
  });

  test.each<HealthStatus>(["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"])(
    "says how a service is: %s",
    (status) => {
      expect(decodeHealthResponse(encodeHealthResponse(status))).toBe(status);
    },
  );

  test("asks for a service", () => {
    expect(decodeHealthRequest(encodeHealthRequest("plugin"))).toBe("plugin");
  });
});
