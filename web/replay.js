// @ts-check
/* What this page knows and what it listed, as JSON for a support ticket: `vitrine replay` plays it on
 * another machine and names the first difference. It holds the shopper's events, so it is made when they
 * ask for it, by export({ replay: true }), and goes nowhere by itself. Fetched only then. */

import { kindName } from './engine_more.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** What to list. exclude: flags as bits.
 * @typedef {{ kind: 'rank' | 'popular', limit: number, exclude?: number } | { kind: 'similar', limit: number, item_id: string, exclude?: number }} Request */

const VISITOR = 0, COSINE = 0, LISTED = 100, SIMILAR = 20;

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** @param {Engine} engine @param {Request} request @returns {[string, number][]} ids and scores, best first */
function list(engine, request) {
  const { x } = engine, k = Math.min(request.limit, x.items()), exclude = request.exclude ?? 0;
  const seed = request.kind === 'similar' ? x.find(...engine.spell(request.item_id)) : 0;
  const at = engine.room(8 * k), scores = at + 4 * k;
  const count = request.kind === 'rank' ? x.rank(VISITOR, exclude, 0, k, at, scores)
    : request.kind === 'popular' ? x.popular(exclude, 0, k, at, scores)
      : x.similar(seed, COSINE, exclude, 0, k, at, scores);
  const items = engine.u32(at, count).slice(), values = engine.f32(scores, count).slice();
  return Array.from(items, (item, i) => [engine.words(x.id(item)), values[i]]);
}

/** @param {Engine} engine @returns {Uint8Array} the profile as a file */
function profileOf(engine) {
  const size = engine.x.save_size() >>> 0, at = engine.room(size);
  const written = engine.x.save(at, size) >>> 0;
  if (written === 0) throw engine.refusal('profile');
  return engine.u8(at, written).slice();
}

/** @param {Engine} engine
 * @param {{ version: string, variant: string, requests?: Request[] }} page
 * @returns {any} see docs/cli.md */
export function replayOf(engine, { version, variant, requests }) {
  const { x } = engine, count = x.events(VISITOR);
  /** Numbers are written so that they read back to the same bits. */
  const events = Array.from({ length: count }, (_, i) => {
    return { type: kindName(x.event_kind_at(VISITOR, i)), item_id: engine.words(x.id(x.event_item(VISITOR, i))), time: x.event_time(VISITOR, i) };
  });
  const last = events.at(-1)?.item_id;
  const asked = requests ?? [
    { kind: /** @type {const} */ ('rank'), limit: LISTED },
    ...(last === undefined ? [] : [{ kind: /** @type {const} */ ('similar'), limit: SIMILAR, item_id: last }]),
    { kind: /** @type {const} */ ('popular'), limit: SIMILAR }];
  const state = x.profile_state(VISITOR);
  return {
    schema: 'vitrine-replay/1',
    made_by: { version, variant },
    model: hex(engine.u8(x.model_hash(), 32)),
    catalog: { hash: hex(engine.u8(x.catalog_hash(), 32)), version: x.catalog_version(), digest: x.catalog_digest() >>> 0 },
    events,
    state: Array.from(engine.f32(state, x.length())),
    profile: base64(profileOf(engine)),
    requests: asked.map((request) => ({ ...request, list: list(engine, request) })),
  };
}
