// @ts-check
/* The worker's side of worker.js. The package asks `document` whether somebody looks and `navigator`
 * who drives; in a worker both answers come from the page. */
import { createRecommender } from './index.js';

/** @type {any} */
const scope = globalThis;
const seen = Object.assign(new EventTarget(), { visibilityState: 'visible', prerendering: false, baseURI: '' });
const leaving = new EventTarget();
/** @type {any} */
let v = null;
const SOON_MS = 20;
/** @type {any} */
let soon;

/** What may cross: errors by their words, the rest as it is. @param {any} error */
const sendable = (error) => ({ name: error?.name, code: error?.code, message: String(error?.message ?? error), hint: error?.hint });

/** What the page's own store was asked. @type {Map<number, { resolve: (value: any) => void, reject: (error: unknown) => void }>} */
const asked = new Map();
let questions = 0;
/** A store of the shop's, which stayed on the page. @param {string[]} names */
const placeOf = (names) => Object.fromEntries(names.map((name) => [name, (/** @type {any[]} */ ...args) => new Promise((resolve, reject) => {
  asked.set(++questions, { resolve, reject });
  scope.postMessage({ place: name, args, number: questions });
})]));

/** @type {Record<string, (...args: any[]) => any>} */
const CALLS = {
  async create(options) {
    if (Array.isArray(options.storage)) options = { ...options, storage: placeOf(options.storage) };
    v = await createRecommender({ ...options, onProgress: (/** @type {any} */ progress) => scope.postMessage({ progress }) });
    for (const topic of ['result', 'event', 'consent', 'storage', 'error'])
      v.on(topic, (/** @type {any} */ detail) => scope.postMessage({ topic, consent: v.consent.state,
        detail: detail instanceof Error ? sendable(detail) : detail.error ? { ...detail, error: sendable(detail.error) } : detail }));
    // What answers at once on a page has no meaning here.
    return Object.getOwnPropertyNames(Object.getPrototypeOf(v)).filter((name) => !/^(constructor|begin|on|items|close|.*Sync)$/.test(name));
  },
  /** A page that goes away ends its worker at once: what was told is written soon, not at the last moment. */
  track(...args) {
    const answer = v.track(...args);
    soon ??= setTimeout(() => {
      soon = undefined;
      void v?.flush();
    }, SOON_MS);
    return answer;
  },
  async close() {
    clearTimeout(soon);
    await v.close();
    v = null;
  },
  consent: (state, options) => v.consent.set(state, options),
  items: () => [...v.items()],
  async metrics() {
    const numbers = await v.metrics();
    return { ...numbers, errors: numbers.errors.map(sendable) };
  },
};

scope.onmessage = async (/** @type {MessageEvent} */ { data: { page, event, persisted, id, call, args, number, found, fault } }) => {
  if (number) {
    const question = asked.get(number);
    asked.delete(number);
    return fault === undefined ? question?.resolve(found) : question?.reject(new Error(fault));
  }
  if (page) {
    const { webdriver, gpc, ...rest } = page;
    Object.assign(seen, rest);
    for (const [name, value] of [['webdriver', webdriver], ['globalPrivacyControl', gpc]])
      Object.defineProperty(scope.navigator, name, { value, configurable: true });
    scope.document ??= seen;
    scope.window ??= leaving;
    if (event) (/^page/.test(event) ? leaving : seen).dispatchEvent(Object.assign(new Event(event), { persisted }));
    return;
  }
  try {
    const answer = await (CALLS[call] ? CALLS[call](...args) : v[call](...args));
    scope.postMessage({ id, answer, consent: v?.consent.state });
  } catch (error) {
    scope.postMessage({ id, error: sendable(error) });
  }
};
