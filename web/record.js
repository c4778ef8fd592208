// @ts-check
/* One event as it is kept, sent to another tab, exported. Whatever comes back from there is checked
 * field by field into an object without prototype: nothing that lay in a store is trusted. */
import { isObject } from './errors.js';

export { byOrder, recordId } from './journal.js';

/** @typedef {{ tab: number, seq: number, type: string, item_id: string, time: number, value: number }} Rec */
/** @typedef {{ bytes: Uint8Array, ids: string[] }} Snapshot */

/** What is to be forgotten. @typedef {{ item_id?: string, since?: number }} Match */
/** @param {Match} match @param {any} record */
export const matches = ({ item_id, since = Infinity }, record) =>
  (item_id !== undefined && record?.item_id === item_id) || record?.time >= since;

/** @param {any} n */
const isCount = (n) => Number.isSafeInteger(n) && n >= 0;

/** @param {unknown} tab @param {unknown} seq @param {any} value @returns {Rec | null} */
export function checkRecord(tab, seq, value) {
  if (!isCount(tab) || !isCount(seq) || !isObject(value)) return null;
  const { type, item_id, time, value: amount } = value;
  if (typeof type !== 'string' || type.length > 64) return null;
  if (typeof item_id !== 'string' || item_id === '' || item_id.length > 512) return null;
  if (!isCount(time) || !Number.isFinite(amount)) return null;
  return Object.assign(Object.create(null), { tab, seq, type, item_id, time: Math.min(time, Date.now()), value: amount });
}

/** @param {any} value @returns {Snapshot | null} */
export function checkSnapshot(value) {
  if (!isObject(value) || !(value.bytes instanceof Uint8Array) || !Array.isArray(value.ids)) return null;
  if (value.ids.length > 65536 || !value.ids.every((id) => typeof id === 'string' && id.length < 64)) return null;
  return { bytes: value.bytes, ids: value.ids };
}

/** @param {Uint8Array} bytes */
export const toBase64 = (bytes) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** @param {string} text @returns {Uint8Array} throws when it is not base64 */
export const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
