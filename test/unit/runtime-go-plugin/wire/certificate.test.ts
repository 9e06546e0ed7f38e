import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  certificatePem,
  makeCertificate,
} from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";

describe("a certificate", () => {
  const made = makeCertificate();
  const read = new X509Certificate(made.certificate);

  test("is signed with its own key, for localhost, as client and as server", () => {
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    expect(read.checkIssued(read)).toBe(true);
    expect(read).toMatchObject({
      subject: "CN=localhost",
      subjectAltName: "DNS:localhost",
      ca: true,
      keyUsage: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
    });
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  });

  test("is valid now, also where the clock is a little behind, and for years", () => {
    const hour = 3_600_000;
    expect(Date.parse(read.validFrom)).toBeLessThan(Date.now() - hour);
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now() + 10_000 * hour);
  });

  test("is the same in both forms", () => {
    expect(read.raw).toEqual(made.der);
    expect(certificatePem(made.der)).toBe(made.certificate);
  });

  test("is another each time", () => {
    expect(new X509Certificate(makeCertificate().certificate).serialNumber).not.toBe(read.serialNumber);
  });
});
