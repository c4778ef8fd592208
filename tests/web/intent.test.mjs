// Purchase intent as a page sees it. That it is right is for tests/golden/test_intent.c; that every
// variant gives its bits, for identity.test.mjs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { shop } from './fixture.mjs';

test('intent is a chance after each event of a visit, and nothing before it or after a purchase', async () => {
  const vitrine = await shop();
  const [first, second] = [...vitrine.items()].map((item) => item.item_id);
  const intent = () => vitrine.profile().intent;
  const track = (type, item_id) => vitrine.track(type, { items: [{ item_id }] });
  assert.equal(intent(), null);
  track('view_item', first);
  const looked = intent();
  assert.ok(looked > 0 && looked < 1);
  assert.equal(intent(), looked);
  track('add_to_cart', second);
  const carted = intent();
  assert.ok(carted > 0 && carted < 1 && carted !== looked);
  await vitrine.forget({ item_id: second });
  assert.equal(intent(), looked);
  track('purchase', first);
  assert.equal(intent(), null);
  await vitrine.close();
});
