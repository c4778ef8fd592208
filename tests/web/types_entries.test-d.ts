/* Compiled, never run: the declarations of the entries beside the main one. */
import { connect, words, type RecDetail } from '../../build/modules/elements.js';
import { ready, rerankGrids } from '../../build/modules/auto.js';
import { listen, SOURCES } from '../../build/modules/adapters.js';
import { createRecommender as inlined, VERSION } from '../../build/modules/inline.js';
import { createRecommender as large } from '../../build/modules/large.js';
import { createRecommender as inWorker, type WorkerRecommender } from '../../build/modules/worker.js';
import { useRecommendations as useInReact } from '../../build/modules/react.js';
import { useRecommendations as useInVue } from '../../build/modules/vue.js';
import type { Recommender, Result } from '../../build/modules/index.js';

export async function use(bytes: Uint8Array): Promise<void> {
  const v: Recommender = await inlined({ model: bytes });
  const stop: () => void = await connect(v);
  await connect(inlined({ model: bytes }));
  await connect(await large({ model: bytes }));
  words['why'] = `Warum? ${VERSION}`;
  stop();
  document.querySelector('div')?.addEventListener('rec_click', ({ detail }: CustomEvent<RecDetail>) => detail.items[0].index);
  const off: () => void = await listen(v, ['dataLayer', ...SOURCES], { options: { shopify: { itemOf: (variant) => variant.trim() } } });
  off();
  const page = await ready;
  if (page) rerankGrids(page, document.body).toFixed();

  const w: WorkerRecommender = await inWorker({ model: bytes, catalog: { url: '/c.vitrine' } });
  const learnt: boolean = (await w.track('view_item', { item_id: 'a' })).learnt;
  const result: Result = await w.recommend({ limit: learnt ? 1 : 2 });
  const title: string | undefined = (await w.item('a'))?.title;
  const titles: (string | undefined)[] = (await w.items()).map((item) => item.title);
  await w.consent.set('granted');
  // @ts-expect-error: a worker answers later
  w.recommendSync();

  const { items, ready: there } = useInReact(v, { placement: 'related', seeds: [title ?? ''] }, result);
  useInReact(there ? null : inlined({ model: bytes }));
  const inVue = useInVue(() => v, () => ({ limit: items.length + titles.length }));
  const id: string | undefined = inVue.items.value[0]?.item_id;
  // @ts-expect-error: no such source
  await listen(v, ['ga4', id]);
  // @ts-expect-error: unknown placement
  useInReact(v, { placement: 'home' });
}
