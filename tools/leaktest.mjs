#!/usr/bin/env node
// Does a page keep to itself what its visitor does? Opens it in Chromium, waits until it has loaded,
// acts at random (seeded) two hundred times, and lists every request the browser made meanwhile.
//
//   tools/node tools/leaktest.mjs URL [--actions 200] [--seed 1]
//
// Exit code 0: not one request. A shop whose links load new pages will make some; then the list is
// there to be read. CHROMIUM names the browser.

import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const CLICKABLE = 'a[href^="#"], button:not([disabled]), summary, [role="button"], [role="tab"]';
const SETTLED_MS = 1500;

const { values, positionals: [url] } = parseArgs({
  allowPositionals: true,
  options: { actions: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const actions = Number(values.actions);
let state = Number(values.seed);
if (!url || !Number.isInteger(actions) || !Number.isInteger(state) || state < 1) {
  console.error('usage: leaktest.mjs URL [--actions N] [--seed N]');
  process.exit(2);
}
const below = (n) => (state = (state * 48271) % 2147483647) % n; // Lehmer's generator

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const context = await browser.newContext();
const page = await context.newPage();
const requests = [];
let loaded = false, did = 0;
context.on('request', (request) => {
  if (loaded) requests.push(`${request.method()} ${request.url()} (after action ${did})`);
});
page.on('websocket', (socket) => requests.push(`WebSocket ${socket.url()}`));
await page.goto(url, { waitUntil: 'networkidle' });
await page.waitForTimeout(SETTLED_MS);
loaded = true;

/* A page without anything to do would pass without having been tried. */
let idle = 0;
while (did < actions && idle < 20) {
  const things = await page.locator(CLICKABLE).filter({ visible: true }).all();
  const thing = things[below(Math.max(things.length, 1))];
  const clicked = await thing?.click({ timeout: 1000 }).then(() => true, () => false);
  if (clicked) did++;
  idle = clicked ? 0 : idle + 1;
  if (below(10) === 0) await page.keyboard.press('Escape');
  if (below(5) === 0) await page.mouse.wheel(0, 300 + below(900));
}
/* What pages send when they are left counts as well. */
await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
await page.waitForTimeout(SETTLED_MS);
await page.close({ runBeforeUnload: true });
await new Promise((done) => setTimeout(done, SETTLED_MS));
await browser.close();

for (const request of requests) console.log(request);
console.log(`${did} actions, ${requests.length} requests after the page had loaded`);
if (did < actions) console.error(`error: only ${did} of ${actions} actions found something to click`);
process.exit(requests.length > 0 || did < actions ? 1 : 0);
