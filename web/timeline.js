// @ts-check
/* Where the time goes from a page's first script to its first list, for a developer to look at and for the
 * bench: a thing to import by hand and before createRecommender(), since it puts itself between the package
 * and what the browser offers. Each span becomes an entry of performance, `vitrine:NAME`, so that the
 * browser's own tools show it. Nothing else of the package knows of it. */

/** @typedef {{ name: string, start: number, ms: number }} Span  start: ms since the page began to load */

/** Calls of the wasm that take time, by what they are for. @type {Record<string, string>} */
const CALLS = {
  $known_answer: 'try the kernels', $model_need: 'header', $model_open: 'open model', $catalog_need: 'open catalog', $catalog_open: 'open catalog',
  $profiles_open: 'open profile', $load: 'load profile', $observe: 'learn', $shelf: 'rank',
};

/** Watch from here on.
 * @returns {{ spans(): Span[], stop(): void }} spans: in the order they began; what was fetched included */
export function watch() {
  const from = performance.now(), { compile, instantiate } = WebAssembly, subtle = globalThis.crypto?.subtle, digest = subtle?.digest;
  /** @type {Span[]} */
  const spans = [];
  /** @param {string} name @param {number} start */
  const add = (name, start) => {
    const ms = performance.now() - start;
    spans.push({ name, start, ms });
    performance.measure(`vitrine:${name}`, { start, duration: ms });
  };
  /** @param {string} name @param {(...args: any[]) => any} work */
  const timed = (name, work) => /** @this {any} @param {any[]} args */ function (...args) {
    const start = performance.now(), answer = work.apply(this, args);
    if (typeof answer?.finally === 'function') return answer.finally(() => add(name, start));
    add(name, start);
    return answer;
  };
  WebAssembly.compile = timed('compile', compile);
  if (subtle) subtle.digest = timed('hash', digest);
  const start = timed('instantiate', instantiate);
  /** The exports are numbers and functions of a fixed object: what is handed on is a copy with clocks. */
  WebAssembly.instantiate = /** @type {any} */ (async (/** @type {any[]} */ ...args) => {
    const instance = await start.apply(WebAssembly, args);
    if (!(instance instanceof WebAssembly.Instance)) return instance;
    /** @type {Record<string, any>} */
    const exports = { ...instance.exports };
    for (const [call, name] of Object.entries(CALLS))
      if (exports[call]) exports[call] = timed(name, exports[call]);
    return { exports };
  });
  return {
    spans: () => [...spans, ...performance.getEntriesByType('resource').filter(({ name, startTime }) => startTime >= from && /\.(wasm|vitrine|js)\b/.test(name))
      .map(({ name, startTime, duration }) => ({ name: `get ${name.split('/').pop()}`, start: startTime, ms: duration }))]
      .sort((a, b) => a.start - b.start),
    stop() {
      Object.assign(WebAssembly, { compile, instantiate });
      if (subtle) subtle.digest = digest;
    },
  };
}
