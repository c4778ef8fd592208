// @ts-check
/* Bytes of wasm, model and catalog: from the page, from the shop's own host, or in Node from a file.
 * The one file of the package that touches the network. */
import { VitrineError, failure } from './errors.js';

/** @typedef {{ phase: 'initiate' | 'download' | 'verify' | 'open' | 'ready', file: string, loaded: number, total: number }} Progress */
/** steps: somebody wants to hear of bytes as they come.
 * @typedef {{ signal?: AbortSignal, timeout: number, onProgress: (p: Progress) => void, steps?: boolean }} Transfer */

/** What is no file of ours by its first byte may be a page or nothing, which is to be said.
 * @param {Uint8Array} bytes @param {string} what @param {any} from @returns {Promise<void>} */
export const refuseHtml = (bytes, what, from) => import('./transfer.js').then((it) => it.refuseHtml(bytes, what, from), () => {});

/** @param {URL | string} address @param {string} what @param {Transfer} transfer */
export async function download(address, what, { signal, timeout, onProgress, steps }) {
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
    const response = await fetch(url, { signal: stop.signal, credentials: 'same-origin' });
    if (!response.ok) throw failure('not_found', { what, from: url, status: response.status });
    return steps ? await (await import('./transfer.js')).readBody(response, what, onProgress)
      : new Uint8Array(await response.arrayBuffer());
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

/** Whether bytes stand behind what a .vitrine file says is its end: signatures, most likely.
 * @param {Uint8Array} bytes */
const isLonger = (bytes) => bytes.length > 128 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(24, true) < bytes.length;

/** Bytes of a file that the shop names, checked against its sum and its signature.
 * @param {any} source  bytes, or { url, sha256?, publicKey?, unsigned?, minVersion? }
 * @param {string} what
 * @param {Transfer} transfer
 * @param {(code: string) => void} warn */
export async function readSource(source, what, transfer, warn) {
  const bytes = asBytes(source) ?? (await download(source.url, what, transfer));
  if (bytes[0] !== 0x89) await refuseHtml(bytes, what, source.url ?? 'the given bytes');
  if (source.sha256 !== undefined) await (await import('./transfer.js')).verify(bytes, what, source.sha256, transfer.onProgress, warn);
  if (source.publicKey === undefined && source.minVersion === undefined && !isLonger(bytes)) return bytes;
  return (await import('./signature.js')).unsealed(bytes, source, what, warn);
}
