// The documentation's examples are run as they stand: JavaScript against the built package and the
// demo's model, commands against the tool's own list of options, tags against the attributes that
// the scripts read.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { serve } from '../../tools/serve.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true })
  .map((name) => join('docs', String(name))).filter((name) => name.endsWith('.md'))];

/** The fenced blocks of a page: { language, text, line }. */
function blocksOf(page) {
  const found = [], lines = readFileSync(join(root, page), 'utf8').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = lines[i].match(/^```(\w+)/);
    if (!fence) continue;
    const from = i + 1;
    while (++i < lines.length && lines[i] !== '```');
    found.push({ page, language: fence[1], text: lines.slice(from, i).join('\n'), line: from });
  }
  return found;
}
const blocks = pages.flatMap(blocksOf);
const called = (block) => `${block.page}:${block.line}`;

let shop, dir;
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vitrine-docs-'));
  mkdirSync(join(dir, 'node_modules'));
  mkdirSync(join(dir, 'shop'));
  symlinkSync(join(root, 'build/web'), join(dir, 'node_modules/vitrine'));
  for (const to of ['shop/model.vitrine', 'model.vitrine']) copyFileSync(join(root, 'models/demo.vitrine'), join(dir, to));
  for (const to of ['shop/catalog.vitrine', 'catalog.vitrine']) copyFileSync(join(root, 'models/demo-catalog.vitrine'), join(dir, to));
  shop = await serve(dir);
});
after(async () => {
  await shop?.close();
  rmSync(dir, { recursive: true, force: true });
});

const programs = blocks.filter(({ language, text }) => language === 'js' && /from '\w*vitrine'/.test(text) && /close\(\)/.test(text));

test('there are programs to run', () => assert.ok(programs.length >= 5, `${programs.length} programs`));

for (const block of programs) {
  test(`the program at ${called(block)} runs`, async () => {
    const file = join(dir, `${block.page.replace(/\W/g, '-')}-${block.line}.mjs`);
    writeFileSync(file, block.text.replaceAll("'/shop/", `'${shop.url}shop/`));
    const { stderr } = await run(process.execPath, [file], { cwd: dir, timeout: 30_000 });
    assert.equal(stderr, '');
  });
}

test('every other script of the documentation is well formed', async () => {
  for (const block of blocks.filter((one) => ['js', 'jsx', 'ts', 'tsx', 'mjs'].includes(one.language) && !programs.includes(one)))
    await transform(block.text, { loader: block.language === 'js' || block.language === 'mjs' ? 'jsx' : block.language })
      .catch((error) => assert.fail(`${called(block)}: ${error.message}`));
});

test('every command of the documentation has only options that the tool knows', async () => {
  const tool = join(root, 'build/native/vitrine');
  assert.ok(existsSync(tool), 'build/native/vitrine is built');
  const help = new Map();
  for (const block of blocks.filter((one) => ['sh', 'bash', 'text'].includes(one.language))) {
    for (const line of block.text.replace(/\\\n\s*/g, ' ').split('\n')) {
      const command = line.match(/(?:^|\s|\/)vitrine ([a-z]+)\b(.*)/);
      if (!command) continue;
      const [, name, rest] = command;
      if (!help.has(name)) {
        const { stdout } = await run(tool, [name, '--help']).catch((error) => assert.fail(`${called(block)}: vitrine ${name}: ${error.message}`));
        help.set(name, stdout);
      }
      for (const [, option] of rest.replace(/\s#.*/, '').matchAll(/\s(--[a-z][\w-]*)/g))
        assert.match(help.get(name), new RegExp(`${option}(?![\\w-])`), `${called(block)}: vitrine ${name} has no ${option}`);
    }
  }
  assert.ok(help.size >= 3, 'commands were found');
});

test('every tag of the documentation uses attributes that a script reads', () => {
  const sources = readdirSync(join(root, 'web'), { recursive: true }).map(String)
    .filter((name) => name.endsWith('.js') && !name.startsWith('demo'))
    .map((name) => readFileSync(join(root, 'web', name), 'utf8')).join('\n');
  const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  for (const block of blocks.filter((one) => one.language === 'html'))
    for (const [, name] of block.text.matchAll(/\sdata-(vitrine[\w-]*)/g))
      assert.ok(sources.includes(`data-${name}`) || sources.includes(camel(name)), `${called(block)}: nothing reads data-${name}`);
});
