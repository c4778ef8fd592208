import { createRecommender } from 'vitrine';
import { connect } from 'vitrine/elements';

const vitrine = await createRecommender({
  model: { url: '/model.vitrine' },
  catalog: { url: '/catalog.vitrine' },
  consent: 'granted',
});
await connect(vitrine);
vitrine.track('view_item', { items: [{ item_id: '112' }] });
