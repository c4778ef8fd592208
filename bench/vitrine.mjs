// Vitrine for the peers' bench: the published package through its own entry, and a `.vitrine` file
// made of the weights that every peer gets. See bench/README.md.
import { openEngine } from '../build/web/direct.js';
import { folder, packer } from '../build/web.place.js';
import { writeModel } from './write-model.mjs';

const VIEW = 0, CAPACITY = 2000;
/** From so many items on rows are split, as `vitrine quantize` advises (docs/performance.md). */
const SPLIT_FROM = 262144;

/** An adapter for one definition and one variant ('auto': the best this engine runs). */
export const vitrine = ({ precision, variant = 'auto' }) => ({
  meta: { peer: 'vitrine', precision, variant },
  async create(m, ctx) {
    let written = 0;
    const split = m.N >= SPLIT_FROM;
    const write = async () => {
      const file = await writeModel({ items: m.N, dim: m.H, input: m.E, rows: Math.min(m.V, m.N), precision, split,
        item: m.items, embed: m.emb, w: m.Wx, u: m.Wh, b: m.b }, Uint8Array.from(atob(packer), (letter) => letter.charCodeAt(0)));
      written = performance.now();
      return file;
    };
    const wasmUrl = ctx.env === 'browser' ? ctx.wasmUrl ?? `${location.origin}/cand/${folder}` : undefined;
    const model = Promise.resolve().then(write);
    /** A module of vitrine/large. @param {string} name */
    const large = (name) => openEngine({ model, capacity: CAPACITY, wasmUrl: wasmUrl ? wasmUrl + name : new URL(name, `file://${folder}`) });
    // The engine is fetched while the file is made.
    const { engine } = split
      ? await (variant === 'auto' ? large('vitrine-large-relaxed.wasm').catch(() => large('vitrine-large-simd.wasm')) : large('vitrine-large-simd.wasm'))
      : await openEngine({ model, capacity: CAPACITY, variant, ...(wasmUrl ? { wasmUrl } : {}) });
    const openMs = performance.now() - written;
    const step = (id) => {
      // A full profile would take a second step, of the event that leaves it.
      if (engine.events() === CAPACITY) engine.forgetAll();
      engine.observe(id, VIEW, 0, 0);
    };
    const topk = () => {
      const list = engine.recommend({ limit: m.K, exclude: [] }).items;
      return { ids: list.map((one) => one.item), scores: list.map((one) => one.score) };
    };
    const some = Array.from({ length: 50 }, (_, i) => Math.floor((i * m.N) / 50));
    return {
      step, topk, openMs,
      /** Six shelves after an event: for you three times over, like the last item, popular twice. */
      page(id) {
        step(id);
        for (const exclude of [[], ['viewed'], ['cart']]) engine.recommend({ exclude, limit: m.K });
        engine.recommend({ placement: 'more_like_this', seeds: [engine.id(id)], exclude: [], limit: m.K });
        engine.recommend({ placement: 'bestsellers', exclude: [], limit: m.K });
        return engine.recommend({ placement: 'bestsellers', exclude: ['viewed'], limit: m.K }).items;
      },
      rerank: () => engine.rerank(some),
      encode(ids) {
        engine.forgetAll();
        for (let i = 0; i < ids.length; i++) step(ids[i]);
      },
      event(id) {
        step(id);
        return topk();
      },
      memoryBytes: () => engine.memoryBytes,
    };
  },
});
