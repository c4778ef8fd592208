// Makes the published package of the modules that tools/assemble-web.mjs put together: minified ES
// modules, CommonJS for Node's require(), one classic script, and declarations for each.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { minify } from 'terser';

/** What a shop imports by name, and what those load when they need it: files of their own, with names
 * that stay. Everything else is joined into whoever uses it. */
const ENTRIES = ['index', 'direct', 'elements', 'auto', 'adapters', 'worker', 'worker_host', 'inline', 'inline_wasm', 'large', 'react', 'vue',
  'data_layer', 'json_ld', 'segment', 'adobe', 'shopify', 'consent_signals', 'privacy_panel', 'timeline'];
/** Those that a program with require() may want. */
const REQUIRED = ['index', 'direct', 'adapters', 'elements', 'inline', 'large', 'react', 'vue'];
/** Entries that fetch files of their own later, and what each has in common with those: it stays one file with the entry,
 * where a dozen small ones would pack worse and take a dozen requests. The first one's is what the first shelf takes. */
const OPENING = ['engine', 'load', 'variants', 'model_source', 'errors', 'constants'];
const CORES = { index: ['index', 'recommender', 'shelves', 'item_fields', ...OPENING], direct: ['direct', 'engine_more', ...OPENING] };
/** What comes beside the model where there is consent, and after the first shelf where there is not: always both, so
 * that they are one file, and no page learns from one file which others it wants. */
const LATER = ['more', 'keeping'];
/** What a page with shelves runs nearly whole: V8 compiles it beside the page's thread as it comes, where function by
 * function at each first call took that thread 6 ms. To others it is a comment. */
const EAGER = ['index', 'direct', 'auto', 'elements', 'later'], ALL_AT_ONCE = '//# allFunctionsCalledOnLoad\n';
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

/** What the entry hands to a file that it fetched, with a name that minified code does not use. */
const HANDED = 'core$';

/** An ES module as it comes from terser: one import at most, then its body, then one export. @param {string} text */
function parts(text) {
  const [, taken, from, body, given] = text.match(/^(?:import\{([^}]*)\}from"\.\/([^"]*)";)?([\s\S]*?)(?:export\{([^}]*)\};?\s*)?$/) ?? [];
  if (body === undefined || /(^|[;}])(import|export)\b\s*[^(.\s]/.test(body)) throw new Error('a module with more than one import or export');
  /** @param {string} [list] */
  const pairs = (list) => (list ? list.split(',').map((pair) => pair.split(' as ')).map(([one, other = one]) => [one, other]) : []);
  return { taken: pairs(taken), from, body, given: pairs(given) };
}

/** The entry takes in what esbuild put into a third file, because those that are fetched later have it in common: a page
 * would ask for that one when the first is there. They get it handed when they have come. Did they import it by the
 * entry's name, the entry would have to export it, and a page with `?v=2` behind that name would have it twice.
 * @param {{ path: string, text: string }[]} files */
function joined([entry, ...files]) {
  // The names that others know the core by are a module without a word of its own: nobody need ask for it.
  const empty = files.filter(({ text }) => text === '').map(({ path }) => `import"./${basename(path)}";`);
  const all = files.filter(({ text }) => text !== '').map(({ path, text }) => ({ path, text: empty.reduce((rest, line) => rest.replaceAll(line, ''), text) }));
  const { taken, from, body } = parts(entry.text), core = all.find(({ path }) => basename(path) === from);
  if (!core || body.trim() || all.some(({ text }) => text.includes(HANDED))) throw new Error(`${entry.path} is more than what others have in common`);
  const shared = parts(core.text), own = new Map(shared.given.map(([ours, name]) => [name, ours]));
  const others = all.filter((file) => file !== core), wants = others.filter(({ text }) => parts(text).from === from).map(({ path }) => basename(path));
  /** @param {string} text */
  const linked = (text) => text.replace(/\bimport\("\.\/([^"]+)"\)/g, (call, name) => (wants.includes(name) ? `${call}.then(${HANDED}[0])` : call));
  return [{ path: entry.path, text: `${linked(shared.body)}const ${HANDED}=[e=>e.default(${HANDED}),${[...own.values()]}];`
      + `export{${taken.map(([name, ours]) => `${own.get(name)} as ${parts(entry.text).given.find(([one]) => one === ours)?.[1]}`)}};\n` },
  ...others.map(({ path, text }) => {
    if (!wants.includes(basename(path))) return { path, text };
    const one = parts(text), names = [...own.keys()].map((name) => one.taken.find(([theirs]) => theirs === name)?.[1] ?? '').join().replace(/,+$/, '');
    return { path, text: `export default ${HANDED}=>${HANDED}[${JSON.stringify(basename(path))}]??=(([,${names}])=>{${linked(one.body)}`
      + `return{${one.given.map(([ours, name]) => `${name}:${ours}`)}}})(${HANDED});\n` };
  })];
}

