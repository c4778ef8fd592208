// @ts-check
/* What only some transfers need: a sum to compare, files in Node, a page in place of a file. */
import { failure } from './errors.js';

/** @param {Uint8Array} bytes */
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 in hex; '' where the page has no crypto.subtle, as on insecure ones.
 * @param {Uint8Array} bytes */
export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return '';
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {any} */ (bytes))));
}

/** @param {Uint8Array} bytes @param {string} what @param {any} expected hex @param {(p: any) => void} onProgress
 * @param {(code: string) => void} warn */
export async function verify(bytes, what, expected, onProgress, warn) {
  onProgress({ phase: 'verify', file: what, loaded: bytes.length, total: bytes.length });
  const found = await sha256(bytes);
  // The container's own sums are checked when it is opened in any case.
  if (!found) warn('sha256_unchecked');
  else if (found !== String(expected).toLowerCase()) throw failure('sha256_mismatch', { what, found, expected });
}

/** A host that answers a missing file with a page is the commonest mistake of all: say so.
 * @param {Uint8Array} bytes @param {string} what @param {any} from */
export function refuseHtml(bytes, what, from) {
  let at = 0;
  while (at < 64 && (bytes[at] <= 32 || bytes[at] >= 0xbb)) at++;
  if (bytes[at] === 0x3c || bytes.length === 0) throw failure(bytes.length ? 'html_instead' : 'empty_file', { what, from });
}

/** @param {URL} url @param {string} what
 * @param {string} [module]  a name in a variable that anybody may give leaves nothing for bundlers to resolve */
export async function readFile(url, what, module = 'node:fs/promises') {
  try {
    return new Uint8Array(await (await import(/* webpackIgnore: true */ /* @vite-ignore */ module)).readFile(url));
  } catch (cause) {
    throw failure('not_found', { what, from: url, status: 'nothing' }, cause);
  }
}
