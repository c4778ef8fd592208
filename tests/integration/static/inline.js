import { createRecommender } from '/vitrine/inline.js';
import { connect } from '/vitrine/elements.js';

const vitrine = await createRecommender({
  model: { url: '/model.vitrine' },
  catalog: { url: '/catalog.vitrine' },
  consent: 'granted',
});
await connect(vitrine);
vitrine.track('view_item', { items: [{ item_id: '112' }] });
