import assert from 'node:assert/strict';
import test from 'node:test';
import { listsOf, openEngine } from './lists.mjs';
import { SHOPS, bytesOf, load, modulesUrl, textOf } from './fixture.mjs';

const runnable = (await load('load.js')).variants();

test('this engine runs the variants it should', () => {
  assert.ok(runnable.includes('plain') && runnable.includes('simd128'));
  if (process.env.VITRINE_RELAXED === 'required') assert.ok(runnable.includes('relaxed'));
});

for (const [name, histories] of SHOPS) {
  const want = textOf(`${name}.scalar.tsv`);
  for (const variant of runnable) {
    test(`${variant} gives the native lists and scores of shop '${name}' to the bit`, async () => {
      const opened = await openEngine(
        modulesUrl(), variant, bytesOf(`${name}.model.vitrine`), bytesOf(`${name}.catalog.vitrine`));
      const { engine, variant: got } = opened;
      assert.equal(got, variant);
      const before = engine.memoryBytes;
      const lists = listsOf(opened, textOf(`${name}.events.tsv`), histories);
      assert.equal(lists.split('\n').length, histories + 1);
      /* Chances of a purchase are among what is compared, of many sizes. */
      const chances = new Set(want.split('\n').map((line) => line.split('\t')[1]).filter((chance) => /^3/.test(chance ?? '')));
      assert.ok(chances.size > 0.3 * histories);
      assert.ok(lists === want, 'lists differ');
      assert.equal(engine.memoryBytes, before, 'the memory grew after loading');
    });
  }
}
