// The commands that judge and use a model, run as a user runs them, on the golden model.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, root, run } from './tool.mjs';

const model = join(root, 'tests/golden/format1-model.vitrine');

// Items of the model, named by its own most popular list; sessions drawn from them by a fixed rule.
const ids = run('recommend', '--model', model, '--limit', '100000', '--json').json().items
  .map((item) => item.item_id);
const draw = (n) => ids[(n * 7919 + ((n * n) % 101)) % ids.length];
const sessions = Array.from({ length: 150 }, (_, s) =>
  Array.from({ length: 2 + (s % 6) }, (_, n) => draw(s * 11 + (n % 4))));
const log = join(folder, 'sessions.txt');
writeFileSync(log, sessions.map((items) => items.join(' ')).join('\n') + '\n');

function rescore(lists, format, ...more) {
  const { status, stdout, stderr } = spawnSync(process.execPath,
    [join(root, 'tools/rescore.mjs'), '--lists', lists, '--events', log, '--format', format, ...more],
    { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('another program finds the same figures in the lists', () => {
  for (const name of ['lists.tsv', 'lists.tsv.gz']) {
    const lists = join(folder, name);
    const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', log,
      '--lists', lists, '--json', '--threads', '2');
    assert.equal(result.status, 0, result.stderr);
    const mine = result.json();
    const theirs = rescore(lists, 'sessions');
    assert.equal(mine.positions, theirs.positions);
    assert.equal(mine.positions, sessions.reduce((sum, items) => sum + items.length - 1, 0));
    mine.systems[0].metrics.forEach((metric, n) => {
      for (const key of ['recall', 'mrr', 'ndcg'])
        assert.ok(Math.abs(metric[key] - theirs.metrics[n][key]) < 1e-9, `${key}@${metric.k}`);
    });
  }
});

test('seen items are in no list when repeats are dropped', () => {
  const lists = join(folder, 'dropped.tsv');
  const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', log, '--repeat', 'drop',
    '--lists', lists, '--json');
  assert.equal(result.status, 0, result.stderr);
  assert.equal(rescore(lists, 'sessions', '--repeat', 'drop').positions, result.json().positions);
});

test('nothing but seen items is listed when they alone are candidates', () => {
  const lists = join(folder, 'seen.tsv');
  const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', log, '--repeat', 'only',
    '--lists', lists, '--json', '--threads', '2');
  assert.equal(result.status, 0, result.stderr);
  const mine = result.json(), again = rescore(lists, 'sessions', '--repeat', 'only');
  assert.equal(mine.repeat, 'only');
  assert.equal(again.positions, mine.positions);
  assert.ok(Math.abs(again.metrics[0].recall - mine.systems[0].metrics[0].recall) < 1e-9);
});

test('only the kinds of --targets are asked for', () => {
  const table = join(folder, 'kinds.csv');
  writeFileSync(table, `session,item,type\n${sessions.slice(0, 40).map((items, s) => items.map((item, n) =>
    `${s},${item},${n % 3 === 2 ? 'purchase' : 'view_item'}`).join('\n')).join('\n')}\n`);
  const result = run('evaluate', '--model', model, '--events', table, '--targets', 'purchase', '--json');
  assert.equal(result.status, 0, result.stderr);
  assert.equal(result.json().targets, 'purchase');
  assert.equal(result.json().positions,
    sessions.slice(0, 40).reduce((sum, items) => sum + Math.floor(items.length / 3), 0));
  const wrong = run('evaluate', '--model', model, '--events', table, '--targets', 'bought');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--targets: 'bought' is no kind of event/);
});

test('baselines run from the training log, with or without a model', () => {
  const result = run('evaluate', '--train', log, '--train-format', 'sessions', '--format', 'sessions',
    '--events', log, '--json');
  assert.equal(result.status, 0, result.stderr);
  assert.deepEqual(result.json().systems.map((system) => system.name),
    ['pop', 'spop', 'ar', 'itemknn', 'sr', 'vsknn', 'stan']);
});

