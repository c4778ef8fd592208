/* What the page's engine listed, played again by the native tool: the same to the bit, and what is changed
 * in the file is the difference that the tool names. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { openEngine } from './lists.mjs';
import { bytesOf, catalog, load, model, modulesUrl, root, textOf } from './fixture.mjs';

const vitrine = process.env.VITRINE ?? join(root, 'build/native/vitrine');
const folder = mkdtempSync(join(tmpdir(), 'vitrine-replay-'));
test.after(() => rmSync(folder, { recursive: true }));
const at = (name, content) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const files = { model: at('m.vitrine', model()), catalog: at('c.vitrine', catalog()), other: at('o.vitrine', bytesOf('lstm.model.vitrine')) };

const { replayOf } = await load('replay.js');
const variants = (await load('load.js')).variants();

/** An engine after the first history of the seeded ones that has at least ten events. */
async function visited(variant) {
  const { engine } = await openEngine(modulesUrl(), variant, model(), catalog());
  const lines = textOf('gru.events.tsv').trim().split('\n').map((line) => line.split('\t'));
  const counts = Map.groupBy ? Map.groupBy(lines, ([h]) => h) : lines.reduce((map, line) => map.set(line[0], [...(map.get(line[0]) ?? []), line]), new Map());
  const history = [...counts.values()].find((events) => events.length >= 10);
  const value = new DataView(new ArrayBuffer(4));
  for (const [, id, kind, time, bits] of history) {
    value.setUint32(0, parseInt(bits, 16));
    engine.observe(engine.find(id), Number(kind), Number(time), value.getFloat32(0));
  }
  return engine;
}
const page = (variant, learn = 0) => ({ version: '0.1.0', variant, learn });
function play(replay, { model: path = files.model, catalog: other = files.catalog } = {}) {
  const file = at('replay.json', typeof replay === 'string' ? replay : JSON.stringify(replay));
  const { status, stdout, stderr } = spawnSync(vitrine, ['replay', file, '--model', path, ...(other ? ['--catalog', other] : [])], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
const differs = (replay, says, files) => {
  const { status, stdout, stderr } = play(replay, files);
  assert.equal(status, 1, stdout + stderr);
  assert.match(stdout, says);
};

for (const variant of variants)
  test(`${variant}: the native tool lists what the page listed, to the bit`, async () => {
    const replay = replayOf(await visited(variant), page(variant));
    assert.ok(replay.events.length >= 10 && replay.requests.length === 5);
    const { status, stdout, stderr } = play(replay);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^the same: 5 lists, 180 items/);
  });

test('the first difference is named', async () => {
  const engine = await visited(variants[0]);
  const whole = JSON.stringify(replayOf(engine, page(variants[0])));
  const changed = (f) => {
    const replay = JSON.parse(whole);
    f(replay);
    return replay;
  };
  differs(changed(({ requests: [{ list }] }) => { list[4][1] = Math.fround(list[4][1] * (1 + 2 ** -22)); }), /request 0 \(for_you\), rank 5, '\w+': score/);
  differs(changed(({ requests: [, { list }] }) => { [list[0], list[1]] = [list[1], list[0]]; }), /request 1 \(related\), rank 1: /);
  differs(changed(({ requests }) => { requests[4].list.pop(); }), /request 4 \(bestsellers\): 19 items on the page, 20 here/);
  differs(changed(({ requests: [, , { list }] }) => { list[2][2] = 'static'; }), /request 2 \(more_like_this\), rank 3, '\w+': from 'static' on the page, from 'content' here/);
  differs(changed(({ events }) => { events[3].type = 'refund'; }), /event 3: the page listed refund/);
  differs(changed(({ events }) => { events.pop(); }), /events, the page listed/);
  differs(changed(({ state }) => { state[7] = 0.125; }), /unit 7 of the recurrent state/);
  differs(whole, /another model/, { model: files.other, catalog: null });
  differs(whole, /another catalog/, { catalog: null });
  engine.x.$set_price(engine.find('101'), 77);
  differs(replayOf(engine, page(variants[0])), /other prices or stock/);
});

test('what is no replay is refused with a reason', async () => {
  const whole = replayOf(await visited(variants[0]), page(variants[0]));
  const refused = (replay, says) => {
    const { status, stderr } = play(replay);
    assert.equal(status, 3, stderr);
    assert.match(stderr, says);
  };
  refused('{"schema":"vitrine-replay/1"', /replay\.json: no valid JSON/);
  refused({ ...whole, schema: 'vitrine-profile/1' }, /schema/);
  refused({ ...whole, model: undefined }, /hashes/);
  refused({ ...whole, profile: whole.profile.slice(4) }, /profile is refused|no profile/);
  refused({ ...whole, profile: '!!!!' }, /no profile in base64/);
  refused({ ...whole, requests: [{ placement: 'guess', limit: 3, list: [] }] }, /a request that we do not know/);
  refused({ ...whole, requests: [{ placement: 'for_you', limit: -1, list: [] }] }, /a request/);
  refused({ ...whole, requests: [{ placement: 'for_you', limit: 2, list: [3] }] }, /no id, score and rung/);
  assert.equal(spawnSync(vitrine, ['replay', join(folder, 'none.json'), '--model', files.model]).status, 4);
  assert.equal(spawnSync(vitrine, ['replay', files.model]).status, 2);
});

test('a page exports it on request, and what it exports plays', async () => {
  const { shop } = await import('./fixture.mjs');
  const page = await shop();
  for (const item_id of ['101', '120', '133']) page.track('view_item', { item_id });
  const replay = await page.export({ replay: true });
  assert.deepEqual(replay.events.map(({ item_id }) => item_id), ['101', '120', '133']);
  const { status, stdout, stderr } = play(replay);
  assert.equal(status, 0, stdout + stderr);
  assert.equal((await page.export()).schema, 'vitrine-profile/1');
  await assert.rejects(async () => page.export({ replays: true }), TypeError);
  await page.close();
});
