'use client';
import { useEffect, useState } from 'react';
import { createRecommender } from 'vitrine';
import { useRecommendations } from 'vitrine/react';

// The same list until the visitor's own is there.
export default function Shelf({ initial }) {
  const [vitrine, setVitrine] = useState(null);
  useEffect(() => {
    const opening = createRecommender({
      model: { url: '/model.vitrine' },
      catalog: { url: '/catalog.vitrine' },
      consent: 'granted',
    });
    opening.then((v) => {
      v.track('view_item', { items: [{ item_id: '112' }] });
      setVitrine(v);
    });
    return () => void opening.then((v) => v.close());
  }, []);
  const { items } = useRecommendations(vitrine, { placement: 'for_you', limit: 4 }, initial);
  return <ul>{items.map(({ item_id }) => <li key={item_id}><a href={`/things/${item_id}`}>{item_id}</a></li>)}</ul>;
}