test('another program finds the same figures for every baseline', () => {
  const systems = run('evaluate', '--train', log, '--train-format', 'sessions', '--format', 'sessions',
    '--events', log, '--json').json().systems;
  for (const system of systems) {
    const lists = join(folder, `${system.name}.tsv`);
    const result = run('evaluate', '--train', log, '--train-format', 'sessions', '--format', 'sessions',
      '--events', log, '--baselines', system.name, '--lists', lists, '--lists-of', system.name, '--json');
    assert.equal(result.status, 0, result.stderr);
    const theirs = rescore(lists, 'sessions');
    system.metrics.forEach((metric, n) => {
      for (const key of ['recall', 'mrr', 'ndcg'])
        assert.ok(Math.abs(metric[key] - theirs.metrics[n][key]) < 1e-9, `${system.name} ${key}@${metric.k}`);
    });
  }
  const nobody = run('evaluate', '--train', log, '--train-format', 'sessions', '--format', 'sessions',
    '--events', log, '--baselines', 'pop', '--lists', join(folder, 'no.tsv'), '--lists-of', 'sr');
  assert.equal(nobody.status, 2);
});

test('against itself a model wins nothing, through the translation of its items', () => {
  const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', log,
    '--against', model, '--against', 'pop', '--baselines', 'none', '--json');
  assert.equal(result.status, 0, result.stderr);
  const [own, same, pop] = result.json().systems;
  assert.deepEqual([own.name, same.name, pop.name], ['model', 'format1-model', 'pop']);
  assert.deepEqual(same.metrics, own.metrics);
  assert.deepEqual(same.first_minus_this.ndcg, { low: 0, high: 0 });
  assert.equal(same.first_minus_this.p_recall, 1);
  assert.ok(pop.first_minus_this.recall.low < pop.first_minus_this.recall.high);
});

test('a bag of vectors is trained on the spot, with the same result twice', () => {
  const once = () => {
    const result = run('evaluate', '--train', log, '--train-format', 'sessions', '--format', 'sessions',
      '--events', log, '--baselines', 'bow', '--json', '--quiet');
    assert.equal(result.status, 0, result.stderr);
    return result.json().systems[0];
  };
  const bow = once();
  assert.equal(bow.name, 'bow');
  assert.ok(bow.metrics[2].recall > 20 / ids.length);
  assert.deepEqual(once().metrics, bow.metrics);
});

test('a split by date judges what comes from it on, by what lies before', () => {
  const rows = (from, to) => sessions.slice(from, to).flatMap((items, s) => items.map((item, n) =>
    `${from + s}\t${item}\t${1300000000 + (from + s) * 1000 + n}`));
  const write = (name, lines) => {
    writeFileSync(join(folder, name), ['session\titem\ttime', ...lines].join('\n') + '\n');
    return join(folder, name);
  };
  const all = write('all.tsv', rows(0, 150));
  const before = write('before.tsv', rows(0, 100)), after = write('after.tsv', rows(100, 150));
  const split = run('evaluate', '--events', all, '--from', '1300100000', '--json').json();
  const apart = run('evaluate', '--train', before, '--events', after, '--json').json();
  assert.equal(split.sessions, 50);
  assert.deepEqual(split.systems.map((s) => [s.name, s.metrics]), apart.systems.map((s) => [s.name, s.metrics]));
  assert.equal(run('evaluate', '--events', all, '--from', 'soon').status, 2);
});

test('slices add up, and items that only the catalog knows are the cold ones', () => {
  const catalog = join(root, 'tests/golden/format1-catalog.vitrine');
  const known = new Set(ids);
  const cold = run('inspect', '--items', catalog).stdout.trim().split('\n').filter((id) => !known.has(id));
  assert.ok(cold.length > 0);
  const visits = join(folder, 'cold.txt');
  writeFileSync(visits, cold.flatMap((id) => [`${ids[0]} ${id}`, `${ids[1]} ${ids[2]} ${id}`]).join('\n') + '\n');
  const slices = (...more) => {
    const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', visits,
      '--unknown', 'miss', '--k', '50', '--json', ...more);
    assert.equal(result.status, 0, result.stderr);
    const answer = result.json();
    const sizes = answer.systems[0].slices.map((slice) => slice.positions);
    const sum = (from, to) => sizes.slice(from, to).reduce((a, b) => a + b, 0);
    for (const [from, to] of [[0, 5], [5, 7], [7, 10]]) assert.equal(sum(from, to), answer.positions);
    return answer.systems[0].slices.at(-1);
  };
  assert.deepEqual([slices().positions, slices().recall], [2 * cold.length, 0]);
  assert.deepEqual([slices('--catalog', catalog).positions, slices('--catalog', catalog).recall],
    [2 * cold.length, 1]);
});

