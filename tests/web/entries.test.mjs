/* The entries beside the main one, in Node: CommonJS, the wasm inside, React and Vue on a server. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'node:test';
import { bytesOf, catalog, ids, model, root, shop, web } from './fixture.mjs';

/** A project of a shop, with the package installed by its name. */
const project = mkdtempSync(join(tmpdir(), 'vitrine-project-'));
mkdirSync(join(project, 'node_modules'));
for (const name of ['react', 'react-dom', 'scheduler', 'vue', '@vue', 'csstype', '@babel', 'estree-walker', 'source-map-js', 'entities', 'magic-string', '@jridgewell', 'postcss', 'nanoid', 'picocolors'])
  symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
symlinkSync(web, join(project, 'node_modules/vitrine'));
test.after(() => rmSync(project, { recursive: true }));
const require = createRequire(join(project, 'index.cjs'));
const run = (text, type) => execFileSync(process.execPath, [`--input-type=${type}`, '-e', text], { cwd: project, encoding: 'utf8' });

const options = () => ({ model: model(), catalog: catalog(), storage: 'memory', consent: 'granted', strict: true, learnFromAutomation: true });

test('require() gives the same recommender as import', async () => {
  const { createRecommender, VitrineError, VERSION } = require('vitrine');
  const v = await createRecommender(options()), esm = await shop();
  assert.equal(VERSION, (await import(pathToFileURL(join(web, 'index.js')).href)).VERSION);
  for (const one of [v, esm]) one.track('view_item', { item_id: '112' });
  assert.deepEqual(ids(await v.recommend({ explain: true })), ids(await esm.recommend({ explain: true })));
  await assert.rejects(createRecommender({ ...options(), model: new Uint8Array(9) }), VitrineError);
  await Promise.all([v.close(), esm.close()]);
  assert.equal(typeof require('vitrine/direct').openEngine, 'function');
  assert.equal(typeof require('vitrine/adapters').listen, 'function');
  assert.ok(require.resolve('vitrine/vitrine-simd.wasm').endsWith('.wasm'));
});

test('vitrine/inline brings its wasm, and loads no file', async () => {
  for (const inline of [await import(pathToFileURL(join(web, 'inline.js')).href), require('vitrine/inline')]) {
    const v = await inline.createRecommender(options()), other = await shop();
    assert.equal((await v.metrics()).variant, 'simd128');
    assert.equal((await v.metrics()).bytes.wasm, statSync(join(web, 'vitrine-simd.wasm')).size);
    for (const one of [v, other]) one.track('view_item', { item_id: '112' });
    assert.deepEqual(ids(v.recommendSync()), ids(other.recommendSync()));
    await Promise.all([v.close(), other.close()]);
  }
});

test('vitrine/large ranks split rows as the usual package ranks panels', async () => {
  const files = (name) => ({ model: bytesOf(`${name}.model.vitrine`), catalog: bytesOf('exact.catalog.vitrine') });
  for (const large of [await import(pathToFileURL(join(web, 'large.js')).href), require('vitrine/large')])
    for (const variant of ['auto', 'simd128']) {
      const v = await large.createRecommender({ ...options(), ...files('split'), variant }), other = await shop(files('exact'));
      const of = variant === 'auto' ? (await other.metrics()).variant : variant, file = of === 'relaxed' ? 'relaxed' : 'simd';
      assert.equal((await v.metrics()).variant, of);
      assert.equal((await v.metrics()).bytes.wasm, statSync(join(web, `vitrine-large-${file}.wasm`)).size);
      let time = Date.now() - 9000;
      for (const item_id of ['112', '700', '1208', '112']) {
        time += 1000;
        for (const one of [v, other]) one.track('view_item', { item_id, time });
        assert.deepEqual(v.recommendSync({ limit: 50 }).items, other.recommendSync({ limit: 50 }).items);
        assert.deepEqual(v.recommendSync({ placement: 'more_like_this', seeds: [item_id] }).items.map((item) => [item.item_id, item.score]),
          other.recommendSync({ placement: 'more_like_this', seeds: [item_id] }).items.map((item) => [item.item_id, item.score]));
      }
      assert.ok(large.WASM_SHA256[of]);
      await Promise.all([v.close(), other.close()]);
    }
  // It takes the usual files as well, and the usual package says what split ones want.
  const { createRecommender } = await import(pathToFileURL(join(web, 'large.js')).href);
  const usual = await createRecommender(options());
  assert.ok(usual.recommendSync().items.length > 0);
  await usual.close();
  await assert.rejects(shop(files('split')), (error) => error.code === 'bad_format' && /vitrine\/large/.test(error.hint));
});

