#!/usr/bin/env node
// Measures models on public logs, as docs/results.md tells it:
//
//   node tools/results.mjs DATA OUT [--sets rsc15-100k,Beauty] [--seeds 1,2,3] [--threads 1] [--baselines yes]
//
// DATA holds the logs in the folders named below. For each set and seed: train, evaluate the int8 model
// against the baselines, score its lists a second time with tools/rescore.mjs, and print a row of the
// table. OUT keeps models, results, learning curves and converted logs; a row that is there already is not
// made again, and a training that was interrupted goes on from its last epoch.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitrine = process.env.VITRINE ?? join(root, 'build/native/vitrine');
const { values: o, positionals } = parseArgs({ allowPositionals: true, options: {
  sets: { type: 'string' }, seeds: { type: 'string', default: '1' }, threads: { type: 'string', default: '1' },
  baselines: { type: 'string', default: 'yes' } } });
const [data, out] = positionals;
if (!out) {
  console.error('usage: results.mjs DATA OUT [--sets A,B] [--seeds 1,2,3] [--threads N]');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const text = (name) => {
  const bytes = readFileSync(join(data, name));
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
};
/** Writes a converted log into OUT once, and returns its path. */
const converted = (name, make) => {
  const path = join(out, name);
  if (!existsSync(path)) writeFileSync(path, make());
  return path;
};

const pairs = (name) => ({
  k: 20,
  train: ['--events', join(data, `sessions/${name}/train_sessions.txt.gz`), '--format', 'sessions'],
  judge: ['--train', join(data, `sessions/${name}/train_sessions.txt.gz`), '--train-format', 'sessions',
    '--events', join(data, `sessions/${name}/test.tsv.gz`), '--format', 'pairs', '--unknown', 'miss'],
  rescore: ['--events', join(data, `sessions/${name}/test.tsv.gz`), '--format', 'pairs', '--unknown', 'miss'],
});
const reviews = (name) => ({
  k: 10,
  train: ['--events', join(data, `s3rec/${name}.txt.gz`), '--format', 'sequences',
    '--catalog', join(data, `s3rec/${name}_item2attributes.json.gz`)],
  judge: ['--events', join(data, `s3rec/${name}.txt.gz`), '--format', 'sequences', '--repeat', 'drop'],
  rescore: ['--events', join(data, `s3rec/${name}.txt.gz`), '--format', 'sequences', '--repeat', 'drop'],
});
const clicks = (part) => join(data, `rsc15-100k/yoochoose-clicks-100k_${part}.txt.gz`);

/** A film watcher's ratings by time, as a line: leave one out. */
function films() {
  const users = new Map();
  for (const line of text('movielens-100k/ml-100k.inter.gz').trim().split('\n').slice(1)) {
    const [user, item, , time] = line.split('\t');
    if (!users.has(user)) users.set(user, []);
    users.get(user).push([Number(time), item]);
  }
  return [...users].map(([user, list]) =>
    `${user} ${list.sort((a, b) => a[0] - b[0]).map(([, item]) => item).join(' ')}`).join('\n') + '\n';
}
/** Invoices before or from 2011-10-10, an article once on each: its first line. */
function invoices(late) {
  const [head, ...lines] = text('online-retail/events.tsv.gz').trim().split('\n');
  const met = new Set();
  return [head, ...lines.filter((line) => {
    const [, session, time, item] = line.split('\t'), key = `${session} ${item}`;
    if (Number(time) >= Date.UTC(2011, 9, 10) / 1000 !== late || met.has(key)) return false;
    return met.add(key);
  })].join('\n') + '\n';
}
/** A student's exercises, as a session. */
const lessons = (part) => () => text(`assist2009/${part}.tsv.gz`).trim().split('\n')
  .filter((line) => /^\d+\t/.test(line)).map((line) => line.split('\t')[1]).join('\n') + '\n';

const SETS = {
  'rsc15-100k': () => ({ k: 20, train: ['--events', clicks('train_full'), '--format', 'events'],
    judge: ['--train', clicks('train_full'), '--events', clicks('test'), '--format', 'events'],
    rescore: ['--events', clicks('test'), '--format', 'events', '--columns', 'SessionId,ItemId'] }),
  'yoochoose-1-64': () => pairs('yoochoose-1-64'),
  diginetica: () => pairs('diginetica'),
  retailrocket: () => pairs('retailrocket'),
  nowplaying: () => pairs('nowplaying'),
  Beauty: () => reviews('Beauty'),
  Sports_and_Outdoors: () => reviews('Sports_and_Outdoors'),
  LastFM: () => reviews('LastFM'),
  'online-retail': () => {
    const [train, test] = [false, true].map((late) =>
      converted(`online-retail-${late ? 'test' : 'train'}.tsv`, () => invoices(late)));
    return { k: 20, train: ['--events', train, '--format', 'events'],
      judge: ['--train', train, '--events', test, '--format', 'events'],
      rescore: ['--events', test, '--format', 'events', '--columns', 'session,item'] };
  },
  // Every line as it is, articles that an invoice has twice among them.
  'online-retail-lines': () => {
    const log = join(data, 'online-retail/events.tsv.gz');
    return { k: 20, train: ['--events', log, '--format', 'events', '--until', '2011-10-10'],
      judge: ['--events', log, '--format', 'events', '--from', '2011-10-10'] };
  },
  'movielens-100k': () => {
    const log = converted('movielens-100k.txt', films);
    return { k: 10, train: ['--events', log, '--format', 'sequences'],
      judge: ['--events', log, '--format', 'sequences', '--repeat', 'drop'],
      rescore: ['--events', log, '--format', 'sequences', '--repeat', 'drop'] };
  },
  // Which of the items that somebody looked at is bought: the weights of the kinds of events alone, for
  // the sample has too few events an item to learn anything from.
  'taobao-purchases': () => {
    const log = ['--events', join(data, 'taobao-userbehavior-sample/UserBehavior.csv.gz'), '--no-header',
      '--columns', 'user=1,item=2,type=4,time=5', '--session-gap', '0', '--max-rate', '0',
      '--type-map', 'pv=view_item,fav=add_to_wishlist,cart=add_to_cart,buy=purchase',
      '--max-events-per-session', '0', '--since', '2017-11-24T16:00:00', '--until', '2017-12-03T16:00:00'];
    return { k: 1, train: [...log, '--arch', 'itemknn', '--ablate', 'neighbours,content,popularity'],
      judge: [...log, '--targets', 'purchase', '--repeat', 'only'] };
  },
  assist2009: () => {
    const [train, test] = ['train', 'test'].map((part) => converted(`assist2009-${part}.txt`, lessons(part)));
    return { k: 5, train: ['--events', train, '--format', 'sessions'],
      judge: ['--train', train, '--events', test, '--format', 'sessions'],
      rescore: ['--events', test, '--format', 'sessions'] };
  },
};

const run = (program, args) => {
  const begun = process.hrtime.bigint();
  const stdout = execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
  return { json: JSON.parse(stdout), seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
};

function measure(name, seed) {
  const kept = join(out, `${name}-${seed}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const set = SETS[name](), model = join(out, `${name}-${seed}.vitrine`), lists = join(out, `${name}-${seed}.tsv`);
  const checkpoint = join(out, `${name}-${seed}.checkpoint`);
  const trained = run(vitrine, ['train', ...set.train, '--seed', seed, '--threads', o.threads, '--int8', '--json', '--resume',
    '--checkpoint', checkpoint, '--log', join(out, `${name}-${seed}.log`), '-o', model]);
  rmSync(checkpoint, { force: true });
  const only = o.baselines === 'yes' ? [] : ['--baselines', 'none'];
  const judged = run(vitrine, ['evaluate', '--model', model, ...set.judge, ...only, '--k', `${set.k}`, '--bootstrap', '1000',
    '--threads', o.threads, '--lists', lists, '--json', '--quiet']);
  const ids = join(out, `${name}-${seed}.ids`);
  writeFileSync(ids, execFileSync(vitrine, ['inspect', '--items', model], { maxBuffer: 1 << 28 }));
  const again = set.rescore && run(process.execPath, [join(root, 'tools/rescore.mjs'), '--lists', lists, ...set.rescore,
    '--items', ids, '--k', `${set.k}`]).json.metrics[0];
  for (const path of [lists, ids]) rmSync(path);
  const [own, ...others] = judged.json.systems, metric = own.metrics[0];
  if (again && Math.abs(again.recall - metric.recall) + Math.abs(again.ndcg - metric.ndcg) > 1e-9)
    throw new Error(`${name}: the lists, scored again, give ${again.recall} and ${again.ndcg}`);
  const best = (key) => others.reduce((most, one) => (one.metrics[0][key] > (most?.metrics[0][key] ?? 0) ? one : most), null);
  const second = set.k === 10 ? 'ndcg' : 'mrr';
  const against = (key) => {
    const other = best(key);
    return other && { name: other.name, value: other.metrics[0][key], p: other.first_minus_this[`p_${key}`] };
  };
  const row = { name, seed, k: set.k, second, recall: metric.recall, value: metric[second], positions: judged.json.positions,
    items: judged.json.items, bytes: statSync(model).size, train_seconds: trained.seconds,
    list_ms: (1000 * own.seconds) / judged.json.positions, rescored: Boolean(again),
    best_recall: against('recall'), best_second: against(second), interval: own.interval };
  writeFileSync(kept, `${JSON.stringify(row)}\n`);
  return row;
}

const digits = (value) => value.toFixed(4).replace(/^0/, '');
const words = (best) => (best ? `${best.name} ${digits(best.value)}, p ${best.p === 0 ? '< .001' : digits(best.p)}` : '');
console.log('| set | seed | metric | model | best baseline | second metric | model | best baseline | items | bytes | an item | training s | ms a list |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const name of (o.sets ?? Object.keys(SETS).join(',')).split(','))
  for (const seed of o.seeds.split(',')) {
    const r = measure(name, seed);
    console.log(`| ${name} | ${seed} | recall@${r.k} | ${digits(r.recall)} | ${words(r.best_recall)} | ${r.second.toUpperCase()}@${r.k} | `
      + `${digits(r.value)} | ${words(r.best_second)} | ${r.items.toLocaleString('en')} | ${r.bytes.toLocaleString('en')} | `
      + `${(r.bytes / r.items).toFixed(0)} B | ${r.train_seconds.toFixed(0)} | ${r.list_ms.toFixed(2)} |`);
  }
