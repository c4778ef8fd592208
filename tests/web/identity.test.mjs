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
      const { engine, variant: got } = await openEngine(
        modulesUrl(), variant, bytesOf(`${name}.model.vitrine`), bytesOf(`${name}.catalog.vitrine`));
      assert.equal(got, variant);
      const before = engine.memoryBytes;
      const lists = listsOf(engine, textOf(`${name}.events.tsv`), histories);
      assert.equal(lists.split('\n').length, histories + 1);
      assert.ok(lists === want, 'lists differ');
      assert.equal(engine.memoryBytes, before, 'the memory grew after loading');
    });
  }
}
