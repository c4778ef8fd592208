// The documentation site builds whole: every page in a list, every link leading somewhere.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { anchorOf, build } from '../../tools/docs-site/build.mjs';
import { exportsOf } from '../../tools/docs-site/types.mjs';

let out, site;
before(() => {
  out = mkdtempSync(join(tmpdir(), 'vitrine-site-'));
  site = build(out);
});
after(() => rmSync(out, { recursive: true, force: true }));

test('every page is listed and every link leads somewhere', () => assert.deepEqual(site.problems, []));

test('every local link of the built pages is a file, and its anchor an id of that file', () => {
  let links = 0;
  for (const page of site.pages) {
    const html = readFileSync(join(out, `${page.as}.html`), 'utf8');
    for (const [, href] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      if (/^[a-z]+:/i.test(href)) continue;
      const [file, anchor] = href.split('#');
      const target = file === '' ? html : existsSync(join(out, file)) ? readFileSync(join(out, file), 'utf8') : assert.fail(`${page.as}: ${href}`);
      if (anchor && anchor !== 'main') assert.ok(target.includes(`id="${anchor}"`), `${page.as}: ${href}`);
      links++;
    }
  }
  assert.ok(links > 100, `${links} links`);
});

test('anchors are those that GitHub makes', () => {
  const taken = new Map();
  assert.equal(anchorOf('Kind model', taken), 'kind-model');
  assert.equal(anchorOf('rerank(ids), rerank({ items })', taken), 'rerankids-rerank-items-');
  assert.equal(anchorOf('Kind model', taken), 'kind-model-1');
});

test('the API reference holds every export of the declarations', () => {
  const source = readFileSync(new URL('../../web/index.d.ts', import.meta.url), 'utf8');
  const names = exportsOf(source).map((one) => one.name);
  const all = [...source.matchAll(/^export (?:interface|type|function|class|const) (\w+)/gm)].map((match) => match[1]);
  assert.deepEqual(names, all);
  const html = readFileSync(join(out, 'api.html'), 'utf8');
  for (const name of names) assert.ok(html.includes(`id="${name.toLowerCase()}"`), name);
});
