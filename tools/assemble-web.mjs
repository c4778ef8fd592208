#!/usr/bin/env node
// Puts the publishable package together: the modules of web/, the three wasm files, and the constants
// that C and JavaScript share, read from the C headers so that nothing is typed twice.
//
//   node tools/assemble-web.mjs --plain FILE --simd128 FILE --relaxed FILE [--out build/web] [--minify]
//     [--large-simd128 FILE --large-relaxed FILE]      the two of vitrine/large
//
// With --minify, which needs the npm packages, the modules come as they are published: without
// comments, those a page needs at once joined, with CommonJS for Node's require() and one classic
// script beside them. Without it they are the sources themselves.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bareExports, publishedNames } from './bare-exports.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const NAMES = { plain: 'vitrine.wasm', simd128: 'vitrine-simd.wasm', relaxed: 'vitrine-relaxed.wasm' };

/** Those that read split rows too; a package without them has no `vitrine/large`. */
const LARGE = { simd128: 'vitrine-large-simd.wasm', relaxed: 'vitrine-large-relaxed.wasm' };

const header = (name) => readFileSync(join(root, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

const sumsOf = (wasm) => Object.fromEntries(Object.entries(wasm).map(([variant, bytes]) =>
  [variant, createHash('sha256').update(bytes).digest('hex')]));

/** The constants of one header that start with a prefix: [['view_item', 0], ...] as it lists them. */
export function constantsOf(text, prefix) {
  const found = [...text.matchAll(new RegExp(`\\b${prefix}([A-Z0-9_]+)\\s*=\\s*(\\d+)`, 'g'))]
    .map(([, name, value]) => [name.toLowerCase(), Number(value)]);
  if (found.length === 0) throw new Error(`no constant starts with ${prefix}`);
  return found;
}

/** The names of an enumeration that counts from 0, its total left out. */
function namesOf(text, prefix, total) {
  const all = constantsOf(text, prefix).filter(([name]) => name !== total);
  all.forEach(([name, value], i) => {
    if (value !== i) throw new Error(`${prefix}${name.toUpperCase()} is ${value}, not ${i}`);
  });
  return all.map(([name]) => name);
}

function number(text, name) {
  const value = text.match(new RegExp(`\\b${name}\\b\\s*=?\\s*(\\d+)`))?.[1];
  if (value === undefined) throw new Error(`no ${name}`);
  return Number(value);
}

/** The table of src/profile/event_alias.c: for each kind its name and what other systems call it. */
export function eventsOf(source, kinds) {
  const rows = new Map([...source.matchAll(/\[VITRINE_([A-Z_]+)\]\s*=\s*\{("[\s\S]*?)\}\}/g)]
    .map(([, kind, row]) => [kind.toLowerCase(), [...row.matchAll(/"([^"]+)"/g)].flatMap(([, names]) => names.split('|'))]));
  return kinds.map((kind) => {
    const names = rows.get(kind);
    if (names?.[0] !== kind) throw new Error(`the table of event names has no row '${kind}'`);
    return [...new Set(names.map((name) => name.toLowerCase().replace(/[ -]/g, '_')))].join('|');
  });
}

/** Not needed by the first shelf: constants_more.js. */
const LATER = ['EVENTS', 'WHO', 'PARTS', 'MARKS', 'LEARNT_KINDS', 'SEEN_KIND', 'REASON_WORDS'];

export function constants(wasm, later = false) {
  const rank = header('include/vitrine/rank.h'), exports = header('src/wasm/exports.h');
  const profile = header('include/vitrine/profile.h'), catalog = header('include/vitrine/catalog.h');
  const placements = header('include/vitrine/placements.h');
  const engine = header('include/vitrine/engine.h'), event = header('include/vitrine/event.h');
  const status = header('include/vitrine/status.h').match(/typedef enum vitrine_status \{[\s\S]*?\}/)[0];
  const flags = [...constantsOf(profile, 'VITRINE_(?=WAS_|IN_)')];
  const values = {
    VERSION: header('include/vitrine/vitrine.h').match(/VITRINE_VERSION "([^"]+)"/)[1],
    WASM_SHA256: sumsOf(wasm),
    ABI: number(exports, 'VITRINE_WASM_ABI'),
    STATUS: namesOf(status, 'VITRINE_'),
    WHO: Object.fromEntries(constantsOf(exports, 'VITRINE_WHO_')),
    EVENTS: eventsOf(readFileSync(join(root, 'src/profile/event_alias.c'), 'utf8'),
      namesOf(event.match(/typedef enum vitrine_event_kind \{[\s\S]*?\}/)[0], 'VITRINE_', 'event_kinds')),
    EXCLUDABLE: Object.fromEntries(['was_viewed', 'in_cart', 'in_wishlist', 'was_purchased'].map((name) => [name.replace(/^\w+?_/, ''), Object.fromEntries(flags)[name]])),
    PARTS: namesOf(rank, 'VITRINE_PART_'),
    PLACES: namesOf(placements, 'VITRINE_PLACE_'),
    RUNGS: namesOf(placements, 'VITRINE_RUNG_'),
    // The names of the shop's own fields are in its catalog.
    TEXT: namesOf(catalog, 'VITRINE_TEXT_', 'fields').filter((name) => !name.startsWith('own_'))
      .map((name) => (name === 'group' ? 'item_group_id' : name)),
    OWN_TEXTS: number(catalog, 'VITRINE_TEXT_FIELDS') - number(catalog, 'VITRINE_TEXT_OWN_1'),
    MARKS: Object.fromEntries(constantsOf(catalog, 'VITRINE_IS_')),
    LEARNT_KINDS: number(event, 'VITRINE_VIEW_ITEM_LIST'),
    SEEN_KIND: number(event, 'VITRINE_REC_VIEW'),
    REASON_WORDS: number(exports, 'VITRINE_WASM_REASON_WORDS'),
    REQUEST_WORDS: number(exports, 'VITRINE_WASM_REQUEST_WORDS'),
    EVENTS_KEPT: number(engine, 'VITRINE_ENGINE_EVENTS'),
  };
  return '// @ts-check\n/* Made by tools/assemble-web.mjs from the C headers. */\n' + Object.entries(values).filter(([name]) => LATER.includes(name) === later).map(([name, value]) => {
    const type = Array.isArray(value) ? '/** @type {string[]} */\n' : '';
    return `${type}export const ${name} = ${JSON.stringify(value)};\n`;
  }).join('');
}

async function main() {
  const { values } = parseArgs({ options: {
    'large-simd128': { type: 'string' }, 'large-relaxed': { type: 'string' },
    plain: { type: 'string' }, simd128: { type: 'string' }, relaxed: { type: 'string' },
    minify: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'build/web') } } });
  const names = publishedNames(header('src/wasm/exports.h'));
  const wasm = {};
  for (const variant of Object.keys(NAMES)) {
    if (!values[variant]) throw new Error(`--${variant} FILE is missing`);
    wasm[variant] = bareExports(readFileSync(values[variant]), names, values.minify);
  }
  const large = {};
  for (const variant of Object.keys(LARGE))
    if (values[`large-${variant}`]) large[variant] = bareExports(readFileSync(values[`large-${variant}`]), names, values.minify);
  const { version } = JSON.parse(readFileSync(join(root, 'web/package.json'), 'utf8'));
  const text = constants(wasm);
  if (!text.includes(`VERSION = "${version}"`)) throw new Error('web/package.json and vitrine.h disagree about the version');
  rmSync(values.out, { recursive: true, force: true });
  mkdirSync(values.out, { recursive: true });
  for (const name of readdirSync(join(root, 'web')))
    if (/\.(js|d\.ts)$/.test(name) || name === 'package.json') copyFileSync(join(root, 'web', name), join(values.out, name));
  for (const [variant, name] of Object.entries(NAMES)) writeFileSync(join(values.out, name), wasm[variant]);
  for (const [variant, bytes] of Object.entries(large)) writeFileSync(join(values.out, LARGE[variant]), bytes);
  if (Object.keys(large).length === 0) for (const name of ['large.js', 'large.d.ts']) rmSync(join(values.out, name));
  else writeFileSync(join(values.out, 'constants_large.js'), '// @ts-check\n/* Made by tools/assemble-web.mjs. */\n'
    + `export const LARGE_SHA256 = ${JSON.stringify(sumsOf(large))};\n`);
  writeFileSync(join(values.out, 'constants.js'), text);
  writeFileSync(join(values.out, 'constants_more.js'), constants(wasm, true));
  writeFileSync(join(values.out, 'inline_wasm.js'), '// @ts-check\n/* Made by tools/assemble-web.mjs: vitrine-simd.wasm, packed by gzip. */\n'
    + `export const WASM = '${gzipSync(wasm.simd128, { level: 9 }).toString('base64')}';\n`);
  writeFileSync(join(values.out, 'catalog_model.js'), '// @ts-check\n/* Made by tools/assemble-web.mjs: models/none.vitrine, which stands in where there is no model. */\n'
    + `const MODEL = '${readFileSync(join(root, 'models/none.vitrine')).toString('base64')}';\n`
    + 'export const catalogModel = () => Uint8Array.from(atob(MODEL), (letter) => letter.charCodeAt(0));\n');
  if (values.minify) await (await import('./publish-web.mjs')).publish(resolve(values.out), names);
  // A bench bundles its adapter, which then no longer knows where the wasm lies, nor its packer (bench/pack.c).
  const pack = join(dirname(values.simd128), 'bench_pack.wasm');
  writeFileSync(`${resolve(values.out)}.place.js`, `export const folder = ${JSON.stringify(`${resolve(values.out)}/`)};\n`
    + `export const packer = '${existsSync(pack) ? readFileSync(pack).toString('base64') : ''}';\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
