// @ts-check
/* Between the elements of a page and its recommender: who is there, and when to look again. */

/** @typedef {{ refresh?: () => void, options?: () => any, show?: (result: any) => void } & HTMLElement} Part */

/** @type {Set<any>} */
const parts = new Set();
/** @type {any} */
let recommender = null;
let due = false;
/** Counts the passes over the shelves: what a newer one has overtaken ends. */
let passes = 0;
/** Shelves that stand: what changes in them comes in the frame of the event. @type {WeakSet<any>} */
const standing = new WeakSet();

/** The page may paint and answer between two shelves that come for the first time. */
const pause = () => /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((next) => setTimeout(next));

export const now = () => recommender;
/** @param {string} id */
export const title = (id) => recommender?.item(id)?.title ?? id;

/** Rank every shelf of the page anew, without an item twice, and tell the other elements.
 * In the frame of the event: a microtask gathers what comes at once. */
export function look() {
  if (due) return;
  due = true;
  queueMicrotask(async () => {
    due = false;
    // While the page is being read, a list may stop in its middle.
    if (!recommender || document.readyState === 'loading') return;
    const v = recommender, shelves = [...parts].filter((part) => part.options).sort((a, b) =>
      (a.compareDocumentPosition(b) & 4 ? -1 : 1));
    for (const part of parts) part.refresh?.();
    const asked = shelves.map((shelf) => shelf.options()), pass = ++passes;
    /** @param {any} shelf */
    const isFirst = (shelf) => !standing.has(shelf);
    try {
      if (shelves.every(isFirst)) await pause();
      if (pass !== passes) return;
      const results = await v.page(asked), later = shelves.map(isFirst);
      shelves.forEach((shelf, i) => later[i] || shelf.show(results[i]));
      for (const [i, shelf] of shelves.entries()) {
        if (!later[i]) continue;
        await pause();
        if (pass !== passes) return;
        standing.add(shelf);
        shelf.show(results[i]);
      }
    } catch {
      // One wrong attribute is one shelf's: each is asked alone.
      for (const [i, shelf] of shelves.entries()) {
        try {
          shelf.show(await v.recommend(asked[i]));
        } catch (error) {
          console.error(shelf, error);
        }
      }
    }
  });
}

/** @param {any} part */
export function join(part) {
  parts.add(part);
  look();
}
/** @param {any} part */
export const leave = (part) => parts.delete(part);

/** Let the page's elements work for a recommender, now and when more of them come.
 * @param {any} given  a recommender, or the promise of one @returns {Promise<() => void>} stop */
export async function attach(given) {
  const v = (recommender = await given);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', look);
  const off = [
    v.on('event', (/** @type {any} */ event) => event.learnt && look()),
    v.on('consent', look),
    v.on('storage', (/** @type {any} */ { forgot, erased }) => (forgot || erased) && look()),
  ];
  look();
  return () => {
    for (const stop of off) stop();
    if (recommender === v) recommender = null;
  };
}

/** An element of the shadow tree. @param {string} tag @param {Record<string, any>} [fields] @param {(Node | string)[]} inside
 * @returns {any} */
export function make(tag, fields = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string') /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

/** @param {HTMLElement} host @param {string} css @param {Node[]} inside @returns {ShadowRoot} */
export function shadow(host, css, ...inside) {
  const root = host.attachShadow({ mode: 'open' });
  root.append(...inside);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Unstyled, then.
  }
  return root;
}

export const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});
