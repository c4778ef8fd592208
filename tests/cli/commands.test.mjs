// Every subcommand as a user runs it, with good and with bad input: exit codes, messages with place
// and remedy, JSON, standard input and output, and that nothing that was there before is lost.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { at, file, folder, root, vitrine } from './tool.mjs';

const model = join(root, 'tests/golden/format1-model.vitrine');
const catalog = join(root, 'tests/golden/format1-catalog.vitrine');

function run(args, input) {
  const { status, stdout, stderr } = spawnSync(vitrine, args, { input, maxBuffer: 1 << 26 });
  return { status, bytes: stdout, stdout: String(stdout), stderr: String(stderr), json: () => JSON.parse(String(stdout)) };
}
function good(args, input) {
  const result = run(args, input);
  assert.equal(result.status, 0, `vitrine ${args.join(' ')}\n${result.stderr}`);
  return result;
}
/** Runs what must be refused; `says` are the words that the message has to have. */
function bad(code, args, says, input) {
  const result = run(args, input);
  assert.equal(result.status, code, `vitrine ${args.join(' ')}: exit code ${result.status}\n${result.stderr}`);
  for (const word of says) assert.match(result.stderr, word);
  assert.match(result.stderr, /^vitrine/);
  return result;
}
/** The same, and the file that stood at the output stays, with nothing beside it. */
function badAndKept(code, args, says, input) {
  const out = file('kept.out', 'old');
  bad(code, [...args, '-o', out], says, input);
  assert.equal(readFileSync(out, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.part')), []);
}

const header = 'user,item,time,type,price\n';
const rows = Array.from({ length: 240 }, (_, n) =>
  `u${n % 30},i${(n * 7) % 11},${1600000000 + n * 50},${n % 5 === 4 ? 'purchase' : 'view_item'},${1 + (n % 11)}.5`);
const log = file('log.csv', header + rows.join('\n') + '\n');
const html = file('page.html', '<!doctype html><title>502 Bad Gateway</title>\n<p>sorry</p>\n');
const empty = file('empty', '');
const COMMANDS = [...good(['--help']).stdout.matchAll(/^  ([a-z]+) +[a-z]/gm)].map(([, name]) => name);

test('help, version, and what is no command', () => {
  assert.ok(COMMANDS.length >= 12, COMMANDS.join());
  for (const command of COMMANDS) {
    assert.match(good([command, '--help']).stdout, new RegExp(`^Usage: vitrine ${command}`));
  }
  assert.match(good(['--version']).stdout, /^vitrine \d+\.\d+\.\d+\n$/);
  assert.equal(run([]).status, 2);
  bad(2, ['improt'], [/no command 'improt'/, /import/]);
});

test('an option that does not exist is refused with the nearest name, by every command', () => {
  for (const command of COMMANDS) bad(2, [command, '--jsom'], [/--jsom/, /--json|--help/]);
  const docs = readFileSync(join(root, 'docs/cli.md'), 'utf8').split('## ')[0];
  for (const command of COMMANDS) assert.ok(docs.includes(`\`${command}\``), `docs/cli.md does not list ${command}`);
  bad(2, ['train', '--epoch', '3'], [/--epochs/]);
});

test('a file that does not exist is an input or output error, by every command that reads', () => {
  const none = at('none');
  for (const args of [['import', '--events', none, '-o', at('x')], ['train', '--events', none, '-o', at('x')],
    ['evaluate', '--model', none, '--events', log], ['recommend', '--model', none, '--history', 'a'],
    ['quantize', none, '--events', log, '-o', at('x')], ['bench', '--model', none],
    ['inspect', none], ['serve', none], ['import', '--catalog', none, '-o', at('x')]])
    bad(4, args, [/none: .*No such file/]);
  assert.ok(!existsSync(at('x')));
});

// --- import ------------------------------------------------------------------------------------

test('import writes canonical events, and reads them back unchanged', () => {
  const result = good(['import', '--events', log, '-o', at('a.tsv'), '--json']).json();
  assert.deepEqual([result.events.rows, result.events.kept], [240, 240]);
  const text = readFileSync(at('a.tsv'), 'utf8');
  assert.equal(text.split('\n')[0], 'user\tsession\ttime\ttype\titem\tprice\tquantity');
  assert.equal(text.split('\n').length, 242);
  good(['import', '--events', at('a.tsv'), '-o', at('b.tsv')]);
  assert.equal(readFileSync(at('b.tsv'), 'utf8'), text);
  good(['import', '--events', log, '-o', at('a.tsv.gz')]);
  assert.equal(String(gunzipSync(readFileSync(at('a.tsv.gz')))), text);
  for (const input of [readFileSync(log), gzipSync(readFileSync(log))])
    assert.equal(good(['import', '--events', '-', '-o', '-'], input).stdout, text);
});

test('import names what is wrong with a log, its place and the remedy, and keeps what was there', () => {
  badAndKept(2, ['import', '--events', log, '--columns', 'user=user,item=sku'], [/log\.csv, line 1/, /'sku'/, /price/]);
  badAndKept(2, ['import', '--events', file('odd.csv', 'a,b\n1,2\n')], [/odd\.csv/, /--columns item=/]);
  badAndKept(3, ['import', '--events', empty], [/empty/, /no log/]);
  badAndKept(3, ['import', '--events', file('head.csv', header)], [/head\.csv/, /not one usable event/, /--columns/]);
  badAndKept(2, ['import', '--events', html], [/page\.html/, /--format/]);
  badAndKept(3, ['import', '--events', file('zero.csv', 'user,item\n\0,1\n')], [/zero bytes?/, /UTF-8/]);
  badAndKept(2, ['import', '--events', file('when.csv', 'user,item,time\na,b,soon\n')], [/line 2/, /'soon'/, /--time/]);
  badAndKept(2, ['import', '--events', log, '--format', 'parquet'], [/'parquet'/, /recbole/]);
  badAndKept(2, ['import', '--events', log, '--since', '2021-01-01', '--until', '2020-01-01'], [/--since/]);
  badAndKept(2, ['import', '--events', log, '--since', '2021'], [/--since/, /'2021'/, /2011-10-10/]);
  const cut = gzipSync(header + rows.join('\n')).subarray(0, 300);
  badAndKept(3, ['import', '--events', file('cut.csv.gz', cut)], [/cut\.csv\.gz/, /cut off|ends early|damaged/]);
  badAndKept(3, ['import', '--events', log, '--max-bytes', '100'], [/log\.csv/, /--max-bytes|100/]);
});

test('prices that are no numbers are counted with the line of the first', () => {
  const nan = file('nan.csv', header + 'u1,i1,1600000000,view_item,NaN\nu1,i2,1600000001,view_item,inf\nu1,i3,1600000002,view_item,2\n');
  const result = good(['import', '--events', nan, '-o', at('nan.tsv'), '--json']);
  assert.deepEqual(result.json().events.rejected,
    [{ reason: 'bad_price', rows: 2, first: { file: nan, line: 2, value: 'NaN' } }]);
  assert.match(result.stderr, /bad_price +2 +first: .*nan\.csv, line 2: 'NaN'/);
  const items = file('nan-items.csv', 'id,title,price\na,A,NaN\nb,B,nan\nc,C,3\n');
  const report = good(['import', '--catalog', items, '-o', at('nan.vitrine'), '--json']).json();
  assert.deepEqual([report.catalog.items, report.catalog.rejected[0].reason, report.catalog.rejected[0].rows],
    [3, 'bad_price', 2]);
});

test('an output that cannot be written is said before anything is lost', () => {
  bad(4, ['import', '--events', log, '-o', at('no/such/dir/x')], [/no\/such\/dir\/x/, /No such file/]);
  mkdirSync(at('dir'), { recursive: true });
  bad(4, ['import', '--events', log, '-o', at('dir')], [/dir/]);
  if (existsSync('/dev/full')) bad(4, ['import', '--events', log, '-o', '/dev/full'], [/\/dev\/full/, /No space/]);
  bad(2, ['import', '--events', log], [/-o FILE is missing/]);
});

test('a catalog of one item is a catalog; one of none is not', () => {
  const one = file('one.csv', 'id,title,price\nsolo,Only One,3\n');
  assert.equal(good(['import', '--catalog', one, '-o', at('one.vitrine'), '--json']).json().catalog.items, 1);
  assert.equal(good(['inspect', '--items', at('one.vitrine')]).stdout, 'solo\n');
  badAndKept(3, ['import', '--catalog', file('none.csv', 'id,title\n')], [/none\.csv/, /not one item/]);
  badAndKept(2, ['import', '--catalog', file('noid.csv', 'colour,size\nred,3\n')], [/line 1/, /--catalog-columns/]);
});

// --- train -------------------------------------------------------------------------------------

const quick = ['--dim', '4', '--epochs', '1', '--quiet'];

test('train writes a model that recommend ranks with', () => {
  const result = good(['train', '--events', log, ...quick, '-o', at('m.vitrine'), '--json']).json();
  assert.equal(result.items, 11);
  assert.equal(good(['inspect', at('m.vitrine'), '--json']).json().kind, 'model');
  const list = good(['recommend', '--model', at('m.vitrine'), '--history', 'i3,i4', '--limit', '11', '--json']).json();
  assert.equal(list.items.length, 11);
  good(['train', '--events', '-', ...quick, '-o', at('n.vitrine')], readFileSync(log));
  const { differences } = good(['inspect', '--diff', at('m.vitrine'), at('n.vitrine'), '--json']).json();
  assert.deepEqual(differences.map(({ what, name }) => `${what} ${name}`), ['section card']); /* it names the log */
});

test('train names what it cannot learn from, and keeps the old model', () => {
  badAndKept(3, ['train', '--events', empty, ...quick], [/empty/]);
  badAndKept(3, ['train', '--events', file('head2.csv', header), ...quick], [/not one usable event/]);
  badAndKept(3, ['train', '--format', 'sessions', '--events', file('one.txt', 'a a a\na a\n'), ...quick],
    [/1 items?/, /at least 2/]);
  badAndKept(3, ['train', '--format', 'sessions', '--events', file('single.txt', 'a\nb\nc\n'), ...quick],
    [/no session .* two events/]);
  badAndKept(2, ['train', '--events', log, '--arch', 'transformer'], [/'transformer'/, /gru/]);
  badAndKept(2, ['train', '--events', log, '--dim', 'wide'], [/--dim/, /'wide'/]);
  badAndKept(2, ['train', ...quick], [/--events/]);
  bad(2, ['train', '--events', log, ...quick], [/-o/]);
  badAndKept(2, ['train', '--events', html, '--columns', 'item=1,user=2', '--no-header', ...quick],
    [/page\.html/, /column number/]);
});

// --- models that are none ----------------------------------------------------------------------

const bytes = readFileSync(model);
const flipped = Buffer.from(bytes);
flipped[bytes.length >> 1] ^= 1;
const NO_MODELS = [
  ['a web page', file('page.vitrine', readFileSync(html)), [/page\.vitrine/, /web page/, /address/]],
  ['a cut model', file('cut.vitrine', bytes.subarray(0, bytes.length >> 1)), [/cut\.vitrine/, /at byte 24/, /again/]],
  ['a cut header', file('short.vitrine', bytes.subarray(0, 60)), [/short\.vitrine/, /at byte/]],
  ['a flipped bit', file('flip.vitrine', flipped), [/flip\.vitrine/, /bad_checksum/, /copy it again/]],
  ['an empty file', empty, [/empty/, /at byte/]],
];

for (const [what, path, says] of NO_MODELS)
  test(`${what} is refused by every command that opens a model`, () => {
    bad(3, ['recommend', '--model', path, '--history', 'a'], says);
    bad(3, ['evaluate', '--model', path, '--events', log], says);
    bad(3, ['bench', '--model', path, '--seconds', '0.01', '--quiet'], says);
    badAndKept(3, ['quantize', path, '--events', log], says);
    bad(3, ['inspect', path], says);
  });

test('a catalog where a model belongs, and a model where a catalog belongs, are told apart', () => {
  bad(3, ['recommend', '--model', catalog, '--history', 'a'], [/kind/]);
  bad(3, ['recommend', '--model', model, '--catalog', model, '--history', 'a'], [/kind/]);
});

test('a history of unknown ids gets the popular list and is told so', () => {
  const result = good(['recommend', '--model', model, '--history', 'nope,nada', '--limit', '3', '--json']);
  assert.equal(result.json().items.length, 3);
  assert.deepEqual(result.json().warnings.map((warning) => warning.item_id).slice(0, 2), ['nope', 'nada']);
});

test('evaluate, recommend, quantize and bench refuse wrong options with code 2', () => {
  bad(2, ['evaluate'], [/--model|--train|--events/]);
  bad(2, ['evaluate', '--model', model, '--events', log, '-k', '0'], [/--k/]);
  bad(2, ['recommend', '--history', 'a'], [/--model/]);
  bad(2, ['recommend', '--model', model, '--history', 'a', '--limit', '-3'], [/--limit/]);
  bad(2, ['quantize', '--events', log, '-o', at('q')], [/expected MODEL/]);
  bad(2, ['bench', '--model', model, '--seconds', 'soon'], [/--seconds/]);
});

// --- inspect -----------------------------------------------------------------------------------

test('inspect says what is in a file, with hashes that another program finds', () => {
  const shown = good(['inspect', model, '--json']).json();
  assert.equal(shown.kind, 'model');
  assert.equal(shown.size, bytes.length);
  assert.ok(shown.model.items > 0 && shown.sections.length > 8);
  for (const { offset, size, sha256 } of shown.sections)
    assert.equal(createHash('sha256').update(bytes.subarray(offset, offset + size)).digest('hex'), sha256);
  const table = Buffer.from(bytes.subarray(0, 128 + 64 * shown.sections.length));
  table.fill(0, 72, 104);
  assert.equal(createHash('sha256').update(table).digest('hex'), shown.hash);
  const text = good(['inspect', model]).stdout;
  for (const { id, sha256 } of shown.sections) assert.match(text, new RegExp(`${id} .*${sha256}`));
  assert.equal(good(['inspect', '-', '--json'], bytes).json().hash, shown.hash);
  const ids = good(['inspect', '--items', model]).stdout.trim().split('\n');
  assert.equal(ids.length, shown.model.items);
  assert.equal(good(['inspect', catalog, '--json']).json().kind, 'catalog');
});

test('inspect --diff names what differs, and that is no failure', () => {
  assert.equal(good(['inspect', '--diff', model, model]).stdout, 'the same\n');
  const result = good(['inspect', '--diff', model, at('m.vitrine'), '--json']).json();
  assert.equal(result.same, false);
  assert.ok(result.differences.some(({ what, name }) => what === 'shape' && name === 'items'));
  assert.match(good(['inspect', '--diff', model, catalog]).stdout, /kind +model -> catalog/);
  bad(2, ['inspect', '--diff', model], [/two files/]);
  bad(2, ['inspect', model, catalog], [/--diff/]);
});

// --- serve -------------------------------------------------------------------------------------

function ask(port, path, { method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end();
  });
}

test('serve gives the files of a directory with types and policy, and nothing outside it', async () => {
  const site = at('site');
  mkdirSync(join(site, 'sub'), { recursive: true });
  writeFileSync(join(site, 'index.html'), '<p>home');
  writeFileSync(join(site, 'sub/index.html'), '<p>sub');
  writeFileSync(join(site, 'vitrine.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d]));
  writeFileSync(join(site, 'index.js'), 'export {};');
  writeFileSync(join(site, 'm.vitrine'), bytes);
  symlinkSync(log, join(site, 'leak.csv'));
  const server = spawn(vitrine, ['serve', site, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => server.on('exit', (code) => resolve(code)));
  try {
    const line = await new Promise((resolve, reject) => {
      server.stdout.once('data', (text) => resolve(String(text)));
      server.on('exit', () => reject(new Error('serve ended')));
    });
    const port = Number(line.match(/^http:\/\/127\.0\.0\.1:(\d+)\/\n$/)[1]);
    for (const [path, type] of [['/', 'text/html'], ['/sub/', 'text/html'], ['/index.js', 'text/javascript'],
      ['/vitrine.wasm', 'application/wasm'], ['/m.vitrine', 'application/octet-stream']]) {
      const answer = await ask(port, path);
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers['content-type'], new RegExp(`^${type}`));
      assert.match(answer.headers['content-security-policy'], /script-src 'self' 'wasm-unsafe-eval'/);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      const again = await ask(port, path, { headers: { 'If-None-Match': answer.headers.etag } });
      assert.equal(again.status, 304);
      const head = await ask(port, path, { method: 'HEAD' });
      assert.equal(head.headers['content-length'], String(answer.body.length));
      assert.equal(head.body.length, 0);
    }
    assert.deepEqual((await ask(port, '/m.vitrine')).body, bytes);
    for (const path of ['/none', '/../log.csv', '/..%2flog.csv', '/%2e%2e/log.csv', '/sub/../../log.csv', '/leak.csv'])
      assert.equal((await ask(port, path)).status, 404, path);
    const post = await ask(port, '/', { method: 'POST' });
    assert.equal(post.status, 405);
    assert.equal(post.headers.allow, 'GET, HEAD');
    bad(4, ['serve', site, '--port', String(port)], [/127\.0\.0\.1/, /--port/]);
  } finally {
    server.kill('SIGTERM');
  }
  assert.equal(await ended, 0);
});

test('serve wants a directory and a port', () => {
  bad(4, ['serve', log], [/log\.csv/, /directory/]);
  bad(2, ['serve', folder, '--port', '99999'], [/--port/]);
  bad(2, ['serve'], [/expected DIRECTORY/]);
});
