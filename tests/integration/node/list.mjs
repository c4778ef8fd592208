import { readFile } from 'node:fs/promises';
import { createRecommender } from 'vitrine';

const vitrine = await createRecommender({
  model: await readFile('model.vitrine'),
  catalog: await readFile('catalog.vitrine'),
  storage: 'memory',
  consent: 'granted',
});
vitrine.track('view_item', { items: [{ item_id: '112' }] });
const { items } = await vitrine.recommend({ placement: 'for_you', limit: 4 });
console.log(items.map(({ item_id }) => item_id).join(' '));
await vitrine.close();
