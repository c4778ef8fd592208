// @ts-check
/* The same recommender in a worker of the page's own origin: every call is a message, so every answer
 * is a promise. What only a page knows, whether it is seen and who drives it, goes along; a store of the
 * shop's own stays with the page, which is asked what the worker would ask of it. */
import { VitrineError } from './errors.js';

export { VERSION, WASM_SHA256 } from './constants.js';
export { VitrineError };

const PLACE = ['get', 'set', 'delete'];

/** An error as it came over. @param {any} sent */
function revive({ name, code, message, hint }) {
  return name === 'VitrineError' ? new VitrineError(code, message, { hint }) : name === 'TypeError' ? new TypeError(message) : new Error(message);
}

/** What of a page counts for learning. */
function page() {
  const document = /** @type {any} */ (globalThis.document);
  return { visibilityState: document?.visibilityState ?? 'visible', prerendering: document?.prerendering === true,
    baseURI: document?.baseURI ?? '', webdriver: globalThis.navigator?.webdriver === true,
    gpc: /** @type {any} */ (globalThis.navigator)?.globalPrivacyControl === true };
}

/** @param {any} options  as of createRecommender; onProgress and signal stay here
 * @returns {Promise<any>} */
export async function createRecommender(options) {
  const { onProgress, signal, sources, storage, ...sent } = options ?? {};
  // Functions do not cross.
  const place = typeof storage === 'object' ? storage : null;
  if (place) for (const name of PLACE) if (typeof place[name] !== 'function') throw new TypeError(`storage.${name} wants a function`);
  if (storage !== undefined) sent.storage = place ? PLACE : storage;
  if (sources) throw new TypeError('sources: what a page says is heard on the page; use the main thread');
  signal?.throwIfAborted();
  for (const what of ['model', 'catalog'])
    if (sent[what]?.url !== undefined) sent[what] = { ...sent[what], url: String(new URL(sent[what].url, globalThis.document?.baseURI)) };
  if (sent.wasmUrl) sent.wasmUrl = String(new URL(sent.wasmUrl, globalThis.document?.baseURI));
  const worker = new Worker(new URL('./worker_host.js', import.meta.url), { type: 'module' });
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: unknown) => void }>} */
  const waiting = new Map();
  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  let calls = 0, open = true, state = 'denied';
  /** @param {string} call @param {any[]} args @returns {Promise<any>} */
  const ask = (call, ...args) => new Promise((resolve, reject) => {
    if (!open) throw new TypeError('this recommender was closed');
    try {
      worker.postMessage({ id: ++calls, call, args });
    } catch (cause) {
      throw new TypeError(`${call}: what goes to a worker holds no functions`, { cause });
    }
    waiting.set(calls, { resolve, reject });
  });
  /** @param {unknown} error */
  const end = (error) => {
    open = false;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.onmessage = ({ data }) => {
    if (data.consent) state = data.consent;
    if (data.progress) return onProgress?.(data.progress);
    if (data.place) {
      const { place: name, args, number } = data;
      return void new Promise((done) => done(place[name](...args))).then(
        (found) => worker.postMessage({ number, found }), (error) => worker.postMessage({ number, fault: String(error?.message ?? error) }));
    }
    if (data.topic) {
      for (const fn of listeners.get(data.topic) ?? []) {
        try {
          fn(data.detail);
        } catch (error) {
          reportError(error);
        }
      }
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) call?.reject(revive(data.error));
    else call?.resolve(data.answer);
  };
  worker.onerror = (event) => end(new VitrineError('worker_failed', `the worker did not start: ${event.message ?? 'not found'}`,
    { hint: 'Serve worker_host.js beside worker.js from the page\'s own origin, and allow it with worker-src.' }));
  const abort = () => end(signal.reason);
  signal?.addEventListener('abort', abort);

  const tell = (/** @type {any} */ { type, persisted }) => worker.postMessage({ page: page(), event: type, persisted });
  const followed = [['visibilitychange', globalThis.document], ['prerenderingchange', globalThis.document],
    ['pagehide', globalThis.window], ['pageshow', globalThis.window]];
  worker.postMessage({ page: page() });
  /** The names of the calls, as the recommender there has them. @type {string[]} */
  let names;
  try {
    names = await ask('create', sent);
  } catch (error) {
    if (open) end(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  for (const [name, target] of /** @type {[string, any][]} */ (followed)) target?.addEventListener(name, tell);
  let unfollow = () => {};
  if ((sent.consent ?? 'auto') === 'auto') {
    const signals = await import('./consent_signals.js').catch(() => null);
    /** @type {Promise<unknown>[]} */
    const answers = [];
    if (signals) unfollow = signals.follow((answer) => void answers.push(ask('consent', answer).catch(() => {})));
    await Promise.all(answers);
  }
  const close = async () => {
    if (!open) return;
    unfollow();
    await ask('close').catch(() => {});
    for (const [name, target] of /** @type {[string, any][]} */ (followed)) target?.removeEventListener(name, tell);
    end(new TypeError('this recommender was closed'));
  };
  return {
    ...Object.fromEntries(names.map((call) => [call, (/** @type {any[]} */ ...args) => ask(call, ...args)])),
    consent: {
      get state() {
        return state;
      },
      set: (/** @type {any[]} */ ...args) => ask('consent', ...args),
    },
    items: () => ask('items'),
    /** @param {string} topic @param {(detail: any) => void} fn */
    on(topic, fn) {
      if (!['result', 'event', 'consent', 'storage', 'error'].includes(topic)) throw new TypeError(`on: no topic '${topic}'`);
      if (typeof fn !== 'function') throw new TypeError('on wants a function');
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(fn));
      return () => void set.delete(fn);
    },
    close,
    ...(Symbol.asyncDispose ? { [Symbol.asyncDispose]: close } : {}),
  };
}
