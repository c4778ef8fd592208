#!/usr/bin/env node
// The page's budget on a phone: a screen of 390 by 844, the processor four times slower, 10,080 items.
//
//   tools/node tools/soak-phone.mjs [--model FILE --catalog FILE] [--visits 7] [--clicks 40]
//
// Each visit is a browser context of its own, with nothing kept and nothing cached. Times are held against the
// bars in the visit that took least, since what else runs on a machine only adds to them; shifts and memory in
// the worst. What is added to a click is the difference to the same page without the script. CHROMIUM names the
// browser.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, serve } from '../tests/browser/harness.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { values } = parseArgs({ options: {
  model: { type: 'string' }, catalog: { type: 'string' }, visits: { type: 'string', default: '11' }, clicks: { type: 'string', default: '40' } } });
if (!values.model) execFileSync(process.execPath, [at('tools/soak-shop.mjs'), at('build/soak')], { stdio: 'inherit' });
const { model = at('build/soak/model.vitrine'), catalog = at('build/soak/catalog.vitrine') } = values;
const VISITS = Number(values.visits), CLICKS = Number(values.clicks), SLOWER = 4, PHONE = { width: 390, height: 844 };
const BARS = { first: 300, recommend: 10, click: 8, task: 50, shift: 0, memory: 16 << 20 };

