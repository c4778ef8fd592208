/* Compiled, never run: what the declarations must accept, refuse, and share with the code. */
import { createRecommender, VERSION, VitrineError, WASM_SHA256 } from '../../build/modules/index.js';
import type { Excludable, ExportedProfile, Recommender, Result } from '../../build/modules/index.js';
import { Recommender as Code } from '../../build/modules/recommender.js';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

// Every call that is declared exists, and every one that exists is declared; `begin` is the package's own.
export const calls: Same<keyof Recommender, Exclude<keyof Code, 'begin'> | typeof Symbol.asyncDispose> = true;

interface Shoe {
  item_id: string;
  price: number;
  size: number;
}

export async function use(bytes: Uint8Array, shoes: Shoe[]): Promise<Result> {
  const v = await createRecommender({ model: bytes, catalog: { items: shoes }, consent: 'granted' });
  const shoe: Shoe | undefined = v.item('7');
  const size: number | undefined = shoe?.size;
  v.track('view_item', { items: [{ item_id: 'a', price: 3, colour: 'red' }] });
  v.track('Product Viewed', { item_id: size });
  const off: () => void = v.on('result', (result) => result.items.map((item) => item.reason?.event_id));
  off();
  const exclude: Excludable[] = ['cart'];
  const saved: ExportedProfile = await v.export();
  await v.import(saved);
  await v.forget({ since: new Date() });
  await v.forget('all');
  await v.consent.set('denied', { keep: true });
  await v.forget('learning');
  const next = await v.recommend({ placement: 'bought_together', seeds: ['a'], filter: { all: [{ field: 'price', less: { ctx: 'price', mul: 1.3 } }] },
    boost: [{ when: { field: 'brand', eq: 'Acme' }, mul: 1.2 }], pin: [{ item_id: 7 }], hide: ['b'], maxPer: { brand: 2 }, minRelevance: 'low',
    fatigue: { views: 3 }, diversity: 0.3, experiment: 'b', cursor: saved.schema, explain: { templates: { network: 'As {source}', default: '' } } });
  const [offer] = (await v.promotions([{ id: 'shoes', target: { field: 'brand', eq: { ctx: 'brand' } } }], { limit: 1, context: 'a' })).items;
  await v.recommend({ seeds: [offer?.best_item_id ?? ''], limit: offer?.items });
  // @ts-expect-error: an offer is about something
  await v.promotions([{ id: 'shoes' }]);
  await v.promotions([{ id: 'a', target: { all: [] }, when: { all: [{ did: { type: ['purchase'], within: 60 } }, { not: { context: { field: 'brand', eq: 'Acme' } } }, { from: '2026-11-27' }, { intent: { least: 0.2 } }] } }]);
  // @ts-expect-error: no such condition
  await v.promotions([{ id: 'a', target: { all: [] }, when: { never: true } }]);
  const bought: number | undefined = (await v.metrics()).funnel[0]?.revenue.EUR;
  await v.rerank({ items: [next.cursor ?? '', bought ?? 0], keep: [1], bury: [{ when: { field: 'tags', in: ['x'] } }] });
  await createRecommender<Shoe>({ catalog: { fromPage: true }, sources: ['dataLayer'], learn: 0.5,
    templates: (reason, item, source) => `${reason.kind} ${item?.item_id} ${source?.item_id}` });
  // @ts-expect-error: a test has one word beside its field
  await v.recommend({ filter: { field: 'price', lesser: 3 } });
  const hashes: string[] = [VERSION, WASM_SHA256.simd128, new VitrineError('code', 'message').hint];
  // @ts-expect-error: unknown option
  await v.recommend({ limits: hashes.length });
  // @ts-expect-error: unknown placement
  await v.recommend({ placement: 'home' });
  // @ts-expect-error: neither address nor bytes
  await createRecommender({ model: 'model.vitrine' });
  // @ts-expect-error: forgets one thing at a time
  await v.forget({ item_id: 'a', since: 0 }.item_id);
  // @ts-expect-error: no such topic
  v.on('click', () => {});
  const file = await createRecommender({ model: { url: '/m.vitrine' } });
  const title: string | undefined = file.item('7')?.title;
  await file.close();
  return v.recommendSync({ placement: 'related', seeds: ['a', title ?? ''], exclude, explain: true });
}
