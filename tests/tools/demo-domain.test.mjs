// The demo's other worlds: the same seed gives the same text, and the log has the structure that its
// description claims.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDomain } from '../../tools/demo-domain.mjs';

for (const [name, least] of [['music', 500], ['courses', 300]]) {
  test(`${name}: the same seed gives the same text, another seed another`, () => {
    const once = makeDomain(name, { visitors: 40 }), again = makeDomain(name, { visitors: 40 });
    assert.equal(once.catalog, again.catalog);
    assert.equal(once.events, again.events);
    assert.notEqual(makeDomain(name, { visitors: 40, seed: 2 }).events, once.events);
  });

  test(`${name}: items have unique ids and titles within their topic, and known topics`, () => {
    const { items, domain } = makeDomain(name, { visitors: 1 });
    assert.ok(items.length >= least);
    assert.equal(new Set(items.map((item) => item.item_id)).size, items.length);
    assert.equal(new Set(items.map((item) => `${item.category} ${item.title}`)).size, items.length);
    const topics = new Set(domain.topics.map((topic) => topic.name));
    for (const topic of domain.topics) for (const next of topic.next) assert.ok(topics.has(next), `${topic.path} leads to ${next}`);
  });

  test(`${name}: a visitor goes on within a topic far more often than chance`, () => {
    const { rows, items, domain } = makeDomain(name, { visitors: 300 });
    const topic = new Map(items.map((item) => [item.item_id, item.topic]));
    let pairs = 0, same = 0;
    const last = new Map();
    for (const row of rows) {
      if (row.type !== domain.verbs.look) continue;
      if (last.has(row.session)) {
        pairs++;
        same += topic.get(last.get(row.session)) === topic.get(row.item) ? 1 : 0;
      }
      last.set(row.session, row.item);
    }
    assert.ok(pairs > 1000);
    assert.ok(same / pairs > 0.7, `${(same / pairs).toFixed(2)} of the steps stay in their topic`);
  });
}
