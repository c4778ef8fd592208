/* The quick part of the integration matrix: what needs no npm registry. `make integration` has the rest. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { POLICY, addFiles, build, copy, expected, launch, pack, serve, shows } from '../integration/projects.mjs';
import { root } from '../web/fixture.mjs';

let tarball, browser, ids;
before(async () => {
  tarball = pack();
  [browser, ids] = [await launch(), await expected()];
});
after(() => browser?.close());

test('esbuild: a bundle of the packed package, under a strict policy', async (t) => {
  const dir = copy('esbuild', tarball, 'esbuild-quick');
  await build(dir, undefined, { PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` });
  const site = await serve([join(dir, 'dist'), dir], { 'content-security-policy': POLICY });
  t.after(() => site.close());
  const { wasm } = await shows(browser, `${site.origin}/`, ids);
  assert.deepEqual(wasm, [200]);
});

for (const [page, wasm] of [['index', 1], ['classic', 1], ['inline', 0]]) {
  test(`a plain page: ${page}.html`, async (t) => {
    const site = await serve([copy('static', tarball)]);
    t.after(() => site.close());
    assert.equal((await shows(browser, `${site.origin}/${page}.html`, ids)).wasm.length, wasm);
  });
}

for (const script of ['list.mjs', 'list.cjs']) {
  test(`Node: ${script}`, () => {
    const dir = copy('node', tarball, `node-${script}`);
    addFiles(dir);
    assert.equal(execFileSync(process.execPath, [script], { cwd: dir, encoding: 'utf8' }).trim(), ids.join(' '));
  });
}

/* What the guides tell a shop to paste is what was just run. */
test('the examples of the guides are the files of the tested projects', () => {
  const named = [];
  for (const guide of ['integration', 'elements', 'adapters']) {
    const text = readFileSync(join(root, 'docs', `${guide}.md`), 'utf8');
    for (const [, file, code] of text.matchAll(/<!-- (tests\/integration\/\S+) -->\n```\w*\n([\s\S]*?)```/g)) {
      named.push(file);
      assert.equal(code, readFileSync(join(root, file), 'utf8'), `${guide}.md differs from ${file}`);
    }
  }
  for (const project of ['vite', 'webpack', 'rollup', 'esbuild', 'parcel', 'next', 'node', 'static'])
    assert.ok(named.some((file) => file.startsWith(`tests/integration/${project}/`)), `docs/integration.md shows nothing of ${project}`);
  assert.ok(readdirSync(join(root, 'tests/integration')).includes('matrix.test.mjs'));
});
