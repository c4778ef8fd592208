// @ts-check
/* What this page knows and what it listed, as JSON for a support ticket: `vitrine replay` plays it on
 * another machine and names the first difference. It holds the shopper's events, so it is made when they
 * ask for it, by export({ replay: true }), and goes nowhere by itself. Fetched only then. */

import { WHO } from './constants_more.js';
import { eventAt, kindName, saveProfile, stateOf } from './engine_more.js';
import { prepare } from './shelves.js';
import { hex } from './transfer.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** A shelf to list, as recommend() takes it.
 * @typedef {{ placement: string, limit: number, exclude: string[], seeds: string[] }} Request */

const LISTED = 100, BELOW = 20, SEEDED = ['related', 'more_like_this', 'bought_together'];

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** @param {Engine} engine @param {Request} request @returns {[string, number, string][]} ids, scores and rungs, best first */
const list = (engine, request) => prepare(request)(engine, [], []).list.map(({ item, score, rung }) => [engine.id(item), score, rung]);

/** @param {Engine} engine
 * @param {{ version: string, variant: string, learn: number, requests?: Request[] }} page
 * @returns {any} see docs/cli.md */
export function replayOf(engine, { version, variant, learn, requests }) {
  const { x } = engine, count = x.$events(WHO.visitor);
  /** Numbers are written so that they read back to the same bits. */
  const events = Array.from({ length: count }, (_, i) => {
    const { item, kind, time } = eventAt(engine, i);
    return { type: kindName(kind), item_id: engine.id(item), time };
  });
  const last = events.slice(-1).map(({ item_id }) => item_id), exclude = ['purchased', 'cart'];
  /** @param {string} placement @param {string[]} [seeds] @param {number} [limit] */
  const ask = (placement, seeds = [], limit = BELOW) => ({ placement, limit, exclude, seeds });
  const asked = requests ?? [ask('for_you', [], LISTED), ...SEEDED.map((placement) => ask(placement, last)), ask('bestsellers')];
  x.$rules_clear();
  return {
    schema: 'vitrine-replay/1',
    made_by: { version, variant },
    model: hex(engine.u8(x.$model_hash(), 32)),
    catalog: { hash: hex(engine.u8(x.$catalog_hash(), 32)), version: x.$catalog_version(), digest: x.$catalog_digest() >>> 0 },
    learn,
    events,
    state: Array.from(stateOf(engine)),
    profile: base64(saveProfile(engine)),
    requests: asked.map((request) => ({ ...request, list: list(engine, request) })),
  };
}
