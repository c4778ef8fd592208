import { readFile } from 'node:fs/promises';
import { createRecommender } from 'vitrine/inline';
import Shelf from './shelf';

// A list for a visitor nobody knows, made where the page is rendered. The inline build needs no file
// beside the server's bundle.
export default async function Page() {
  const vitrine = await createRecommender({
    model: await readFile('public/model.vitrine'),
    catalog: await readFile('public/catalog.vitrine'),
    storage: 'memory',
    consent: 'denied',
  });
  const initial = await vitrine.recommend({ placement: 'for_you', limit: 4 });
  await vitrine.close();
  return <Shelf initial={initial} />;
}
