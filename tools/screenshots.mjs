#!/usr/bin/env node
// Takes the pictures of the README from the built storefront:
//
//   node tools/screenshots.mjs [SITE] [OUT]      usual: build/demo docs/images
//
// The same few steps each time, so that a picture changes only when the shop does. Wants Chromium, the
// npm packages, and the fonts that the pictures are to show (fonts-inter).

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [site = join(root, 'build/demo'), out = join(root, 'docs/images')] = process.argv.slice(2);
const MOST_BYTES = 250 * 1024;

async function shop(browser, url, options, steps) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  const go = async (hash) => {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.waitForTimeout(400);
  };
  await steps({
    page, go,
    async view(words) { // the first of a search: titles say more here than ids
      await go(`#/search?q=${encodeURIComponent(words)}`);
      await go(await page.getAttribute('.grid .card-link', 'href'));
    },
    async take(name) {
      await page.mouse.move(0, 0);
      await page.waitForTimeout(500); // cards have come to rest
      const path = join(out, `${name}.png`);
      await page.screenshot({ path });
      const { size } = statSync(path);
      console.log(`${name}.png  ${Math.round(size / 1024)} KB`);
      if (size > MOST_BYTES) throw new Error(`${name}.png is larger than ${MOST_BYTES / 1024} KB`);
    },
  });
  await context.close();
}

mkdirSync(out, { recursive: true });
const server = await serve(site);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const DESK = { viewport: { width: 1120, height: 690 } };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true };

await shop(browser, server.url, DESK, async ({ page, go, view, take }) => {
  for (const words of ['stoneware mug', 'teapot', 'cafetière']) await view(words);
  await page.click('.buy [data-action="favourite"]');
  await go('#/');
  await take('home');
  await page.click('#inside');
  await page.waitForSelector('.panel .figures');
  await page.evaluate(() => scrollTo(0, 430));
  await take('inside-the-engine');
  await page.click('#tab-rules');
  await page.selectOption('#rule-brand', { index: 5 });
  await page.locator('#rule-factor').fill('2');
  await page.locator('#rule-diversity').fill('0.3');
  await page.waitForTimeout(500);
  await take('rules');
  await page.click('[data-action="no-rules"]');
  await page.click('#tab-privacy');
  await page.waitForSelector('#sent');
  await take('privacy');
  await page.click('.panel [data-action="panel"]');
  await page.evaluate(() => scrollTo(0, 0));
  await page.click('[data-shelf="for-you"] button.reason');
  await page.waitForSelector('#why[open]');
  await take('why');
  await page.keyboard.press('Escape');
  await view('linen duvet');
  await take('product');
  await go('#/c/Kitchen');
  await take('category');
});
await shop(browser, server.url, { ...DESK, colorScheme: 'dark' }, async ({ go, view, take }) => {
  for (const words of ['tent', 'backpack']) await view(words);
  await go('#/');
  await take('home-dark');
});
await shop(browser, `${server.url}?world=music`, DESK, async ({ page, go, take }) => {
  for (let i = 0; i < 3; i++) {
    await go('#/');
    await go(await page.getAttribute(`[data-shelf="for-you"] .card:nth-child(${i + 2}) .card-link`, 'href'));
  }
  await go('#/');
  await page.click('#inside');
  await page.waitForSelector('.panel .map');
  await page.evaluate(() => document.querySelector('.panel .map').scrollIntoView());
  await take('music');
});
await shop(browser, server.url, PHONE, async ({ page, go, view, take }) => {
  for (const words of ['trainers', 'jumper']) await view(words);
  await take('phone-product');
  await go('#/');
  await page.evaluate(() => scrollTo(0, 455));
  await take('phone-home');
  await page.click('#inside');
  await page.waitForSelector('.panel .figures');
  await take('phone-engine');
});
await browser.close();
await server.close();
