// @ts-check
/* Signatures behind the end of a .vitrine file, by WebCrypto; fetched when a source names a publicKey or
 * a minVersion, or when bytes stand behind the file's end.
 *
 * What is signed is the header, whose hash covers the rest: the engine checks that hash when it opens
 * the file, so only both together say that the file is the signer's. The version that was accepted last
 * is for the caller to remember and to give as minVersion: nothing is stored here. */
import { failure } from './errors.js';

const HEADER = 128, HEAD = 16, ENTRY = 104;
const MAGIC = [0x89, 0x56, 0x49, 0x54, 0x53, 0x49, 0x47, 0x0a];
const CONTEXT = new TextEncoder().encode('vitrine signature 1\0');
/** By the numbers of docs/model-format.md. */
const ALGORITHMS = [
  null,
  { key: { name: 'Ed25519' }, verify: { name: 'Ed25519' } },
  { key: { name: 'ECDSA', namedCurve: 'P-256' }, verify: { name: 'ECDSA', hash: 'SHA-256' } },
];
/** What a public key of each kind begins with, as SubjectPublicKeyInfo: RFC 8410, RFC 5480. */
const ED25519_BYTES = 44, P256_BYTES = 91;

/** @typedef {{ algorithm: number, key: Uint8Array, bytes: Uint8Array }} Signature */

/** Where the file ends and who signed it; nothing is known of a block that is none.
 * @param {Uint8Array} bytes @returns {{ end: number, version: number, list: Signature[] }} */
export function signaturesOf(bytes) {
  const whole = { end: bytes.length, version: 0, list: [] };
  if (bytes.length < HEADER) return whole;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(32, true) + 2 ** 32 * view.getUint32(36, true);
  const end = view.getUint32(24, true) + 2 ** 32 * view.getUint32(28, true);
  const left = bytes.length - end;
  if (end < HEADER || left < HEAD || MAGIC.some((byte, i) => bytes[end + i] !== byte)) return { ...whole, version };
  const count = view.getUint32(end + 8, true);
  if (count < 1 || count > 4 || left !== HEAD + count * ENTRY || view.getUint32(end + 12, true) !== 0) return { ...whole, version };
  const list = Array.from({ length: count }, (_, i) => {
    const at = end + HEAD + i * ENTRY;
    return { algorithm: view.getUint32(at, true), key: bytes.subarray(at + 8, at + 40), bytes: bytes.subarray(at + 40, at + 104) };
  });
  return { end, version, list };
}

/** @param {string} text base64 @returns {Uint8Array} */
function keyBytes(text) {
  try {
    const bytes = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
    if (bytes.length === ED25519_BYTES || bytes.length === P256_BYTES) return bytes;
  } catch {
    // Said below.
  }
  throw new TypeError('publicKey wants what `vitrine sign --new-key` printed: a public key in base64');
}

/** Whether one of the keys has signed this header. A browser that does not know an algorithm passes over
 * its keys: a P-256 key beside an Ed25519 one serves them all.
 * @param {Uint8Array} bytes @param {Signature[]} list @param {string[]} keys
 * @returns {Promise<'good' | 'invalid' | 'untrusted' | 'unknown'>} */
async function judge(bytes, list, keys) {
  const subtle = /** @type {any} */ (globalThis.crypto).subtle;
  const message = new Uint8Array(CONTEXT.length + HEADER);
  message.set(CONTEXT);
  message.set(bytes.subarray(0, HEADER), CONTEXT.length);
  /** @type {'invalid' | 'untrusted' | 'unknown'} */
  let worst = 'untrusted';
  for (const text of keys) {
    const spki = keyBytes(text), kind = spki.length === ED25519_BYTES ? 1 : 2;
    const id = new Uint8Array(await subtle.digest('SHA-256', spki));
    const one = list.find(({ algorithm, key }) => algorithm === kind && key.every((byte, i) => byte === id[i]));
    if (!one) continue;
    const how = /** @type {any} */ (ALGORITHMS[kind]);
    /** @type {any} */
    let key;
    try {
      key = await subtle.importKey('spki', spki, how.key, false, ['verify']);
    } catch {
      if (worst === 'untrusted') worst = 'unknown';
      continue;
    }
    if (await subtle.verify(how.verify, key, one.bytes, message)) return 'good';
    worst = 'invalid';
  }
  return worst;
}

/** The file without its signatures, when it may be used. Throws a VitrineError otherwise.
 * @param {Uint8Array} bytes
 * @param {any} source  { publicKey?: string | string[], unsigned?: 'require' | 'warn', minVersion?: number }
 * @param {string} what
 * @param {(code: string) => void} warn
 * @returns {Promise<Uint8Array>} */
export async function unsealed(bytes, source, what, warn) {
  const { end, version, list } = signaturesOf(bytes);
  const keys = source.publicKey === undefined ? [] : [source.publicKey].flat();
  if (keys.length) {
    const lenient = source.unsigned === 'warn';
    /** @param {string} code */
    const refuse = (code) => {
      if (!lenient) throw failure(code, { what });
      warn(code);
    };
    if (!list.length) refuse('signature_missing');
    else if (!globalThis.crypto?.subtle) refuse('signature_unchecked');
    else {
      const found = await judge(bytes, list, keys);
      if (found === 'unknown') refuse('signature_unchecked');
      else if (found !== 'good') throw failure(`signature_${found}`, { what });
    }
  }
  if (source.minVersion !== undefined && version < source.minVersion)
    throw failure('version_replayed', { what, found: version, expected: source.minVersion });
  return bytes.subarray(0, end);
}
