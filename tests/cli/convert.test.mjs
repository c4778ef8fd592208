// vitrine convert against networks that ONNX Runtime computed (tests/golden/recurrent.json), written as
// safetensors by the few lines below, which share nothing with the tool's reader.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, good, root, run, vitrine } from './tool.mjs';

const golden = JSON.parse(readFileSync(join(root, 'tests/golden/recurrent.json'), 'utf8'));

function bad(code, args, ...says) {
  const out = at('kept.vitrine');
  writeFileSync(out, 'old');
  const result = run(...args, '-o', out);
  assert.equal(result.status, code, `vitrine ${args.join(' ')}: ${result.status}\n${result.stderr}`);
  for (const word of says) assert.match(result.stderr, word);
  assert.equal(readFileSync(out, 'utf8'), 'old');
}

/* tensors: { name: { shape, data } }; data are numbers, or bytes for U8. */
function safetensors(tensors, change = (header) => header) {
  const header = {}, parts = [];
  let offset = 0;
  for (const [name, { shape, data, dtype = 'F32' }] of Object.entries(tensors)) {
    const bytes = dtype === 'U8' ? Buffer.from(data)
      : dtype === 'F64' ? Buffer.from(new Float64Array(data).buffer) : Buffer.from(new Float32Array(data).buffer);
    header[name] = { dtype, shape: [...shape], data_offsets: [offset, (offset += bytes.length)] };
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}
const save = (name, ...args) => {
  writeFileSync(at(name), safetensors(...args));
  return at(name);
};
const range = (n, f) => Array.from({ length: n }, (_, i) => f(i));

/* The network of a golden case with an item a step: embedding t is step t's input, and the output row
 * of the first H items is a unit vector, so that their scores are the state. Row 0 is padding. */
function tensorsOf({ cell, hidden: H, input: I, steps, x, w, u, b, c }) {
  const gates = cell === 'gru' ? 3 : 4, n = Math.max(steps, H), f = (v) => v / 256;
  const half = b.map((v, i) => (c && i >= 2 * H ? v : Math.trunc(v / 2)));
  const rest = b.map((v, i) => (c && i >= 2 * H ? c[i - 2 * H] : v - half[i]));
  return {
    'gru4rec.rnn.weight_ih_l0': { shape: [gates * H, I], data: w.map(f) },
    'gru4rec.rnn.weight_hh_l0': { shape: [gates * H, H], data: u.map(f) },
    'gru4rec.rnn.bias_ih_l0': { shape: [gates * H], data: half.map(f) },
    'gru4rec.rnn.bias_hh_l0': { shape: [gates * H], data: rest.map(f), dtype: 'F64' },
    'gru4rec.emb.weight': { shape: [n + 1, I], data: [...Array(I).fill(7), ...range(n * I, (i) => f(x[i] ?? 0))] },
    'gru4rec.out.weight': { shape: [n + 1, H], data: [...Array(H).fill(9), ...range(n * H, (i) => Number(Math.floor(i / H) === i % H))] },
    ids: { shape: [5 * n], data: range(n, (i) => `id${String(i).padStart(2, '0')}\n`).join(''), dtype: 'U8' },
  };
}

for (const one of golden.cases) {
  const name = `${one.cell}-${one.hidden}`;
  test(`${name}: the state after the last step is ONNX Runtime's`, () => {
    const file = save(`${name}.safetensors`, tensorsOf(one));
    const relu = one.cell === 'lstm_relu' ? ['--activation', 'relu'] : [];
    good('convert', file, ...relu, '-o', at(`${name}.vitrine`));
    const shown = good('inspect', at(`${name}.vitrine`), '--json').json();
    assert.equal(shown.model.cell, one.cell.replace('_', '-'));
    const history = range(one.steps, (t) => `id${String(t).padStart(2, '0')}`);
    const { items } = good('recommend', '--model', at(`${name}.vitrine`), '--history', history.join(','),
      '--limit', '1000', '--json').json();
    const score = new Map(items.map((item) => [item.item_id, item.score]));
    for (let unit = 0; unit < one.hidden; unit++) {
      const want = one.h[(one.steps - 1) * one.hidden + unit];
      const got = score.get(`id${String(unit).padStart(2, '0')}`);
      assert.ok(Math.abs(got - want) <= 1e-5, `unit ${unit}: ${got}, not ${want}`);
    }
  });
}

test('a model goes out and comes back with the same lists to the bit', () => {
  const log = at('log.txt');
  writeFileSync(log, range(80, (s) => range(4, (e) => `i${(s * 7 + e * 3) % 17}`).join(' ')).join('\n') + '\n');
  const timed = at('timed.csv');
  writeFileSync(timed, 'session,time,item\n' + range(80, (s) => range(4, (e) => `s${s},${1600000000 + s * 9000 + e * e * 40},i${(s * 7 + e * 3) % 17}\n`).join('')).join(''));
  for (const more of [['--arch', 'gru'], ['--arch', 'gru', '--gaps'], ['--arch', 'lstm', '--untied', '--hidden', '6'], ['--arch', 'lstm-relu', '--no-skip', '--no-norm']]) {
    const input = more.includes('--gaps') ? ['--events', timed] : ['--format', 'sessions', '--events', log];
    good('train', ...input, '--dim', '8', '--epochs', '1', '--quiet', ...more,
      '--ablate', 'neighbours,content,recent,popularity', '-o', at('a.vitrine'));
    good('convert', at('a.vitrine'), '-o', at('a.safetensors'));
    good('convert', at('a.safetensors'), ...(more[1] === 'lstm-relu' ? ['--activation', 'relu'] : []), '-o', at('b.vitrine'));
    good('convert', at('b.vitrine'), '-o', at('b.safetensors'));
    assert.deepEqual(readFileSync(at('b.safetensors')), readFileSync(at('a.safetensors')));
    const piped = spawnSync(vitrine, ['convert', '-', '-o', '-', '--quiet'], { input: readFileSync(at('b.vitrine')) });
    assert.deepEqual(piped.stdout, readFileSync(at('b.safetensors')));
    const twice = good('convert', at('b.safetensors'), ...(more[1] === 'lstm-relu' ? ['--activation', 'relu'] : []), '-o', at('c.vitrine'));
    assert.equal(twice.stdout, '');
    assert.deepEqual(readFileSync(at('c.vitrine')), readFileSync(at('b.vitrine')));
  }
});

test('ids come from a file, names from a map, and a bias of the projection is kept', () => {
  const t = tensorsOf(golden.cases[0]);
  const H = golden.cases[0].hidden, n = t['gru4rec.emb.weight'].shape[0] - 1;
  const ids = range(n, (i) => `x${n - i}`); // not sorted: rows must follow their ids
  writeFileSync(at('ids.txt'), ids.join('\n') + '\n');
  const tensors = {
    'a.weight_ih_l0': t['gru4rec.rnn.weight_ih_l0'], 'a.weight_hh_l0': t['gru4rec.rnn.weight_hh_l0'],
    'a.bias_ih_l0': t['gru4rec.rnn.bias_ih_l0'], 'a.bias_hh_l0': t['gru4rec.rnn.bias_hh_l0'],
    table: t['gru4rec.emb.weight'], head: t['gru4rec.out.weight'],
    'p.dense.weight': { shape: [H, H], data: range(H * H, (i) => Number(Math.floor(i / H) === i % H)) },
    'p.dense.bias': { shape: [H], data: range(H, (i) => i / 8) },
  };
  good('convert', save('mapped.safetensors', tensors), '--items', at('ids.txt'), '--map', 'embed=table,item=head', '-o', at('mapped.vitrine'));
  const { items } = good('recommend', '--model', at('mapped.vitrine'), '--history', ids.slice(0, golden.cases[0].steps).join(','),
    '--limit', '1000', '--json').json();
  const score = new Map(items.map((item) => [item.item_id, item.score]));
  for (let unit = 0; unit < H; unit++) {
    const want = golden.cases[0].h[(golden.cases[0].steps - 1) * H + unit] + unit / 8;
    assert.ok(Math.abs(score.get(ids[unit]) - want) <= 1e-5);
  }
});

test('what cannot be converted is named, with the remedy', () => {
  const t = tensorsOf(golden.cases[0]);
  const without = (...names) => Object.fromEntries(Object.entries(t).filter(([name]) => !names.includes(name)));
  const refuse = (tensors, ...says) => bad(3, ['convert', save('bad.safetensors', tensors)], /bad\.safetensors/, ...says);
  refuse(without('gru4rec.emb.weight'), /--map embed=NAME/);
  refuse({ ...t, 'gru4rec.rnn.weight_ih_l1': t['gru4rec.rnn.weight_hh_l0'] }, /several layers/);
  refuse({ ...t, 'gru4rec.rnn.weight_ih_l0_reverse': t['gru4rec.rnn.weight_ih_l0'] }, /backwards/);
  refuse({ ...t, 'gru4rec.rnn.bias_ih_l0': { shape: [3], data: [1, 2, 3] } }, /bias_ih_l0' is \[3\]; \[32\] was expected/);
  refuse({ ...t, ids: { shape: [2], data: 'a\n', dtype: 'U8' } }, /1 ids for 21 rows/);
  refuse({ ...t, ids: { ...t.ids, data: 'id00\n'.repeat(t.ids.shape[0] / 5) } }, /'id00' stands twice/);
  const nan = structuredClone(t);
  nan['gru4rec.out.weight'].data[20] = NaN;
  refuse(nan, /out\.weight': number 20 is not finite/);
  bad(2, ['convert', save('noids.safetensors', without('ids'))], /--items FILE/);
  bad(2, ['convert', save('two.safetensors', { ...t, 'other.emb.weight': t['gru4rec.emb.weight'] })], /could both be embed/);
  bad(2, ['convert', save('gru.safetensors', tensorsOf(golden.cases.find((one) => one.cell === 'gru'))), '--activation', 'relu'], /GRU/);
  bad(2, ['convert', save('map.safetensors', t), '--map', 'embed=nothing'], /no tensor 'nothing'/);
});

test('broken files are refused before anything is written', () => {
  const t = tensorsOf(golden.cases[0]);
  const refuse = (bytes, ...says) => {
    writeFileSync(at('broken.safetensors'), bytes);
    bad(3, ['convert', at('broken.safetensors')], /broken\.safetensors/, ...says);
  };
  const whole = safetensors(t);
  for (let cut = 0; cut < whole.length; cut += 499) refuse(whole.subarray(0, cut), /./);
  const name = 'gru4rec.rnn.weight_hh_l0';
  const change = (f) => safetensors(t, (header) => {
    f(header[name], header);
    return header;
  });
  refuse(change((entry) => { entry.data_offsets[1] += 4; entry.shape[0] += 1; }), /disagree|overlaps/);
  refuse(change((entry) => { entry.data_offsets = [0, entry.data_offsets[1] - entry.data_offsets[0]]; }), /overlaps|hole/);
  refuse(change((entry, header) => { delete header[name]; }), /hole/);
  refuse(change((entry) => { entry.shape = [4294967296, 4294967296]; }), /overflows|disagree/);
  refuse(change((entry) => { entry.shape = [-1, 8]; }), /whole number/);
  refuse(change((entry) => { entry.shape = [2.5, 8]; }), /whole number/);
  refuse(change((entry) => { entry.dtype = 'F4'; }), /dtype/);
  refuse(Buffer.concat([whole, Buffer.alloc(4)]), /behind the last tensor/);
  const length = Buffer.from(whole);
  length.writeBigUInt64LE(1n << 62n);
  refuse(length, /header of 4611686018427387904 bytes/);
  refuse(Buffer.from('\x89HDF\r\n\x1a\n......', 'latin1'), /HDF5/, /docs\/cli\.md/);
  refuse(Buffer.from('PK\x03\x04........', 'latin1'), /zip/);
  refuse(Buffer.from('\x80\x04.......', 'latin1'), /pickle/);
  refuse(Buffer.from('{"weight_map": {"a": "../../etc/passwd"}}'), /no safetensors/);
  bad(4, ['convert', at('nowhere')], /nowhere/);
  bad(3, ['convert', join(root, 'tests/golden/format1-catalog.vitrine')], /kind/);
  assert.ok(!existsSync(at('kept.vitrine.part')));
  assert.equal(run('convert', at('broken.safetensors')).status, 2);
});
