// Makes the published package of the modules that tools/assemble-web.mjs put together: minified ES
// modules, CommonJS for Node's require(), one classic script, and declarations for each.

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { minify } from 'terser';

/** What a shop imports by name, and what those load when they need it: files of their own, with names
 * that stay. Everything else is joined into whoever uses it. */
const ENTRIES = ['index', 'direct', 'elements', 'auto', 'adapters', 'worker', 'worker_host', 'inline', 'inline_wasm', 'react', 'vue',
  'data_layer', 'json_ld', 'segment', 'adobe', 'shopify', 'consent_signals', 'privacy_panel', 'timeline'];
/** Those that a program with require() may want. */
const REQUIRED = ['index', 'direct', 'adapters', 'elements', 'inline', 'react', 'vue'];
/** The modules of the first shelf. What is fetched later sees them as one, so that they stay one file: a
 * dozen small ones would pack worse and take a dozen requests. */
const CORE = ['index', 'recommender', 'engine', 'shelves', 'load', 'model_source', 'errors', 'item_fields', 'constants'];
/** What comes beside the model where there is consent, and after the first shelf where there is not: always both, so
 * that they are one file, and no page learns from one file which others it wants. */
const LATER = ['more', 'keeping'];
/** What stands in for import.meta.url where there is none. */
const PLACES = {
  cjs: "import { pathToFileURL } from 'node:url';\nexport const vitrineUrl = pathToFileURL(__filename).href;",
  iife: "export const vitrineUrl = document.currentScript?.src || document.baseURI;",
};

/** Names of what is fetched later, with four letters of their contents' hash for eight: enough for a cache to tell
 * releases apart, and the core, which spells them all, is 50 bytes smaller. @param {string} text */
const shortNames = (text) => text.replace(/\b([a-z_]+-[0-9A-Z]{4})[0-9A-Z]{4}\.js\b/g, '$1.js');

/** What esbuild made, with names given once more: alike places then look alike, and the core packs to 4 % less.
 * @param {{ outputFiles: { path: string, text: string }[] }} made */
const smaller = ({ outputFiles }) => Promise.all(outputFiles.map(async ({ path, text }) => ({ path,
  text: (await minify(text, { module: true, ecma: 2020 })).code })));

/** An entry that only hands on what another file has, in one statement for two. @param {string} text */
function handedOn(text) {
  const [whole, taken, from, given] = text.match(/^import\{([^}]*)\}from("[^"]*");export\{([^}]*)\};\s*$/) ?? [];
  if (!whole) return text;
  const pairs = (/** @type {string} */ list) => list.split(',').map((pair) => pair.split(' as '));
  const names = new Map(pairs(taken).map(([theirs, ours = theirs]) => [ours, theirs]));
  return `export{${pairs(given).map(([ours, name = ours]) => `${names.get(ours)} as ${name}`)}}from${from};\n`;
}

/** Put the published files in place of the modules in `out`. */
export async function publish(out) {
  const shared = { absWorkingDir: out, write: false, bundle: true, minify: true, target: 'es2022', logLevel: 'warning', legalComments: 'none' };
  /** An import of another entry stays an import, under the other's published name. */
  const apart = (own, extension) => ({ name: 'apart', setup({ onResolve }) {
    onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) => {
      const name = path.slice(2, -3);
      return ENTRIES.includes(name) && !own.includes(name) ? { path: `./${name}${extension}`, external: true } : undefined;
    });
  } });
  const all = (names) => ({ resolveDir: out, contents: names.map((name) => `export * from './${name}.js';`).join('\n') });
  /** Files that are fetched share the core and nothing else: what two of them use, each has, since a third file for it
   * would be asked for when the first is there. */
  const core = { name: 'core', setup({ onResolve, onLoad }) {
    const isOf = (list, path) => list.includes(basename(path, '.js'));
    onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path, importer, kind, namespace }) => {
      if (kind === 'dynamic-import') return isOf(LATER, path) ? { path: 'later', namespace: 'later' } : undefined;
      if (namespace === 'core') return { path: join(out, path) };
      if (isOf(CORE, path)) return isOf(CORE, importer) && namespace === 'file' ? undefined : { path: 'core', namespace: 'core' };
      const own = namespace === 'file' ? `of ${basename(importer, '.js')}` : namespace;
      return { path: join(out, path), namespace: own };
    });
    onLoad({ filter: /.*/, namespace: 'core' }, () => all(CORE));
    onLoad({ filter: /^later$/, namespace: 'later' }, () => all(LATER));
    onLoad({ filter: /\.js$/ }, ({ path, namespace }) => (namespace === 'file' ? undefined : { resolveDir: out, contents: readFileSync(path, 'utf8') }));
  } };
  const esm = (names) => build({ ...shared, format: 'esm', splitting: true, outdir: out, entryPoints: names.map((name) => join(out, `${name}.js`)),
    chunkNames: '[name]-[hash]', external: ['react', 'vue'],
    plugins: [...(names.includes('index') ? [core] : []), apart(names, '.js')] });
  /** Replaces import.meta.url by a name that `inject` defines. */
  const elsewhere = (format) => {
    const file = join(out, `place.${format}.mjs`);
    writeFileSync(file, PLACES[format]);
    return { format, inject: [file], define: { 'import.meta.url': 'vitrineUrl' } };
  };
  const results = [];
  // The two that share the engine are made together, so that a page with both loads it once.
  for (const names of [['index', 'direct'], ...ENTRIES.slice(2).map((name) => [name])]) results.push({ outputFiles: await smaller(await esm(names)) });
  const cjs = elsewhere('cjs');
  for (const name of REQUIRED) {
    const others = REQUIRED.filter((other) => other !== name);
    results.push(await build({ ...shared, ...cjs, platform: 'node', outfile: join(out, `${name}.cjs`), entryPoints: [join(out, `${name}.js`)],
      external: ['react', 'vue'],
      plugins: [{ name: 'apart', setup({ onResolve }) {
        onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) =>
          (others.includes(path.slice(2, -3)) ? { path: path.replace(/js$/, 'cjs'), external: true } : undefined));
      } }] }));
  }
  results.push(await build({ ...shared, ...elsewhere('iife'), globalName: 'Vitrine', outfile: join(out, 'vitrine.global.js'),
    entryPoints: [join(out, 'global.js')] }));
  for (const name of readdirSync(out)) if (/\.(js|mjs)$/.test(name)) rmSync(join(out, name));
  const files = results.flatMap(({ outputFiles }) => outputFiles);
  // The names that others know the core by are a module without a word of its own: nobody need ask for it.
  const empty = files.filter(({ text }) => text === '').map(({ path }) => `import"./${basename(path)}";`);
  /** @type {Map<string, string>} */
  const written = new Map();
  for (const { path, text } of files) {
    if (text === '') continue;
    const name = shortNames(path), contents = handedOn(shortNames(empty.reduce((rest, line) => rest.replaceAll(line, ''), text)));
    if ((written.get(name) ?? contents) !== contents) throw new Error(`two files are called ${name}`);
    written.set(name, contents);
    writeFileSync(name, contents);
  }
  for (const name of REQUIRED)
    writeFileSync(join(out, `${name}.d.cts`), readFileSync(join(out, `${name}.d.ts`), 'utf8').replace(/'(\.\/\w+)\.js'/g, "'$1.cjs'"));
}
