// @ts-check
/* One tag starts everything:
 *
 *   <script type="module" src="/vitrine/auto.js" data-vitrine-model="/shop/model.vitrine"></script>
 *
 * Elements, listeners on what the page says already, and lists to be put in order. */
import { createRecommender } from './index.js';
import { connect, words } from './elements.js';
import { rerankGrids } from './grids.js';

export { rerankGrids };

/** @param {DOMStringMap} tag what data-vitrine-* says */
async function start(tag) {
  const { vitrineModel, vitrineCatalog, vitrineConsent = 'auto', vitrineSources = 'dataLayer jsonld', vitrineFallback,
    vitrineStorage, vitrineWasm, vitrineWords, vitrineLearnFromAutomation } = tag;
  /** @param {string} [text] */
  const list = (text) => (text ?? '').split(/[\s,]+/).filter(Boolean);
  const sources = list(vitrineSources);
  if (sources.length || vitrineConsent === 'auto') import('./adapters.js').then((it) => it.ahead(sources, vitrineConsent)).catch(() => {});
  try {
    if (vitrineWords) Object.assign(words, JSON.parse(vitrineWords));
  } catch (error) {
    console.warn('data-vitrine-words is no JSON', error);
  }
  // As a classic script in the head this comes before what it works on.
  if (document.readyState === 'loading') await new Promise((done) => document.addEventListener('DOMContentLoaded', done));
  // Elements have just been set up, in this task.
  await (/** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((next) => setTimeout(next)));
  const v = await createRecommender(/** @type {any} */ ({
    ...(vitrineModel ? { model: { url: vitrineModel } } : {}),
    ...(vitrineCatalog ? { catalog: vitrineCatalog === 'page' ? { fromPage: true } : { url: vitrineCatalog } } : {}),
    ...(vitrineStorage ? { storage: vitrineStorage } : {}),
    ...(vitrineWasm ? { wasmUrl: vitrineWasm } : {}),
    consent: vitrineConsent,
    sources,
    fallback: list(vitrineFallback),
    learnFromAutomation: vitrineLearnFromAutomation !== undefined,
  }));
  const grids = () => rerankGrids(v);
  grids();
  void connect(v);
  let due = false;
  const again = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      grids();
    });
  };
  v.on('event', ({ learnt }) => learnt && again());
  v.on('consent', again);
  document.dispatchEvent(new CustomEvent('vitrine-ready', { detail: v }));
  return v;
}

// A module script has no document.currentScript: the tag is known by what it says.
const tag = /** @type {HTMLElement | null | undefined} */ (globalThis.document?.querySelector('script[data-vitrine-model], script[data-vitrine-catalog]'));

/** The page's recommender; null where no tag asks for one, or when it could not start.
 * @type {Promise<any>} */
export const ready = tag ? start(tag.dataset).catch((error) => {
  console.warn('vitrine:', error);
  return null;
}) : Promise.resolve(null);
