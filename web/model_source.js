// @ts-check
/* Bytes of wasm, model and catalog: from the page, from the shop's own host, or in Node from a file.
 * The one file of the package that touches the network. */
import { VitrineError } from './errors.js';

/** @typedef {{ phase: 'initiate' | 'download' | 'verify' | 'open' | 'ready', file: string, loaded: number, total: number }} Progress */
/** @typedef {{ signal?: AbortSignal, timeout: number, onProgress: (p: Progress) => void }} Transfer */

const HTML_HINT = 'The address is wrong, or the host answers unknown addresses with its start page.';

/** @param {URL | string} url @returns {URL} */
function absolute(url) {
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch {
    throw new TypeError(`'${url}' is no address; outside a page give a whole one, or the bytes`);
  }
}

/** A host that answers a missing file with a page is the commonest mistake of all: say so.
 * @param {Uint8Array} bytes @param {string} what @param {string} from @param {string} [hint] */
export function refuseHtml(bytes, what, from, hint = HTML_HINT) {
  let at = 0;
  while (at < 64 && bytes[at] !== undefined && (bytes[at] <= 32 || bytes[at] >= 0xbb)) at++;
  if (bytes[at] === 0x3c)
    throw new VitrineError('html_instead', `your server returned HTML for ${from} (the ${what})`, { hint });
  if (bytes.length === 0) throw new VitrineError('empty_file', `${from} (the ${what}) is empty`, { hint });
}

/** @param {Response} response @param {(n: number) => void} step */
async function readBody(response, step) {
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const chunks = [];
  let size = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    step((size += value.length));
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** @param {URL | string} address @param {string} what @param {Transfer} transfer */
export async function download(address, what, { signal, timeout, onProgress }) {
  signal?.throwIfAborted();
  const url = absolute(address);
  onProgress({ phase: 'initiate', file: what, loaded: 0, total: 0 });
  if (url.protocol === 'file:') {
    // Node's fetch knows no files. A name in a variable gives bundlers for the browser nothing to resolve.
    const module = 'node:fs/promises';
    try {
      const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ module);
      return new Uint8Array(await readFile(url));
    } catch (cause) {
      throw new VitrineError('not_found', `${what}: ${url.pathname} cannot be read`, { cause });
    }
  }
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const response = await fetch(url, { signal: stop.signal, credentials: 'same-origin' });
    if (!response.ok)
      throw new VitrineError('not_found', `${what}: ${url} answered ${response.status}`,
        { hint: `Copy the file to that address, or name another one.` });
    // The length counts packed bytes when the host packs, so it says nothing then.
    const packed = response.headers.get('content-encoding');
    const total = packed ? 0 : Number(response.headers.get('content-length')) || 0;
    const bytes = await readBody(response, (loaded) => onProgress({ phase: 'download', file: what, loaded, total }));
    return bytes;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof VitrineError) throw cause;
    if (stop.signal.aborted)
      throw new VitrineError('timeout', `${what}: ${url} was not there after ${timeout} ms`, { cause });
    throw new VitrineError('network', `${what}: ${url} cannot be fetched`,
      { cause, hint: 'Offline, another origin without CORS, or connect-src of the page forbids it.' });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** @param {unknown} value @returns {Uint8Array | null} */
export function asBytes(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return null;
}

/** Bytes of a file that the shop names, checked against its sum.
 * @param {any} source  bytes, or { url, sha256? }
 * @param {string} what
 * @param {Transfer} transfer
 * @param {(code: string) => void} warn */
export async function readSource(source, what, transfer, warn) {
  const bytes = asBytes(source) ?? (await download(source.url, what, transfer));
  refuseHtml(bytes, what, source.url ?? 'the given bytes');
  if (source.sha256 !== undefined) {
    transfer.onProgress({ phase: 'verify', file: what, loaded: bytes.length, total: bytes.length });
    // Insecure pages have no crypto.subtle. The container's own sums are still checked when opened.
    if (!globalThis.crypto?.subtle) warn('sha256_unchecked');
    else {
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {any} */ (bytes)));
      const hex = [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      if (hex !== String(source.sha256).toLowerCase())
        throw new VitrineError('sha256_mismatch', `${what}: SHA-256 is ${hex}, not ${source.sha256}`,
          { hint: 'An old copy in a cache, or a file that was changed after the page was written.' });
    }
  }
  return bytes;
}
