#!/usr/bin/env node
// Two packages, or one, visited on a phone in turns: what tools/soak-phone.mjs holds against its bars, side by side.
//
//   tools/node bench/visits.mjs [BEFORE] [NOW=build/web] [--visits 15] [--rate 4] [--latency 0] [--preload]
//
// BEFORE and NOW are folders of built packages. Every round visits each of them: a page that asks the package
// itself, a page with the tag and two shelves, and, not slowed down, the first of them once more for what the
// page's thread works by its own clock. --latency: milliseconds before the server answers, as a network has.
// --preload: NOW once more, on a page whose head names what the tag is going to fetch (docs/start.md).
// Files are those of tools/soak-shop.mjs. CHROMIUM names the browser.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, serve } from '../tests/browser/harness.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  visits: { type: 'string', default: '15' }, rate: { type: 'string', default: '4' }, latency: { type: 'string', default: '0' },
  preload: { type: 'boolean', default: false } } });
execFileSync(process.execPath, [at('tools/soak-shop.mjs'), at('build/soak')], { stdio: 'inherit' });
const packages = Object.entries(positionals.length > 1 ? { before: positionals[0], now: positionals[1] } : { now: positionals[0] ?? at('build/web') });
if (values.preload) packages.push(['preloaded', packages.at(-1)[1]]);
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' }, PHONE = { width: 390, height: 844 };

const shelf = (name) => `<vitrine-shelf placement="${name}" limit="6" label="${name}"><template><a href="#{item_id}">{title}</a></template><ul>${
  Array.from({ length: 6 }, (_, i) => `<li style="height:64px"><a href="#${i}">item ${i}</a></li>`).join('')}</ul></vitrine-shelf>`;
const ahead = (name) => ['auto', 'index', 'elements'].map((one) => `<link rel="modulepreload" href="/${name}/${one}.js">`).join('')
  + ['model', 'catalog'].map((one) => `<link rel="preload" as="fetch" crossorigin href="/soak.${one}">`).join('');
const page = (name) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>shop</title>
${name === 'preloaded' ? ahead(name) : ''}
<link rel="icon" href="data:,"><style>ul{list-style:none;margin:0;padding:0}</style>
<script>globalThis.tasks=[0];globalThis.dataLayer=[];globalThis.shown=[];document.addEventListener('rec_render',()=>{if(shown.push(performance.now())===2)console.log('shown')});
new PerformanceObserver((l)=>l.getEntries().forEach((e)=>tasks.push(e.duration))).observe({type:'longtask',buffered:true});</script>
<script type="module" src="/${name}/auto.js" data-vitrine-model="/soak.model" data-vitrine-catalog="/soak.catalog" data-vitrine-consent="granted" data-vitrine-learn-from-automation></script>
${['for_you', 'trending'].map(shelf).join('\n')}</html>`;

/** @type {Record<string, (request: any, response: any) => void>} */
const answers = {};
const answer = (path, type, bytes) => (answers[path] = (_request, response) => setTimeout(() =>
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(bytes), Number(values.latency)));
answer('/soak.model', 'application/octet-stream', readFileSync(at('build/soak/model.vitrine')));
answer('/soak.catalog', 'application/octet-stream', readFileSync(at('build/soak/catalog.vitrine')));
for (const [name, folder] of packages) {
  answer(`/${name}.html`, 'text/html', page(name));
  for (const file of readdirSync(resolve(folder)).filter((one) => TYPES[extname(one)]))
    answer(`/${name}/${file}`, TYPES[extname(file)], readFileSync(join(resolve(folder), file)));
}
const site = await serve({ answers }), browser = await launch();

/** One visit in a context of its own. */
async function visit(path, rate, look) {
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true }), tab = await context.newPage();
  const cdp = await context.newCDPSession(tab), spent = async () => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
  // By the page's word: asking it from here would put a script of Playwright's into the start, a task of its own.
  const shown = path === '/blank' || tab.waitForEvent('console', { predicate: (message) => message.text() === 'shown', timeout: 20000 });
  await tab.goto(`${site.origin}${path}`);
  await shown;
  const before = await spent(), found = await look(tab);
  const worked = (await spent()) - before;
  await context.close();
  return { ...found, worked };
}

const asked = (name, rate) => visit('/blank', rate, (tab) => tab.evaluate(async (from) => {
  const tasks = [0];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push(entry.duration))).observe({ type: 'longtask' });
  const begun = performance.now();
  const { createRecommender } = await import(`/${from}/index.js`);
  const v = await createRecommender({ model: { url: '/soak.model' }, catalog: { url: '/soak.catalog' }, consent: 'granted', learnFromAutomation: true });
  await v.recommend({ limit: 12 });
  const first = performance.now() - begun;
  await new Promise((next) => setTimeout(next, 300)); // what comes after the first shelf has come
  await v.close();
  return { first, task: Math.max(...tasks) };
}, name));

const tagged = (name, rate) => visit(`/${name}.html`, rate, async (tab) => {
  await tab.waitForTimeout(300);
  return tab.evaluate(() => ({ shown: globalThis.shown[1], task: Math.max(...globalThis.tasks) }));
});

const WHAT = ['script start to the first shelf', 'longest task of the package', 'two shelves in elements stand, since the page began',
  'longest task of that page', 'what the page\'s thread works, not slowed down'];
const found = packages.map(() => WHAT.map(() => []));
try {
  for (let round = 0; round < Number(values.visits); round++) {
    for (const [i, [name]] of packages.entries()) {
      const one = await asked(name, Number(values.rate)), two = await tagged(name, Number(values.rate)), own = await asked(name, 1);
      [one.first, one.task, two.shown, two.task, own.worked].forEach((ms, what) => found[i][what].push(ms));
    }
  }
} finally {
  await browser.close();
  await site.close();
}
console.log(`${values.rate} times slower, answers after ${values.latency} ms, ${values.visits} visits of each kind: quickest and middle, ms`);
console.log(''.padEnd(54) + packages.map(([name]) => name.padStart(16)).join(''));
WHAT.forEach((what, i) => console.log(what.padEnd(54) + found.map((of) => {
  const list = [...of[i]].sort((a, b) => a - b);
  return `${list[0].toFixed(0)} ${list[list.length >> 1].toFixed(0)}`.padStart(16);
}).join('')));
