// @ts-check
/* What the engine can do beside ranking: reasons, the profile as bytes, what is in the model, writing a
 * catalog file. */
import { PARTS, REASON_WORDS } from './constants.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {{ kind: string, share: number, parts: Record<string, number>, event: number, source: number, lost: number }} EngineReason */

const NONE = 0xffffffff;

/** @param {Engine} engine @param {number} who @param {number[]} items at most 1,000 @returns {EngineReason[]} */
export function reasonsOf(engine, who, items) {
  if (items.length === 0) return [];
  const at = engine.room(4 * REASON_WORDS * items.length);
  const count = engine.x.explain(who, ...engine.list(items), at);
  if (count === 0) throw engine.refusal('explain');
  return items.slice(0, count).map((_, i) => {
    const from = at + 4 * REASON_WORDS * i, n = PARTS.length;
    const words = engine.u32(from, REASON_WORDS), floats = engine.f32(from, REASON_WORDS);
    /** @param {number} word */
    const index = (word) => (words[word] === NONE ? -1 : words[word]);
    return {
      kind: PARTS[words[0]],
      share: floats[1],
      parts: Object.fromEntries(PARTS.map((part, p) => [part, floats[2 + p]])),
      event: index(2 + n),
      source: index(3 + n),
      lost: floats[4 + n],
    };
  });
}

/** @param {Engine} engine */
export const modelOf = (engine) => ({
  version: engine.modelVersion,
  hash: engine.modelHash,
  card: engine.words(engine.x.model_card()),
});

/** The visitor's profile as a file. @param {Engine} engine */
export function saveProfile(engine) {
  const size = engine.x.save_size() >>> 0, at = engine.room(size);
  const written = engine.x.save(at, size) >>> 0;
  if (written === 0) throw engine.refusal('profile');
  return engine.u8(at, written).slice();
}

/** @param {Engine} engine @param {Uint8Array} bytes @returns {number} events skipped, of items no longer there */
export function loadProfile(engine, bytes) {
  // Files are read in place and want their alignment.
  const at = engine.room(bytes.length);
  engine.u8(at, bytes.length).set(bytes);
  engine.check(engine.x.load(at, bytes.length), 'profile');
  return engine.x.skipped();
}