test('each rule has its price, and rules that say nothing have none', () => {
  const catalog = join(root, 'tests/golden/format1-catalog.vitrine');
  const rules = join(folder, 'rules.json');
  const price = (content) => {
    writeFileSync(rules, JSON.stringify(content));
    const result = run('evaluate', '--model', model, '--catalog', catalog, '--format', 'sessions', '--events', log,
      '--baselines', 'none', '--rules', rules, '--json', '--quiet');
    assert.equal(result.status, 0, result.stderr);
    return Object.fromEntries(result.json().systems.filter((system) => system.kind === 'rules')
      .map((system) => [system.name, system.metrics[2]]));
  };
  const bare = price({});
  assert.deepEqual(Object.keys(bare), ['no rules', 'all rules']);
  assert.deepEqual(bare['all rules'], bare['no rules']);
  // Hidden items are in no list: recall falls by exactly the share of the targets that they were.
  const targets = sessions.flatMap((items) => items.slice(1)), hidden = new Set(targets.slice(0, 3));
  const found = price({ hide: [...hidden], pin: [{ item_id: targets[9], position: 0 }, { item_id: targets[12], position: 1 }] });
  assert.deepEqual(Object.keys(found), ['no rules', 'all rules', 'hide', 'pin 1', 'pin 2']);
  assert.ok(found.hide.recall < found['no rules'].recall);
  assert.ok(found.hide.coverage < found['no rules'].coverage);
  assert.ok(found['pin 1'].mrr !== found['no rules'].mrr);
  // A pinned item is first everywhere: its MRR is at least the share of its targets.
  const share = targets.filter((item) => item === targets[9]).length / targets.length;
  assert.ok(found['pin 1'].mrr >= share - 1e-12);
  const table = run('evaluate', '--model', model, '--catalog', catalog, '--format', 'sessions', '--events', log,
    '--baselines', 'none', '--rules', rules, '--quiet').stdout;
  assert.match(table, /price of rules at 20/);
  writeFileSync(rules, '{"filter":{"field":"colour","eq":1}');
  assert.equal(run('evaluate', '--model', model, '--format', 'sessions', '--events', log, '--rules', rules).status, 3);
});

test('a lift that is not reached fails the gate with code 1', () => {
  const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', log,
    '--min-lift', '1000', '--json');
  assert.equal(result.status, 1);
  assert.match(result.stderr, /--min-lift/);
});

test('baselines that need a log say so, and unknown ones are named', () => {
  const needs = run('evaluate', '--model', model, '--events', log, '--baselines', 'vsknn');
  assert.equal(needs.status, 2);
  assert.match(needs.stderr, /--train/);
  assert.equal(run('evaluate', '--model', model, '--events', log, '--baselines', 'best').status, 2);
});

test('a log about other items is refused with a reason', () => {
  const other = join(folder, 'other.txt');
  writeFileSync(other, 'nope nada\nnil zero\n');
  const result = run('evaluate', '--model', model, '--format', 'sessions', '--events', other);
  assert.equal(result.status, 3);
  assert.match(result.stderr, /right model/);
});

test('recommend ranks for a history, and explains', () => {
  const result = run('recommend', '--model', model, '--history', `${ids[3]},add_to_cart:${ids[5]}`,
    '--limit', '5', '--json', '--explain').json();
  assert.equal(result.source, 'model');
  assert.equal(result.items.length, 5);
  result.items.forEach((item, n) => {
    assert.equal(item.rank, n + 1);
    if (n > 0) assert.ok(item.score <= result.items[n - 1].score);
    const sum = Object.values(item.reason.parts).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 1e-4);
  });
});

test('unknown items of a history are named, and a list is given all the same', () => {
  const some = run('recommend', '--model', model, '--history', `${ids[3]},nope`, '--json').json();
  assert.equal(some.source, 'model');
  assert.equal(some.warnings[0].item_id, 'nope');
  const none = run('recommend', '--model', model, '--history', 'nope,nada', '--limit', '4');
  assert.equal(none.status, 0);
  assert.match(none.stderr, /most popular/);
  assert.equal(none.stdout.trim().split('\n').length, 4);
});

test('rerank returns the given items, similar never the item itself', () => {
  const given = [ids[8], ids[2], ids[4]];
  const ranked = run('recommend', '--model', model, '--history', ids[1], '--rerank', given.join(','),
    '--json').json();
  assert.deepEqual(ranked.items.map((item) => item.item_id).sort(), [...given].sort());
  for (const by of ['cosine', 'dot', 'euclidean']) {
    const like = run('recommend', '--model', model, '--similar', ids[1], '--by', by, '--json').json();
    assert.ok(like.items.every((item) => item.item_id !== ids[1]));
  }
});

