/**
 * A certificate for one connection: self-signed, for `localhost`, both as client and as server. Made here since Node
 * signs but does not write certificates. Owns the little of DER that this needs; reads none.
 */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A key pair and the certificate of its public half. @internal */
export interface OwnCertificate {
  /** The private key as PEM. */
  readonly key: string;
  /** The certificate as PEM. */
  readonly certificate: string;
  /** The same certificate in its binary form. */
  readonly der: Buffer;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** Clocks of two machines differ, and Go makes such certificates valid for as long. */
const validBeforeMs = dayMs;
const validDays = 30 * 365;

/** Makes a fresh one on the curve P-256, which both Node and Go verify in a tenth of a millisecond. @internal */
export function makeCertificate(): OwnCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const name = sequence(set(sequence(objectId(2, 5, 4, 3), utf8("localhost"))));
  const algorithm = sequence(objectId(1, 2, 840, 10045, 4, 3, 2));
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    algorithm,
    name,
    sequence(time(now - validBeforeMs), time(now + validDays * dayMs)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions())),
  );
  const signature = sign("sha256", content, privateKey);
  const der = sequence(content, algorithm, bits(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: pem(der),
    der,
  };
}

/** A certificate in its binary form as PEM. @internal */
export function certificatePem(der: Uint8Array): string {
  return pem(Buffer.from(der.buffer, der.byteOffset, der.length));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Random, above zero, and at most 20 bytes as the standard wants it. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function extensions(): readonly Buffer[] {
  // It signs itself, so it is an authority; Go asks for the uses in just this form.
  const digitalSignature = 0;
  const keyEncipherment = 2;
  const keyAgreement = 4;
  const keyCertSign = 5;
  return [
    extension([2, 5, 29, 19], sequence(truth())),
    extension([2, 5, 29, 15], flags(digitalSignature, keyEncipherment, keyAgreement, keyCertSign)),
    extension(
      [2, 5, 29, 37],
      sequence(objectId(1, 3, 6, 1, 5, 5, 7, 3, 1), objectId(1, 3, 6, 1, 5, 5, 7, 3, 2)),
      { isCritical: false },
    ),
    extension([2, 5, 29, 17], sequence(element(0x82, Buffer.from("localhost"))), { isCritical: false }),
  ];
}

function extension(
  id: readonly [number, number, ...number[]],
  value: Buffer,
  { isCritical }: { readonly isCritical: boolean } = { isCritical: true },
): Buffer {
  return sequence(objectId(...id), ...(isCritical ? [truth()] : []), element(0x04, value));
}

/** An element of DER: what kind, how long, and what is in it. */
function element(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80
      ? [kind, length]
      : length < 0x100
        ? [kind, 0x81, length]
        : [kind, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

function set(part: Buffer): Buffer {
  return element(0x31, part);
}

function explicit(number: number, part: Buffer): Buffer {
  return element(0xa0 | number, part);
}

/** A positive number whose first bit is not set. */
function integer(content: Buffer): Buffer {
  return element(0x02, content);
}

function truth(): Buffer {
  return element(0x01, Buffer.from([0xff]));
}

function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

function bits(content: Buffer): Buffer {
  return element(0x03, Buffer.from([0]), content);
}

/** Named bits of the first byte, the highest being 0; the first byte says how many at the end are not used. */
function flags(...numbers: readonly number[]): Buffer {
  const byte = numbers.reduce((all, number) => all | (0x80 >> number), 0);
  return element(0x03, Buffer.from([7 - Math.max(...numbers), byte]));
}

function objectId(first: number, second: number, ...others: readonly number[]): Buffer {
  return element(0x06, Buffer.from([40 * first + second, ...others.flatMap(base128)]));
}

/** The highest seven bits first; all bytes but the last have their first bit set. */
function base128(number: number): readonly number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** Two digits of the year before 2050, four from then on. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+Z$|\D/g, "");
  return Number(digits.slice(0, 4)) < 2050
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`));
}
