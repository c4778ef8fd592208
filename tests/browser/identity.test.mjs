import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { SHOPS, textOf } from '../web/fixture.mjs';
import { launch, serve } from './harness.mjs';

/* Runs in the page: ranks a shop with a variant, and says whether the text is the native one. */
const job = async ([name, histories, variant]) => {
  const { openEngine, listsOf } = await import('/tests/lists.mjs');
  const bytes = async (file) => new Uint8Array(await (await fetch(`/data/${name}.${file}`)).arrayBuffer());
  const opened = await openEngine(`${location.origin}/modules/`, variant, await bytes('model.vitrine'), await bytes('catalog.vitrine'));
  const events = await (await fetch(`/data/${name}.events.tsv`)).text();
  return { got: opened.variant, lists: listsOf(opened, events, histories) };
};

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const [name, histories] of SHOPS) {
  for (const variant of ['plain', 'simd128', 'relaxed']) {
    test(`Chromium with ${variant} gives the native lists of shop '${name}' to the bit`, async () => {
      const page = await browser.newPage();
      await page.goto(site.origin);
      const { got, lists } = await page.evaluate(job, [name, histories, variant]);
      assert.equal(got, variant);
      assert.ok(lists === textOf(`${name}.scalar.tsv`), 'lists differ');
      await page.close();
    });
  }
}

test('Firefox gives the native lists to the bit in every variant it runs', { skip: !process.env.FIREFOX && 'no Firefox' }, async () => {
  // No driver: the page posts what it found to the server.
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  let firefox, host;
  try {
    const results = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('Firefox did not answer in 120 s')), 120000);
      const page = `<!doctype html><script type="module">
        const job = ${job};
        const { variants } = await import('/modules/load.js');
        const out = [];
        try {
          for (const [name, histories] of ${JSON.stringify(SHOPS)})
            for (const variant of variants()) out.push({ name, variant, ...(await job([name, histories, variant])) });
        } catch (error) {
          out.push({ error: String(error) });
        }
        await fetch('/result', { method: 'POST', body: JSON.stringify(out) });
      </script>`;
      serve({ answers: {
        '/firefox': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
        '/result': (request, response) => {
          const parts = [];
          request.on('data', (part) => parts.push(part)).on('end', () => {
            response.end();
            clearTimeout(timer);
            resolve(JSON.parse(Buffer.concat(parts)));
          });
        },
      } }).then((started) => {
        host = started;
        firefox = spawn(process.env.FIREFOX, ['--headless', '--no-remote', '--profile', profile, `${host.origin}/firefox`], { stdio: 'ignore' });
        firefox.on('error', reject);
      });
    });
    assert.ok(results.length >= 2 * SHOPS.length);
    for (const { name, variant, got, lists, error } of results) {
      assert.equal(error, undefined);
      assert.equal(got, variant);
      assert.ok(lists === textOf(`${name}.scalar.tsv`), `lists of '${name}' differ with ${variant}`);
    }
  } finally {
    firefox?.kill();
    await host?.close();
    if (firefox && firefox.exitCode === null) await new Promise((done) => firefox.on('exit', done));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
