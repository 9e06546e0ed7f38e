import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  publicKeyOf,
  signatureOf,
  verifyEd25519,
  type PublicKey,
} from "../../../../core/src/trust/ed25519.js";

/** RFC 8032, section 7.1: public key, message, signature. */
const vectors = [
  {
    name: "TEST 1",
    key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    name: "TEST 2",
    key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    name: "TEST 3",
    key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
  {
    name: "TEST SHA(abc)",
    key: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    message: createHash("sha512").update("abc").digest("hex"),
    signature:
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  },
].map(({ name, key, message, signature }) => ({
  name,
  key: publicKeyOf(Buffer.from(key, "hex").toString("base64")) as PublicKey,
  message: Buffer.from(message, "hex"),
  signature: Buffer.from(signature, "hex"),
}));

test.each(vectors)("the signature of RFC 8032's $name is accepted", ({ key, message, signature }) => {
  expect(verifyEd25519(key, message, signature)).toBe(true);
});

test.each(vectors)("RFC 8032's $name with any other bit is refused", ({ key, message, signature }) => {
  for (let bit = 0; bit < signature.length * 8; bit += 7) {
    expect(verifyEd25519(key, message, withFlippedBit(signature, bit))).toBe(false);
  }
  expect(verifyEd25519(key, Buffer.concat([message, Buffer.of(0)]), signature)).toBe(false);
  expect(verifyEd25519(key, message, signature.subarray(0, 63))).toBe(false);
  expect(verifyEd25519(key, message, Buffer.concat([signature, Buffer.of(0)]))).toBe(false);
});

test("a signature is not accepted for another key", () => {
  for (const { message, signature } of vectors) {
    const accepting = vectors.filter(({ key }) => verifyEd25519(key, message, signature));
    expect(accepting).toHaveLength(1);
  }
});

test("the second spelling of a signature, its scalar raised by the order of the group, is refused", () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  for (const { key, message, signature } of vectors) {
    const scalar = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + order;
    const raised = Buffer.from(scalar.toString(16).padStart(64, "0"), "hex").reverse();
    expect(verifyEd25519(key, message, Buffer.concat([signature.subarray(0, 32), raised]))).toBe(false);
  }
});

test("bytes that are no point of the curve verify nothing", () => {
  const key = publicKeyOf(Buffer.alloc(32, 0xff).toString("base64")) as PublicKey;
  expect(verifyEd25519(key, Buffer.alloc(0), Buffer.alloc(64))).toBe(false);
});

test("a key has one spelling and one id", () => {
  const [first, second] = vectors;
  expect(first?.key.id).toMatch(/^ed25519-[0-9a-f]{32}$/);
  expect(first?.key.id).not.toBe(second?.key.id);
  const spelling = first?.key.base64 ?? "";
  for (const other of [
    ` ${spelling}`,
    spelling.replace("=", ""),
    spelling.replaceAll("+", "-"),
    `${spelling}AAAA`,
    "",
  ]) {
    expect(other === spelling ? undefined : publicKeyOf(other)).toBeUndefined();
  }
  expect(signatureOf(spelling)).toBeUndefined();
});

function withFlippedBit(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
