// `make integration`: every bundler, from its own lock file. Minutes, and the network for npm.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { POLICY, addFiles, build, expected, install, launch, pack, serve, shows, start } from './projects.mjs';

let tarball, browser, ids;
before(async () => {
  tarball = pack();
  [browser, ids] = [await launch(), await expected()];
});
after(() => browser?.close());

for (const name of ['vite', 'webpack', 'rollup', 'esbuild', 'parcel']) {
  // Parcel writes an import map into the page, which a policy would have to name by its hash.
  const policy = name !== 'parcel';
  test(`${name}: installed, built, and opened${policy ? ' under a strict policy' : ''}`, async (t) => {
    const dir = await install(name, tarball);
    await build(dir);
    const site = await serve([join(dir, 'dist'), dir], policy ? { 'content-security-policy': POLICY } : {});
    t.after(() => site.close());
    const { wasm } = await shows(browser, `${site.origin}/`, ids);
    assert.deepEqual(wasm, [200], 'one wasm file');
    assert.ok(readdirSync(join(dir, 'dist')).length > 1);
  });
}

test('next: rendered on the server, hydrated, then the visitor\'s own', async (t) => {
  const dir = await install('next', tarball);
  addFiles(join(dir, 'public'));
  await build(dir, undefined, { NEXT_TELEMETRY_DISABLED: '1' });
  const stop = await start(dir, ['npx', 'next', 'start', '-p', '43117', '-H', '127.0.0.1'], 'http://127.0.0.1:43117/');
  t.after(stop);
  const html = await (await fetch('http://127.0.0.1:43117/')).text();
  assert.equal(html.match(/<a href="\/things\//g)?.length, 4, 'the server\'s list is in the HTML');
  await shows(browser, 'http://127.0.0.1:43117/', ids);
});

test('vite\'s development server', async (t) => {
  const dir = await install('vite', tarball);
  addFiles(join(dir, 'public'));
  const stop = await start(dir, ['npx', 'vite', '--port', '43118', '--host', '127.0.0.1'], 'http://127.0.0.1:43118/');
  t.after(stop);
  await shows(browser, 'http://127.0.0.1:43118/', ids);
});
