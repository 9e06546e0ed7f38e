/**
 * Names contents by SHA-1, as everything that compares stamps does. Short ones are hashed right here: loading
 * `node:crypto` takes longer than all else that an extension of a single file needs to be loaded.
 */

/** Bytes up to which code that was never run before is done sooner than `node:crypto` is loaded. */
const shortBytes = 16_384;

/** The SHA-1 of the bytes in hexadecimal. @internal */
export function contentHash(bytes: Uint8Array): string {
  return bytes.length > shortBytes
    ? process.getBuiltinModule("node:crypto").hash("sha1", bytes, "hex")
    : hashOfWords(paddedWords(bytes));
}

const wordsOfBlock = 16;
const rounds = 80;

/** Big-endian words of the bytes, a bit that ends them, zeros up to a whole block, and the number of bits. */
function paddedWords(bytes: Uint8Array): Int32Array {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const words = new Int32Array(blocks * wordsOfBlock);
  const put = (index: number, byte: number): void => {
    words[index >> 2] = at(words, index >> 2) | (byte << (24 - (index & 3) * 8));
  };
  bytes.forEach((byte, index) => put(index, byte));
  put(bytes.length, 0x80);
  words[words.length - 1] = bytes.length * 8;
  return words;
}

function hashOfWords(words: Int32Array): string {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const schedule = new Int32Array(rounds);
  for (let start = 0; start < words.length; start += wordsOfBlock) {
    schedule.set(words.subarray(start, start + wordsOfBlock));
    for (let round = wordsOfBlock; round < rounds; round += 1) {
      const mixed =
        at(schedule, round - 3) ^
        at(schedule, round - 8) ^
        at(schedule, round - 14) ^
        at(schedule, round - 16);
      schedule[round] = rotate(mixed, 1);
    }
    addBlock(state, schedule);
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function addBlock(state: Int32Array, schedule: Int32Array): void {
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let round = 0; round < rounds; round += 1) {
    const next = (rotate(a, 5) + mix(round, b, c, d) + e + at(schedule, round)) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
  }
  [a, b, c, d, e].forEach((word, index) => {
    state[index] = at(state, index) + word;
  });
}

/** The function and the constant of a round. */
function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Indexes stay within the arrays here. */
function at(words: Int32Array, index: number): number {
  return words[index] as number;
}
