// What the tests of the package stand on: the built package, and the seeded shops of tests/tools/lists.c
// with the lists that the native library makes of them.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The package as published. */
export const web = process.env.VITRINE_WEB ?? join(root, 'build/web');
const program = process.env.VITRINE_LISTS ?? join(root, 'build/native/lists');
const out = join(root, 'build/tests');

/** A folder made once: test files run side by side, so whoever is first puts a complete one there. */
function once(name, make) {
  const folder = join(out, name);
  if (existsSync(folder)) return folder;
  mkdirSync(out, { recursive: true });
  const draft = mkdtempSync(join(out, 'draft-'));
  make(draft);
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true });
  }
  return folder;
}

/** The modules one by one, with the same wasm: for tests of what is behind the package's door. */
export const modules = () => {
  const file = (name) => join(web, name);
  const newest = Math.max(...[join(root, 'web'), web].flatMap((dir) => readdirSync(dir).map((name) => statSync(join(dir, name)).mtimeMs)));
  return once(`package-${newest}`, (draft) => execFileSync(process.execPath, [join(root, 'tools/assemble-web.mjs'), '--out', draft,
    '--plain', file('vitrine.wasm'), '--simd128', file('vitrine-simd.wasm'), '--relaxed', file('vitrine-relaxed.wasm')]));
};
export const modulesUrl = () => `${pathToFileURL(modules()).href}/`;

/** The shops of lists.c: name, and how many histories it ranks. */
export const SHOPS = [['gru', 1000], ['lstm', 200], ['exact', 200], ['relu', 100], ['gru-bytes', 200], ['lstm-bytes', 200], ['bag', 100]];

/** The files of lists.c. */
export const listsFolder = () => once(`lists-${statSync(program).mtimeMs}`, (draft) => execFileSync(program, [draft]));

export const bytesOf = (name) => new Uint8Array(readFileSync(join(listsFolder(), name)));
export const textOf = (name) => readFileSync(join(listsFolder(), name), 'utf8');
export const model = () => bytesOf('gru.model.vitrine');
export const catalog = () => bytesOf('gru.catalog.vitrine');

/** One of the modules behind the door. */
export const load = (name) => import(`${modulesUrl()}${name}`);

/** A recommender over the small shop, in memory unless told otherwise. */
export async function shop(options = {}) {
  const { createRecommender } = await import(pathToFileURL(join(web, 'index.js')).href);
  return createRecommender({
    model: model(), catalog: catalog(), storage: 'memory', consent: 'granted', strict: true, ...options });
}

export const ids = (result) => result.items.map((item) => item.item_id);