test('every entry can be imported where there is no page, and does nothing then', () => {
  const entries = ['vitrine', 'vitrine/direct', 'vitrine/elements', 'vitrine/auto', 'vitrine/adapters', 'vitrine/worker', 'vitrine/inline', 'vitrine/large', 'vitrine/react', 'vitrine/vue'];
  const said = run(`import 'react';
    import 'vue';
    const before = Object.keys(globalThis).length;
    for (const name of ${JSON.stringify(entries)}) await import(name);
    const { ready } = await import('vitrine/auto');
    console.log(await ready, Object.keys(globalThis).length - before, typeof document);`, 'module');
  assert.equal(said.trim(), 'null 0 undefined');
  assert.equal(run(`for (const name of ${JSON.stringify(entries.filter((name) => !/auto|worker/.test(name)))}) require(name); console.log('ok')`, 'commonjs').trim(), 'ok');
});

test('React renders on a server what the server listed', () => {
  const said = run(`import { createElement as h } from 'react';
    import { renderToString } from 'react-dom/server';
    import { useRecommendations } from 'vitrine/react';
    function Shelf({ initial }) {
      const { items, ready } = useRecommendations(null, { placement: 'related', seeds: ['1'] }, initial);
      return h('ul', null, items.map(({ item_id }) => h('li', { key: item_id }, item_id)), String(ready));
    }
    console.log(renderToString(h(Shelf, { initial: { items: [{ item_id: 'a' }, { item_id: 'b' }] } })), renderToString(h(Shelf)));`, 'module');
  assert.equal(said.trim(), '<ul><li>a</li><li>b</li>false</ul> <ul>false</ul>');
});

test('Vue renders on a server what the server listed', () => {
  const said = run(`import { createSSRApp, h } from 'vue';
    import { renderToString } from 'vue/server-renderer';
    import { useRecommendations } from 'vitrine/vue';
    const app = createSSRApp({ setup() {
      const { items, ready } = useRecommendations(null, { limit: 2 }, { items: [{ item_id: 'a' }] });
      return () => h('ul', [...items.value.map(({ item_id }) => h('li', item_id)), String(ready.value)]);
    } });
    console.log(await renderToString(app));`, 'module');
  assert.match(said, /<li>a<\/li>/);
  assert.match(said, /false/);
});

test('every name that the guides import is exported, and every example in JavaScript can be read', async () => {
  const { transform } = await import('esbuild');
  const guides = ['docs', 'docs/guides'].flatMap((dir) => readdirSync(join(root, dir)).filter((name) => name.endsWith('.md')).map((name) => join(root, dir, name)));
  let imports = 0;
  for (const guide of guides) {
    const text = readFileSync(guide, 'utf8');
    for (const [, language, code] of text.matchAll(/^```(jsx?)\n([\s\S]*?)^```/gm)) {
      await transform(code, { loader: language, format: 'esm', supported: { 'top-level-await': true } }).catch((error) => assert.fail(`${guide}: ${error.message}`));
      for (const [, names, entry] of code.matchAll(/import\s*\{([^}]*)\}\s*from\s*'(vitrine(?:\/\w+)?)'/g)) {
        imports++;
        const exported = await import(pathToFileURL(join(web, `${entry.split('/')[1] ?? 'index'}.js`)).href);
        for (const name of names.split(',').map((one) => one.trim().split(/\s+as\s+/)[0]).filter(Boolean))
          assert.ok(name in exported, `${guide}: ${entry} has no ${name}`);
      }
    }
  }
  assert.ok(imports > 10);
});
