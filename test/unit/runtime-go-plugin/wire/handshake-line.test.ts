import { describe, expect, it } from "vitest";
import {
  HandshakeFault,
  parseHandshake,
} from "../../../../extensions/runtime-go-plugin/src/wire/handshake-line.js";
import { makeCertificate } from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";

const terms = { versions: [1, 2], tls: "none" } as const;

function faultOf(line: string, tls: "none" | "auto" = "none"): unknown {
  try {
    return parseHandshake(line, { ...terms, tls });
  } catch (error) {
    if (!(error instanceof HandshakeFault)) throw error;
    return [error.kind, error.message];
  }
}

describe("a handshake", () => {
  it("says version and address, with any ending of the line", () => {
    const handshake = {
      version: 2,
      address: { network: "unix", address: "/tmp/plugin1" },
      certificate: undefined,
    };
    expect(parseHandshake("1|2|unix|/tmp/plugin1|grpc|", terms)).toEqual(handshake);
    expect(parseHandshake("1|2|unix|/tmp/plugin1|grpc\r", terms)).toEqual(handshake);
    expect(parseHandshake("1|2|unix|/tmp/plugin1|grpc||false", terms)).toEqual(handshake);
    expect(parseHandshake("1|1|tcp|127.0.0.1:1234|grpc|", terms).address).toEqual({
      network: "tcp",
      address: "127.0.0.1:1234",
    });
  });

  it("brings a certificate under AutoMTLS, and what older plugins put in its place is passed over without", () => {
    const { der, certificate } = makeCertificate();
    const line = `1|1|unix|/x|grpc|${der.toString("base64").replace(/=+$/, "")}`;
    expect(parseHandshake(line, { ...terms, tls: "auto" }).certificate?.trim()).toBe(certificate.trim());
    expect(parseHandshake(`1|1|unix|/x|grpc|${"extra".repeat(20)}`, terms).certificate).toBeUndefined();
  });

  it.each([
    ["", "form", "is not a handshake"],
    ["Starting up…", "form", "is not a handshake"],
    ["1|1|unix", "form", "is not a handshake"],
    ["a|b|c|d|grpc", "form", "is not a handshake"],
    ["2|1|unix|/x|grpc", "version", "version 2 of go-plugin's own protocol"],
    ["1|one|unix|/x|grpc", "form", '"one"'],
    ["1|7|unix|/x|grpc", "version", "picks version 7 of its protocol, and the manifest offers 1, 2"],
    ["1|1|pipe|/x|grpc", "form", 'the network "pipe"'],
    ["1|1|unix||grpc", "form", "no address of unix"],
    ["1|1|tcp|localhost|grpc", "form", "no address of tcp"],
    ["1|1|tcp|localhost:99999|grpc", "form", "no address of tcp"],
    ["1|1|unix|/x", "form", "net/rpc"],
    ["1|1|unix|/x|netrpc|", "form", "net/rpc"],
    ["1|1|unix|/x|thrift|", "form", '"thrift"'],
    ["1|1|unix|/x|grpc||true", "form", "multiplexed"],
  ])("is refused with what is wrong: %j", (line, kind, words) => {
    expect(faultOf(line)).toEqual([kind, expect.stringContaining(words)]);
  });

  it("is refused under AutoMTLS without a certificate that can be read", () => {
    expect(faultOf("1|1|unix|/x|grpc|", "auto")).toEqual(["form", expect.stringContaining("no certificate")]);
    expect(faultOf(`1|1|unix|/x|grpc|${"A".repeat(60)}`, "auto")).toEqual([
      "form",
      expect.stringContaining("can't be read"),
    ]);
  });
});
