import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { serve } from '../../tools/serve.mjs';

const dir = mkdtempSync(join(tmpdir(), 'vitrine-serve-'));
mkdirSync(join(dir, 'open'));
writeFileSync(join(dir, 'secret.txt'), 'secret');
writeFileSync(join(dir, 'open/index.html'), '<p>home');
writeFileSync(join(dir, 'open/a.wasm'), new Uint8Array([0, 97, 115, 109]));
const server = await serve(join(dir, 'open'));
test.after(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

/* fetch() tidies paths up before it sends them; this sends them as they are. */
const raw = (path, method = 'GET') => new Promise((done, fail) => {
  const { port } = new URL(server.url);
  request({ host: '127.0.0.1', port, path, method }, (response) => {
    let text = '';
    response.setEncoding('latin1').on('data', (part) => { text += part; })
      .on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
  }).on('error', fail).end();
});

test('files come with the types a browser insists on', async () => {
  assert.equal((await raw('/a.wasm')).headers['content-type'], 'application/wasm');
  const home = await raw('/');
  assert.equal(home.text, '<p>home');
  assert.match(home.headers['content-type'], /^text\/html/);
});

test('HEAD gives the length and no body', async () => {
  const head = await raw('/a.wasm', 'HEAD');
  assert.equal(head.headers['content-length'], '4');
  assert.equal(head.text, '');
});

test('nothing outside the folder is served', async () => {
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//../secret.txt'])
    assert.equal((await raw(path)).status, 404, path);
});

test('a link that leads out of the folder is not followed', async () => {
  symlinkSync(join(dir, 'secret.txt'), join(dir, 'open/link.txt'));
  assert.equal((await raw('/link.txt')).status, 404);
});

test('paths that are no paths are answered, and the server lives on', async () => {
  for (const path of ['//', '/%', '/%zz', '/%00', '/?', '/nothing']) {
    const { status } = await raw(path);
    assert.ok(status === 404 || status === 200, `${path}: ${status}`);
  }
  assert.equal((await raw('/')).status, 200);
});

test('methods that change things are refused', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await raw('/', method)).status, 405);
});

test('the policy allows WebAssembly and nobody else', async () => {
  const policy = (await raw('/')).headers['content-security-policy'];
  assert.match(policy, /default-src 'self'/);
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(policy, /https?:|\*/);
});
