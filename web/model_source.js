// @ts-check
/* Bytes of wasm, model and catalog: from the page, from the shop's own host, or in Node from a file.
 * The one file of the package that touches the network. */
import { VitrineError, failure } from './errors.js';

/** @typedef {{ phase: 'initiate' | 'download' | 'verify' | 'open' | 'ready', file: string, loaded: number, total: number }} Progress */
/** @typedef {{ signal?: AbortSignal, timeout: number, onProgress: (p: Progress) => void }} Transfer */
/** A file whole, or in the pieces in which it came: the engine puts them together in its own memory.
 * @typedef {Uint8Array | Uint8Array[]} Bytes */

/** @param {Bytes} bytes */
export const sizeOf = (bytes) => [bytes].flat().reduce((size, { length }) => size + length, 0);
/** A file's pieces one after the other. @param {Bytes} bytes @param {Uint8Array} [to] @returns {Uint8Array} */
export function whole(bytes, to = new Uint8Array(sizeOf(bytes))) {
  let at = 0;
  for (const piece of [bytes].flat()) {
    to.set(piece, at);
    at += piece.length;
  }
  return to;
}

/** What is no file of ours by its first byte may be a page or nothing, which is to be said.
 * @param {Uint8Array} bytes @param {string} what @param {any} from @returns {Promise<void>} */
export const refuseHtml = (bytes, what, from) => import('./transfer.js').then((it) => it.refuseHtml(bytes, what, from), () => {});

/** @param {URL | string} address @param {string} what @param {Transfer} transfer @returns {Promise<Bytes>} */
export async function download(address, what, { signal, timeout, onProgress }) {
  signal?.throwIfAborted();
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  /** @type {URL} */
  let url;
  try {
    url = new URL(address, base);
  } catch {
    throw new TypeError(`no whole address: '${address}'`);
  }
  onProgress({ phase: 'initiate', file: what, loaded: 0, total: 0 });
  if (url.protocol === 'file:') {
    return (await import('./transfer.js')).readFile(url, what); // Node's fetch knows no files
  }
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(abort, timeout);
  try {
    const response = await fetch(url, { signal: stop.signal, credentials: 'same-origin' }), { headers } = response, pieces = [];
    if (!response.ok) throw failure('not_found', { what, from: url, status: response.status });
    let loaded = 0;
    // An answer may have no body at all: an empty file, which is told of as such.
    for (const reader = response.body?.getReader(); ;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return pieces;
      pieces.push(value);
      // The length counts packed bytes when the host packs, so it says nothing then.
      onProgress({ phase: 'download', file: what, loaded: (loaded += value.length),
        total: headers.get('content-encoding') ? 0 : Number(headers.get('content-length')) });
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof VitrineError) throw cause;
    throw failure(stop.signal.aborted ? 'timeout' : 'network', { what, from: url, timeout }, cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** @param {any} value @returns {Uint8Array | null} */
export const asBytes = (value) => (ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  : value instanceof ArrayBuffer ? new Uint8Array(value) : null);

/** Bytes of a file that the shop names, checked against its sum and its signature.
 * @param {any} source  bytes, or { url, sha256?, publicKey?, unsigned?, minVersion? }
 * @param {string} what
 * @param {Transfer} transfer
 * @param {(code: string) => void} warn
 * @returns {Promise<Bytes>} a first piece holds the header */
export async function readSource(source, what, transfer, warn) {
  const { url, sha256, publicKey, minVersion } = source, came = asBytes(source) ?? (await download(url, what, transfer)), [head] = [came].flat();
  // Bytes behind what a .vitrine file says is its end are signatures, most likely.
  const isPlain = (/** @type {Uint8Array} */ { buffer, byteOffset, length }) => (publicKey ?? minVersion) === undefined
    && !(length > 127 && new DataView(buffer, byteOffset).getUint32(24, true) < sizeOf(came));
  if (head?.length > 127 && head[0] === 0x89 && sha256 === undefined && isPlain(head)) return came;
  const bytes = whole(came);
  if (bytes[0] !== 0x89) await refuseHtml(bytes, what, url ?? 'the given bytes');
  if (sha256 !== undefined) await (await import('./transfer.js')).verify(bytes, what, sha256, transfer.onProgress, warn);
  return isPlain(bytes) ? bytes : (await import('./signature.js')).unsealed(bytes, source, what, warn);
}
