// A static server that can misbehave on demand, and the browsers.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { listsFolder, modules, root, web } from '../web/fixture.mjs';

const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.html': 'text/html', '.wasm': 'application/wasm' };
const PLACES = { '/vitrine/': web, '/modules/': modules(), '/data/': listsFolder(), '/tests/': join(root, 'tests/web') };
const PAGE = '<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,"><body>';

/** Serves the package under /vitrine/, the seeded shops under /data/, a blank page elsewhere.
 * `answers`: path to (request, response) => void for paths that are to misbehave. */
export async function serve({ headers = {}, answers = {} } = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    if (answers[path]) return answers[path](request, response);
    const place = Object.keys(PLACES).find((prefix) => path.startsWith(prefix));
    const type = place ? TYPES[extname(path)] ?? 'application/octet-stream' : 'text/html';
    try {
      const body = place ? readFileSync(join(PLACES[place], normalize(`/${path.slice(place.length)}`))) : PAGE;
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    } catch {
      response.writeHead(404).end('no such file');
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, server, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ['--no-sandbox'] });

/** The call that makes a recommender over the small shop inside a page, as `globalThis.v`. A database that answers
 * late, as on a machine with much else to do, is a warning that the tests of the database ask for themselves. */
export async function open(page, options = {}) {
  return page.evaluate(async (more) => {
    const { createRecommender } = await import('/vitrine/index.js');
    globalThis.v = await createRecommender({
      model: { url: '/data/gru.model.vitrine' }, catalog: { url: '/data/gru.catalog.vitrine' },
      consent: 'granted', learnFromAutomation: true, ...more });
    const { warnings, variant } = await globalThis.v.metrics();
    return { warnings: warnings.filter((warning) => warning !== 'storage_memory'), variant,
      events: globalThis.v.profile().events.map((event) => event.item_id) };
  }, options);
}
