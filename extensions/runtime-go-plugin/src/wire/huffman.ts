/**
 * The Huffman code of HPACK (RFC 7541, appendix B), read only. It is canonical: lengths alone tell every code.
 */

/** Bits of the code of each byte, and last of the sign that ends a text, which may never come. */
const codeBits = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

const endOfText = 256;
const mostBits = 30;
const mostPaddingBits = 7;

/** Of each length: its first code, how many there are, and where their bytes begin in `ordered`. */
const lengths: readonly { readonly first: number; readonly count: number; readonly at: number }[] =
  codesByLength();
const ordered: readonly number[] = [...codeBits.keys()].sort(
  (one, other) => (codeBits[one] ?? 0) - (codeBits[other] ?? 0) || one - other,
);

function codesByLength(): { first: number; count: number; at: number }[] {
  const found: { first: number; count: number; at: number }[] = [{ first: 0, count: 0, at: 0 }];
  let first = 0;
  let at = 0;
  for (let bits = 1; bits <= mostBits; bits++) {
    first <<= 1;
    const count = codeBits.filter((length) => length === bits).length;
    found.push({ first, count, at });
    first += count;
    at += count;
  }
  return found;
}

/** Reads a text, one character a byte; undefined if it is no sound code. @internal */
export function decodeHuffman(bytes: Uint8Array): string | undefined {
  let text = "";
  let code = 0;
  let bits = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      bits++;
      const { first, count, at } = lengths[bits] as (typeof lengths)[number];
      if (code - first < count) {
        const value = ordered[at + code - first] ?? endOfText;
        if (value === endOfText) return undefined;
        text += String.fromCharCode(value);
        code = 0;
        bits = 0;
      } else if (bits === mostBits) return undefined;
    }
  }
  // What is left over is filled with the first bits of the sign that ends a text: all ones.
  return bits <= mostPaddingBits && code === (1 << bits) - 1 ? text : undefined;
}