test('a model without a network has no vectors: nothing is called similar by them, and there is no map', () => {
  const table = join(folder, 'table.vitrine'), page = join(folder, 'table.html');
  const trained = run('train', '--events', log, '--format', 'sessions', '--arch', 'itemknn', '--int8', '--quiet', '-o', table);
  assert.equal(trained.status, 0, trained.stderr);
  const wide = run('train', '--events', log, '--format', 'sessions', '--arch', 'gru', '--epochs', '1', '--int8', '--quiet', '-o', page);
  assert.equal(wide.status, 0, wide.stderr);
  assert.ok(statSync(table).size < statSync(page).size);
  const like = run('recommend', '--model', table, '--similar', ids[1]);
  assert.equal(like.status, 3);
  assert.match(like.stderr, /without a network.*more_like_this/);
  assert.ok(run('recommend', '--model', table, '--placement', 'more_like_this', '--seeds', ids[1], '--json').json().items.length > 0);
  assert.equal(run('report', '--model', table, '-o', page).status, 0);
  assert.doesNotMatch(readFileSync(page, 'utf8'), /Map of the items/);
});

test('excluded items are in no list', () => {
  const seen = [ids[1], ids[2]];
  const result = run('recommend', '--model', model, '--history', seen.join(','), '--exclude', 'viewed',
    '--limit', '1000', '--json').json();
  assert.ok(result.items.every((item) => !seen.includes(item.item_id)));
});

test('a stream gives one list for each session', () => {
  const result = run('recommend', '--model', model, '--format', 'sessions', '--events', log, '--limit', '3',
    '--json');
  assert.equal(result.stdout.trim().split('\n').length, sessions.length);
});

test('what is no model is refused with its place', () => {
  const page = join(folder, 'page.vitrine');
  writeFileSync(page, '<!doctype html><title>Not found</title>');
  const result = run('recommend', '--model', page, '--history', 'a');
  assert.equal(result.status, 3);
  assert.match(result.stderr, /web page/);
  const cut = join(folder, 'cut.vitrine');
  writeFileSync(cut, readFileSync(model).subarray(0, 1000));
  assert.equal(run('evaluate', '--model', cut, '--events', log).status, 3);
});

test('a model whose rows are int8 is not quantised twice, and nothing is written', () => {
  const out = join(folder, 'm8.vitrine');
  const result = run('quantize', model, '--format', 'sessions', '--events', log, '-o', out);
  assert.equal(result.status, 3);
  assert.match(result.stderr, /quantised already/);
  assert.ok(!existsSync(out));
});

test('gates in bytes or f32: a quantised model is written anew without a log, and back again it is the same file', () => {
  const bytes = join(folder, 'bytes.vitrine'), back = join(folder, 'back.vitrine');
  const gatesOf = (path) => run('inspect', path).stdout.match(/gates\s+(\w+)/)?.[1];
  assert.equal(gatesOf(model), 'f32');
  assert.equal(run('quantize', model, '--gates', 'bytes', '-o', bytes).status, 0);
  assert.equal(gatesOf(bytes), 'bytes');
  assert.equal(statSync(bytes).size, statSync(model).size);
  assert.equal(run('quantize', bytes, '--gates', 'f32', '-o', back).status, 0);
  assert.deepEqual(readFileSync(back), readFileSync(model));
  const recall = (path) => run('evaluate', '--model', path, '--format', 'sessions', '--events', log, '--json').json().systems[0].metrics.at(-1).recall;
  assert.ok(Math.abs(recall(bytes) - recall(model)) < 0.01);
  const refused = run('quantize', model, '--exact', '--gates', 'f32', '-o', back);
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /--gates is for int8 models/);
});

test('bench gives a figure for everything it times', () => {
  const bench = () => run('bench', '--model', model, '--seconds', '0.01', '--train', '--json', '--quiet').json();
  const { models, training } = bench();
  for (const key of ['step_us', 'encode20_us', 'event_to_top20_us', 'page6_us', 'read_gb_per_s'])
    assert.ok(models[0][key] > 0, key);
  assert.ok(training.events_per_s > 0);
  // No training multiplies faster than the processor does with nothing to fetch. A hundredth of a second is short, and
  // something else may run in the one of them or in the other.
  if (training.possible_per_s === undefined) return;
  const slower = ({ training: one }) => one.multiply_adds_per_s < one.possible_per_s;
  assert.ok(slower({ training }) || slower(bench()) || slower(bench()) || slower(bench()));
});
