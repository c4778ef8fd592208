// @ts-check
/* Writes a `.vitrine` file: header, table of sections, sections, each at a multiple of 64 and with its
 * SHA-256. docs/model-format.md has the bytes. The engine opens what is written here as strictly as any
 * file, so this needs no checks of its own; its SHA-256 is there on insecure pages too. */

const HEADER = 128, ROW = 64, MAGIC = [0x89, 0x56, 0x49, 0x54, 0x52, 0x49, 0x4e, 0x0a], VERSION = 1, ABI = 1;

/** @param {number} size */
const up = (size) => (size + 63) & ~63;

/** @param {import('./engine.js').Engine} engine @param {number} kind of file
 * @param {[string, ArrayBufferView][]} sections  four letters and their bytes @returns {Uint8Array} */
export function containerOf(engine, kind, sections) {
  const table = HEADER + ROW * sections.length, { top } = engine;
  const total = sections.reduce((at, [, { byteLength }]) => up(at + byteLength), up(table));
  try {
    const base = engine.claim(total), bytes = engine.u8(base, total).fill(0);
    const view = new DataView(bytes.buffer, base, total);
    bytes.set(MAGIC);
    [VERSION, kind, ABI, sections.length, total].forEach((word, i) => view.setUint32(8 + 4 * i, word, true));
    let at = up(table);
    sections.forEach(([name, { buffer, byteOffset, byteLength }], i) => {
      const row = HEADER + ROW * i;
      [...name].forEach((letter, l) => (bytes[row + l] = letter.charCodeAt(0)));
      view.setUint32(row + 8, at, true);
      view.setUint32(row + 16, byteLength, true);
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      engine.x.$sha256(base + at, byteLength, base + row + 24);
      at = up(at + byteLength);
    });
    engine.x.$sha256(base, table, base + 72);
    return bytes.slice();
  } finally {
    engine.top = top;
  }
}
