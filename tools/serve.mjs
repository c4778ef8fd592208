#!/usr/bin/env node
// A static server for the demo and the browser tests: GET and HEAD, on the loopback address only.
//
//   node tools/serve.mjs DIR [--port 8080]
//
// It sends what a shop's server should: the right types and a policy that allows WebAssembly and
// nothing from elsewhere.

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.vitrine': 'application/octet-stream',
};

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
  + "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/* The file a path of the URL means, or nothing: it must lie in `root`, whatever dots and links say. */
async function find(root, pathname) {
  let name;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (name.includes('\0')) return undefined;
  const place = join(root, name);
  const folder = await stat(place).then((info) => info.isDirectory(), () => false);
  const file = await realpath(folder ? join(place, 'index.html') : place).catch(() => undefined);
  if (!file?.startsWith(root + sep)) return undefined;
  const info = await stat(file);
  return info.isFile() ? { file, size: info.size } : undefined;
}

/** Serves the files below `dir`. `headers` are added to each answer, or replace ours; null drops one.
 * Resolves once it listens, with its URL and a function that ends it. */
export async function serve(dir, { port = 0, host = '127.0.0.1', headers = {} } = {}) {
  const root = await realpath(dir);
  const server = createServer(async (request, response) => {
    const all = { 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache', ...headers };
    for (const [name, value] of Object.entries(all)) if (value !== null) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const found = await find(root, request.url.split(/[?#]/, 1)[0]);
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
      return;
    }
    response.writeHead(200, { 'Content-Length': found.size,
      'Content-Type': TYPES[extname(found.file)] ?? 'application/octet-stream' });
    if (request.method === 'HEAD') response.end();
    else createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
  });
  await new Promise((done, fail) => server.once('error', fail).listen(port, host, done));
  return {
    url: `http://${host}:${server.address().port}/`,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true, options: { port: { type: 'string', default: '8080' } },
  });
  const port = Number(values.port);
  if (positionals.length !== 1 || !Number.isInteger(port) || port < 0 || port > 65535) {
    console.error('usage: serve.mjs DIR [--port 0..65535]');
    process.exit(2);
  }
  try {
    const { url } = await serve(positionals[0], { port });
    console.log(`serving ${positionals[0]} at ${url}  (Ctrl-C ends it)`);
  } catch (error) {
    console.error(error.code === 'EADDRINUSE'
      ? `error: port ${port} is taken\nremedy: choose another, as in make demo PORT=${port + 1}`
      : `error: ${error.message}`);
    process.exit(4);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