const cards = (ids) => ids.map((id) => `<li style="height:64px"><a href="#${id}">${id}</a></li>`).join('');
/** A page with two shelves that the server has filled, a button for each act, and at will our one tag. */
const page = (tag, ids) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>shop</title>
<link rel="icon" href="data:,"><style>ul{list-style:none;margin:0;padding:0}</style>
<script>globalThis.shift=0;globalThis.tasks=[0];globalThis.dataLayer=[];globalThis.rendered=0;
document.addEventListener('rec_render',()=>{if(++rendered===2)console.log('shown')});
new PerformanceObserver((l)=>l.getEntries().forEach((e)=>{if(!e.hadRecentInput)shift+=e.value})).observe({type:'layout-shift',buffered:true});
new PerformanceObserver((l)=>l.getEntries().forEach((e)=>tasks.push(e.duration))).observe({type:'longtask',buffered:true});</script>
${tag ? `<script type="module" src="/vitrine/auto.js" data-vitrine-model="/soak.model" data-vitrine-catalog="/soak.catalog" data-vitrine-consent="granted" data-vitrine-learn-from-automation></script>` : ''}
<button id="look">look</button>
${['for_you', 'trending'].map((name, i) => `<vitrine-shelf placement="${name}" limit="6" label="${name}"><template><a href="#{item_id}">{title}</a></template><ul>${cards(ids.slice(6 * i, 6 * i + 6))}</ul></vitrine-shelf>`).join('\n')}
<script>look.onclick=()=>dataLayer.push({event:'view_item',ecommerce:{items:[{item_id:globalThis.next}]}})</script></html>`;
const file = (name) => (_request, response) => response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }).end(readFileSync(name));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
let ids = [];
const html = (tag) => (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page(tag, ids));
const site = await serve({ answers: { '/soak.model': file(model), '/soak.catalog': file(catalog), '/with': html(true), '/without': html(false) } });
const browser = await launch();

/** @param {string} path @param {boolean} [shelves]  wait until two stand: by the page's word, since asking it from here
 * would put a script of Playwright's into the start, a task of its own */
async function visit(path, shelves) {
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true }), tab = await context.newPage();
  const cdp = await context.newCDPSession(tab);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const shown = shelves && tab.waitForEvent('console', { predicate: (message) => message.text() === 'shown', timeout: 20000 });
  await tab.goto(`${site.origin}${path}`);
  await shown;
  return { tab, end: () => context.close() };
}

/** From a click to the frame after it, for clicks on as many items. */
const clicks = (tab, of) => tab.evaluate(async (list) => {
  const times = [];
  for (const id of list) {
    globalThis.next = id;
    const begun = performance.now();
    document.querySelector('#look').click();
    await new Promise((painted) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = painted;
      port2.postMessage(0);
    }));
    times.push(performance.now() - begun);
    await new Promise((next) => setTimeout(next, 40));
  }
  return times;
}, of);

/** One visit of the page with the tag. */
async function withTag(of) {
  const { tab, end } = await visit('/with', true);
  const { shift, first } = await tab.evaluate(() => ({ shift: globalThis.shift, first: Math.max(...globalThis.tasks.splice(0)) }));
  const clicked = median(await clicks(tab, of));
  const task = await tab.evaluate((before) => Math.max(before, ...globalThis.tasks), first);
  await end();
  return { shift, task, clicked };
}

/** One visit that asks the package itself: script start to the first shelf, then shelf after shelf. */
async function asked() {
  const { tab, end } = await visit('/blank'), fetched = [];
  tab.on('response', (response) => fetched.push(new URL(response.url()).pathname));
  const found = await tab.evaluate(async () => {
    const tasks = [0];
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push(entry.duration))).observe({ type: 'longtask' });
    const begun = performance.now();
    const { createRecommender } = await import('/vitrine/index.js');
    const v = await createRecommender({ model: { url: '/soak.model' }, catalog: { url: '/soak.catalog' }, consent: 'granted', learnFromAutomation: true });
    await v.recommend({ limit: 12 });
    const first = performance.now() - begun, times = [];
    await new Promise((next) => setTimeout(next, 300)); // what comes after the first shelf has come
    const task = Math.max(...tasks.splice(0)), all = [...v.items()].map((item) => item.item_id); // the listing is no shop's task
    await new Promise((next) => setTimeout(next, 300));
    tasks.length = 0;
    for (let i = 0; i < 200; i++) {
      v.track('view_item', { item_id: all[(i * 7919) % all.length] });
      const from = performance.now();
      v.recommendSync({ limit: 12 });
      times.push(performance.now() - from);
      await new Promise((next) => setTimeout(next, 25));
    }
    times.sort((a, b) => a - b);
    const { bytes } = await v.metrics();
    await v.close();
    return { first, p95: times[Math.floor(0.95 * times.length)], task: Math.max(task, ...tasks), memory: bytes.memory, all };
  });
  await end();
  return { ...found, fetched: fetched.filter((path) => /^\/vitrine\/.*\.(js|wasm)$/.test(path)) };
}

/** What the machine takes for the same start without us: the files that asked() fetched, in as many trips, the module
 * compiled, and nothing done with them. @param {string[]} urls  of the package, and `wasm` */
async function floor(urls) {
  const { tab, end } = await visit('/blank');
  const taken = await tab.evaluate(async (paths) => {
    const begun = performance.now();
    const bytes = async (path) => (await fetch(path)).arrayBuffer();
    const [entry, ...others] = paths.filter((path) => path.endsWith('.js')), wasm = paths.find((path) => path.endsWith('.wasm'));
    await bytes(entry);
    const [module] = await Promise.all([bytes(wasm), '/soak.model', '/soak.catalog', ...others].map((what) => (typeof what === 'string' ? bytes(what) : what)));
    await WebAssembly.instantiate(await WebAssembly.compile(module), { env: { memory: new WebAssembly.Memory({ initial: 8, maximum: 32768 }) } });
    return performance.now() - begun;
  }, urls);
  await end();
  return taken;
}

let failed = 0;
const say = (what, value, most, unit, more = '') => {
  if (!(value <= most)) failed++;
  console.log(`${value <= most ? 'ok    ' : 'FAILED'} ${what}: ${value.toFixed(value < 10 ? 1 : 0)} ${unit} (most ${most}${more})`);
};
try {
  const own = [], bare = [];
  for (let i = 0; i < VISITS; i++) {
    own.push(await asked());
    bare.push(await floor(own[i].fetched));
  }
  ids = own[0].all;
  const spread = Array.from({ length: CLICKS }, (_, i) => ids[(i * 7919) % ids.length]), tagged = [], plain = [];
  for (let i = 0; i < VISITS; i++) {
    tagged.push(await withTag(spread));
    const { tab, end } = await visit('/without');
    plain.push(median(await clicks(tab, spread)));
    await end();
  }
  console.log(`${ids.length} items, ${SLOWER} times slower, ${PHONE.width} by ${PHONE.height}, ${VISITS} visits of each kind: the quickest of them, and the middle one`);
  const times = (what, list, most) => say(what, Math.min(...list), most, 'ms', `, ${median(list).toFixed(1)} in the middle`);
  times('script start to the first shelf', own.map((it) => it.first), BARS.first);
  console.log(`       of which the machine takes for fetching the same files and compiling the module: ${Math.min(...bare).toFixed(0)} ms (${median(bare).toFixed(1)} in the middle)`);
  times('recommend, p95', own.map((it) => it.p95), BARS.recommend);
  times('added to a click, with two shelves in order before the next frame', tagged.map((it, i) => it.clicked - plain[i]), BARS.click);
  times('longest task of the package', own.map((it) => it.task), BARS.task);
  times('longest task of the page with two shelves', tagged.map((it) => it.task), BARS.task);
  say('layout shift', Math.max(...tagged.map((it) => it.shift)), BARS.shift, '');
  say('memory of the module', Math.max(...own.map((it) => it.memory)) / (1 << 20), BARS.memory / (1 << 20), 'MB');
} finally {
  await browser.close();
  await site.close();
}
process.exit(failed ? 1 : 0);
