// Shops' projects of today, each in a folder of its own: built from the packed package, served, and
// opened in Chromium, where the shelf has to hold what Node lists for the same visitor.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { catalog, listsFolder, model, root, web } from '../web/fixture.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'build/integration');
const run = promisify(execFile);

/** The package as it would be published: build/integration/vitrine-VERSION.tgz. */
export function pack() {
  mkdirSync(out, { recursive: true });
  return join(out, execFileSync('npm', ['pack', '--silent', '--pack-destination', out, web], { encoding: 'utf8' }).trim());
}

/** A fresh copy of a project with the package in it, without asking the network for anything.
 * @param {string} name @param {string} tarball */
export function copy(name, tarball, into = name) {
  const dir = join(out, into);
  rmSync(dir, { recursive: true, force: true });
  cpSync(join(here, name), dir, { recursive: true });
  const own = join(dir, 'node_modules/vitrine');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '--strip-components=1', '-C', own]);
  return dir;
}

/** The same with what its lock file names, by npm. @param {string} name @param {string} tarball */
export async function install(name, tarball) {
  const dir = copy(name, tarball);
  rmSync(join(dir, 'node_modules'), { recursive: true });
  // Not `npm ci`: a registry that lacks another platform's binaries makes lock files it then refuses.
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', tarball], { cwd: dir });
  return dir;
}

/** @param {string} dir @param {string[]} command @param {Record<string, string>} [env] */
export async function build(dir, command = ['npm', 'run', '--silent', 'build'], env = {}) {
  try {
    const [program, ...args] = command;
    return await run(program, args, { cwd: dir, env: { ...process.env, NODE_ENV: 'production', ...env }, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${command.join(' ')} in ${dir}:\n${error.stdout}\n${error.stderr}`);
  }
}

/** Put the seeded shop's files where a server of its own looks. @param {string} dir */
export function addFiles(dir) {
  mkdirSync(dir, { recursive: true });
  for (const what of ['model', 'catalog']) cpSync(join(listsFolder(), `gru.${what}.vitrine`), join(dir, `${what}.vitrine`));
}

const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.html': 'text/html', '.wasm': 'application/wasm', '.css': 'text/css' };
/** The strictest policy the docs name. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";

/** Serve the first of `dirs` that has a file, and the seeded shop beside it.
 * @param {string[]} dirs @param {Record<string, string>} [headers] */
export async function serve(dirs, headers = {}) {
  const server = createServer((request, response) => {
    let path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    if (path.endsWith('/')) path += 'index.html';
    const shop = path.match(/^\/(model|catalog)\.vitrine$/);
    const file = shop ? join(listsFolder(), `gru.${shop[1]}.vitrine`)
      : path.startsWith('/vitrine/') ? join(web, path.slice(9)) : dirs.map((dir) => join(dir, path)).find((one) => existsSync(one));
    if (!file || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers }).end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

/** Chromium as people have it: what steers it does not show, so that events teach. */
export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-blink-features=AutomationControlled'] });

/** What the visitor of the examples is listed, by Node. */
export async function expected() {
  const { createRecommender } = await import(pathToFileURL(join(web, 'index.js')).href);
  const v = await createRecommender({ model: model(), catalog: catalog(), storage: 'memory', consent: 'granted' });
  v.track('view_item', { items: [{ item_id: '112' }] });
  const ids = v.recommendSync({ placement: 'for_you', limit: 4 }).items.map((item) => item.item_id);
  await v.close();
  return ids;
}

/** Open a page and wait until its links are these ids. Anything the page logs as an error counts.
 * @param {import('playwright-core').Browser} browser @param {string} url @param {string[]} ids */
export async function shows(browser, url, ids) {
  const context = await browser.newContext(), page = await context.newPage(), errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const wasm = [];
  page.on('response', (response) => response.url().includes('.wasm') && wasm.push(response.status()));
  try {
    await page.goto(url);
    await page.waitForFunction((list) => JSON.stringify([...document.querySelectorAll('a')].map((a) => a.textContent)) === list,
      JSON.stringify(ids), { timeout: 20000 });
  } catch (error) {
    const found = await page.evaluate(() => [...document.querySelectorAll('a')].map((a) => a.textContent));
    throw new Error(`${url} shows ${found}, not ${ids}; ${errors.join('; ')}`, { cause: error });
  } finally {
    await context.close();
  }
  if (errors.length) throw new Error(`${url} logged: ${errors.join('; ')}`);
  return { wasm };
}

/** Start a server of the project's own and wait for it. @param {string} dir @param {string[]} command @param {string} url */
export async function start(dir, command, url) {
  const child = spawn(command[0], command.slice(1), { cwd: dir, stdio: 'ignore', env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }, detached: true });
  for (let tries = 0; tries < 150; tries++) {
    if (await fetch(url).then((answer) => answer.ok, () => false)) return () => process.kill(-child.pid);
    await new Promise((next) => setTimeout(next, 200));
  }
  process.kill(-child.pid);
  throw new Error(`${command.join(' ')} did not answer`);
}
