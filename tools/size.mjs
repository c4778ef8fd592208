#!/usr/bin/env node
// The size gate: weighs every file of the built package a browser may download, and fails past the
// bars: what it takes to run, each adapter, the elements, and the build with the wasm inside.
//
//   node tools/size.mjs [build/web]
//
// "To run" is what the main entry needs: itself, the modules it imports at once, and the largest of
// the wasm variants, of which a browser takes one. Dynamic imports and workers are not counted
// there; like all other files they stand in the table.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const KB = 1000;
const TO_RUN_BROTLI = 40 * KB;
const CORE_JS_GZIP = 8 * KB;
const ADAPTER_GZIP = 1 * KB;
const ELEMENTS_GZIP = 4 * KB;
const INLINE_BROTLI = 60 * KB;
const LARGE_BROTLI = 44 * KB;
const ADAPTERS = ['data_layer', 'json_ld', 'segment', 'adobe', 'shopify', 'consent_signals'].map((name) => `${name}.js`);

/** Bytes of one file: as it is, gzip 9, brotli 11. */
export function weigh(bytes) {
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }).length,
  };
}

/** The files `entry` needs at once: itself and what its static imports reach. */
export function reach(entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  const text = readFileSync(entry, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  for (const [, path] of text.matchAll(/(?:^|[;}\n])\s*(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*['"](\.[^'"]+)['"]/g))
    reach(resolve(dirname(entry), path), found);
  return found;
}

const sum = (weights, key) => weights.reduce((total, weight) => total + weight[key], 0);

/** The table and the two bars of the package in `dir`. */
export function measure(dir) {
  const files = readdirSync(dir, { recursive: true }).map(String).sort()
    .filter((name) => /\.(js|mjs|cjs|wasm)$/.test(name))
    .map((name) => ({ name, ...weigh(readFileSync(join(dir, name))) }));
  const core = new Set([...reach(resolve(dir, 'index.js'))].map((file) => relative(resolve(dir), file)));
  const scripts = files.filter((file) => core.has(file.name));
  const wasm = files.filter((file) => file.name.endsWith('.wasm'));
  if (wasm.length === 0) throw new Error(`${dir} holds no wasm`);
  /** The largest of the usual modules, or of those of vitrine/large. */
  const largest = (/** @type {boolean} */ large) => wasm.filter(({ name }) => /-large-/.test(name) === large)
    .reduce((most, { brotli }) => Math.max(most, brotli), 0);
  /** A file with all it needs at once. */
  const whole = (name) => {
    const needed = new Set([...reach(resolve(dir, name))].map((file) => relative(resolve(dir), file)));
    return files.filter((file) => needed.has(file.name));
  };
  const more = (name, what, key, most) => (files.some((file) => file.name === name)
    ? [{ what, bytes: sum(whole(name), key), most }] : []);
  return {
    files, core,
    bars: [
      { what: 'to run: one wasm and its JavaScript, brotli', bytes: sum(scripts, 'brotli') + largest(false),
        most: TO_RUN_BROTLI },
      { what: 'core JavaScript, gzip', bytes: sum(scripts, 'gzip'), most: CORE_JS_GZIP },
      ...ADAPTERS.flatMap((name) => more(name, `adapter ${name}, gzip`, 'gzip', ADAPTER_GZIP)),
      ...more('elements.js', 'elements, gzip', 'gzip', ELEMENTS_GZIP),
      ...more('large.js', 'vitrine/large: one wasm and its JavaScript, brotli', 'brotli', LARGE_BROTLI)
        .map((bar) => ({ ...bar, bytes: bar.bytes + largest(true) })),
      ...more('inline.js', 'inline build with its wasm, brotli', 'brotli', INLINE_BROTLI),
    ],
  };
}

function main() {
  const { files, core, bars } = measure(process.argv[2] ?? 'build/web');
  const row = (name, ...cells) => console.log(name.padEnd(26) + cells.map((cell) => String(cell).padStart(9)).join(''));
  row('file (* needed to run)', 'raw', 'gzip 9', 'brotli 11');
  for (const file of files) row(file.name + (core.has(file.name) ? ' *' : ''), file.raw, file.gzip, file.brotli);
  let over = false;
  for (const { what, bytes, most } of bars) {
    over ||= bytes > most;
    console.log(`${bytes > most ? 'OVER' : 'ok  '} ${what}: ${bytes} of ${most} bytes`);
  }
  process.exit(over ? 1 : 0);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