/** Put the published files in place of the modules in `out`.
 * @param {string} out @param {Record<string, string>} names  what the wasm's exports are called, `$` and all */
export async function publish(out, names) {
  // A package without the modules for the largest catalogs has no entry for them.
  const there = (/** @type {string} */ name) => existsSync(join(out, `${name}.js`));
  const entries = ENTRIES.filter(there), required = REQUIRED.filter(there);
  const shared = { absWorkingDir: out, write: false, bundle: true, minify: true, target: 'es2022', logLevel: 'warning', legalComments: 'none',
    mangleProps: /^\$/, mangleCache: names };
  /** A name with `$` that no header declares would be given letters as well. */
  const build = async (/** @type {any} */ options) => {
    const made = /** @type {any} */ (await esbuild.build(options));
    const unknown = Object.keys(made.mangleCache).filter((name) => !names[name]);
    if (unknown.length > 0) throw new Error(`the wasm exports no ${unknown}`);
    return made;
  };
  /** An import of another entry stays an import, under the other's published name. */
  const apart = (own, extension) => ({ name: 'apart', setup({ onResolve }) {
    onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) => {
      const name = path.slice(2, -3);
      return entries.includes(name) && !own.includes(name) ? { path: `./${name}${extension}`, external: true } : undefined;
    });
  } });
  const all = (names) => ({ resolveDir: out, contents: names.map((name) => `export * from './${name}.js';`).join('\n') });
  /** Files that are fetched share the core and nothing else: what two of them use, each has, since a third file for it
   * would be asked for when the first is there. */
  const core = (/** @type {string[]} */ modules) => ({ name: 'core', setup({ onResolve, onLoad }) {
    const isOf = (list, path) => list.includes(basename(path, '.js'));
    onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path, importer, kind, namespace }) => {
      if (kind === 'dynamic-import') return isOf(LATER, path) ? { path: 'later', namespace: 'later' } : undefined;
      if (namespace === 'core') return { path: join(out, path) };
      if (isOf(modules, path)) return isOf(modules, importer) && namespace === 'file' ? undefined : { path: 'core', namespace: 'core' };
      const own = namespace === 'file' ? `of ${basename(importer, '.js')}` : namespace;
      return { path: join(out, path), namespace: own };
    });
    onLoad({ filter: /.*/, namespace: 'core' }, () => all(modules));
    onLoad({ filter: /^later$/, namespace: 'later' }, () => all(LATER));
    onLoad({ filter: /\.js$/ }, ({ path, namespace }) => (namespace === 'file' ? undefined : { resolveDir: out, contents: readFileSync(path, 'utf8') }));
  } });
  const esm = (/** @type {string} */ name) => build({ ...shared, format: 'esm', splitting: true, outdir: out, entryPoints: [join(out, `${name}.js`)],
    chunkNames: '[name]-[hash]', external: ['react', 'vue'],
    plugins: [...(CORES[name] ? [core(CORES[name])] : []), apart([name], '.js')] });
  /** Replaces import.meta.url by a name that `inject` defines. */
  const elsewhere = (format) => {
    const file = join(out, `place.${format}.mjs`);
    writeFileSync(file, PLACES[format]);
    return { format, inject: [file], define: { 'import.meta.url': 'vitrineUrl' } };
  };
  const results = [];
  for (const name of entries) {
    const outputFiles = await smaller(await esm(name));
    results.push({ outputFiles: CORES[name] ? joined(outputFiles) : outputFiles });
  }
  const cjs = elsewhere('cjs');
  for (const name of required) {
    const others = required.filter((other) => other !== name);
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
  /** @type {Map<string, string>} */
  const written = new Map();
  for (const { path, text } of files) {
    const name = shortNames(path), contents = (EAGER.some((one) => basename(path).split(/[-.]/)[0] === one && /\.js$/.test(path)) ? ALL_AT_ONCE : '') + shortNames(text);
    if ((written.get(name) ?? contents) !== contents) throw new Error(`two files are called ${name}`);
    written.set(name, contents);
    writeFileSync(name, contents);
  }
  for (const name of required)
    writeFileSync(join(out, `${name}.d.cts`), readFileSync(join(out, `${name}.d.ts`), 'utf8').replace(/'(\.\/\w+)\.js'/g, "'$1.cjs'"));
}
