// Browsers that can be killed, and that keep a page in the back/forward cache: Chromium started by hand,
// with a profile folder of its own, driven over its debugging port.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** A folder for one visitor's browser, over several lives of it. */
export const visitorFolder = () => mkdtempSync(join(tmpdir(), 'vitrine-visitor-'));

/** Start a browser over a folder. @returns {Promise<{ browser, context, kill: () => Promise<void>, end: () => Promise<void> }>} */
export async function live(folder, more = []) {
  const child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', ['--headless=new', '--no-sandbox', '--no-first-run', '--disable-gpu',
    '--remote-debugging-port=0', `--user-data-dir=${folder}`, ...more, 'about:blank'], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = new Promise((done) => child.once('exit', done));
  const address = await new Promise((found, fail) => {
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
      const [, url] = text.match(/DevTools listening on (ws:\S+)/) ?? [];
      if (url) found(url);
    });
    child.once('exit', () => fail(new Error(`Chromium ended:\n${text}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const kill = async () => {
    process.kill(-child.pid, 'SIGKILL');
    await gone;
    await browser.close().catch(() => {});
  };
  return { browser, context: browser.contexts()[0], kill, end: kill };
}

/** When Chromium made a folder of its databases: lines, with their times, of the log that it keeps there itself. */
function makings(folder) {
  const all = join(folder, 'Default/IndexedDB'), read = (path) => existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return (existsSync(all) ? readdirSync(all) : []).flatMap((name) => ['LOG', 'LOG.old'].flatMap((log) => read(join(all, name, log))))
    .filter((line) => line.includes('since it was missing'));
}

/** Kill a browser while its page writes, so many times, and count what was acknowledged and what is lost. A
 * database that takes longer than a page waits for it after a crash is asked again, as a page does: `late` counts
 * how often. `wiped` counts how often Chromium itself threw its databases away (docs/storage.md): all that was
 * acknowledged before is not counted from then on.
 * @param {string} origin of a server as harness.mjs makes one @param {number} times */
export async function killedWhileWriting(origin, times) {
  const folder = visitorFolder(), acknowledged = new Set();
  let lost = 0, opened = 0, late = 0, most = 0, wiped = 0, all = 0;
  try {
    for (let round = 0; round <= times; round++) {
      const before = makings(folder), { context, kill } = await live(folder);
      try {
        const page = await context.newPage();
        await page.exposeFunction('acknowledge', (ids) => ids.forEach((id) => acknowledged.add(id)));
        await page.goto(origin);
        const [kept, tries] = await page.evaluate(async () => {
          const { LogStore } = await import('/modules/store.js');
          const { recordId } = await import('/modules/record.js');
          let found = null, asked = 0;
          for (; !found && asked < 10; asked++) {
            if (asked) await new Promise((next) => setTimeout(next, 100 * asked));
            globalThis.store = new LogStore({ onState() {}, onRecords() {}, onReset() {}, onErased() {}, onFull() {} });
            found = await globalThis.store.load();
          }
          return [found && found.records.map(recordId), asked];
        });
        if (kept) opened++;
        if (tries > 1) late++;
        const there = new Set(kept ?? []);
        if (round > 0 && kept && there.size === 0 && makings(folder).some((line) => !before.includes(line))) {
          wiped++;
          all += acknowledged.size;
          acknowledged.clear();
        }
        lost = Math.max(lost, [...acknowledged].filter((id) => !there.has(id)).length);
        most = Math.max(most, there.size);
        if (round === times) break;
        const writing = page.evaluate(async (tab) => {
          for (let seq = 1; ; seq += 10) {
            const ids = [];
            for (let i = 0; i < 10; i++) {
              globalThis.store.append({ tab, seq: seq + i, type: 'view_item', item_id: 'x', time: 1000, value: 0 });
              ids.push(`${tab.toString(36)}-${(seq + i).toString(36)}`);
            }
            if (await globalThis.store.flush()) await globalThis.acknowledge(ids);
          }
        }, round + 1).catch(() => {});
        await new Promise((next) => setTimeout(next, 100 + Math.random() * 200));
        await kill();
        await writing;
      } finally {
        await kill().catch(() => {});
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return { acknowledged: all + acknowledged.size, lost, opened, late, wiped, kept: most };
}
