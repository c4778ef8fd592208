#!/usr/bin/env node
// Scores ranked lists again, from the lists and the test log alone: a second opinion on
// `vitrine evaluate` that shares no line with it. Prints recall@k, MRR@k and NDCG@k as JSON.
//
//   node tools/rescore.mjs --lists lists.tsv[.gz] --events test.tsv[.gz] --format pairs
//        [--unknown drop|miss --items known.txt] [--repeat drop|only] [--k 5,10,20]
//        [--columns session,item]          (format events: names of the two columns)
//
// A list of session s at position p is judged by event p + 1 of that session. Sessions are named as
// docs/evaluation.md says. With --unknown drop, --items FILE (ids, one a line) tells which items the
// model knows; without it all are taken as known.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: {
  lists: { type: 'string' }, events: { type: 'string' }, format: { type: 'string' },
  unknown: { type: 'string', default: 'drop' }, items: { type: 'string' },
  repeat: { type: 'string', default: 'keep' }, k: { type: 'string', default: '5,10,20' },
  columns: { type: 'string', default: 'session,item' },
} });

function lines(path) {
  let bytes = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  return bytes.toString('utf8').split('\n').filter((line) => line !== '').map((line) => line.replace(/\r$/, ''));
}

/** Map of session name to its items, in order. */
function sessions(path, format) {
  const found = new Map();
  const rows = lines(path);
  if (format === 'events') {
    const head = rows.shift().split('\t');
    const [session, item] = o.columns.split(',').map((name) => head.indexOf(name));
    if (session < 0 || item < 0) throw new Error(`no columns ${o.columns} in ${head.join(' ')}`);
    for (const row of rows) {
      const fields = row.split('\t');
      if (!found.has(fields[session])) found.set(fields[session], []);
      found.get(fields[session]).push(fields[item]);
    }
    return found;
  }
  rows.forEach((row, number) => {
    const ids = row.split(/[ \t]+/).filter((id) => id !== '');
    if (format === 'sequences') found.set(ids[0], ids.slice(1));
    else found.set(String(number), ids);
  });
  return found;
}

const ks = o.k.split(',').map(Number);
const known = o.items === undefined ? null : new Set(lines(o.items));
const truth = sessions(o.events, o.format);
if (known !== null && o.unknown === 'drop')
  for (const [name, ids] of truth) truth.set(name, ids.filter((id) => known.has(id)));

const sums = ks.map((k) => ({ k, recall: 0, mrr: 0, ndcg: 0 }));
let positions = 0;
for (const line of lines(o.lists)) {
  const [session, position, list] = line.split('\t');
  const history = truth.get(decodeURIComponent(session));
  const target = history?.[Number(position) + 1];
  if (target === undefined) throw new Error(`no event ${Number(position) + 1} in session ${session}`);
  const items = list === '' ? [] : list.split(',').map((id) => decodeURIComponent(id));
  if (new Set(items).size !== items.length) throw new Error(`an item twice: session ${session}, position ${position}`);
  if (o.repeat !== 'keep') {
    const seen = history.slice(0, Number(position) + 1), wanted = o.repeat === 'only';
    if (items.some((id) => seen.includes(id) !== wanted)) throw new Error(`${wanted ? 'an item never seen' : 'a seen item'}: session ${session}, position ${position}`);
  }
  const rank = items.indexOf(target) + 1;
  positions += 1;
  for (const sum of sums) {
    if (rank === 0 || rank > sum.k) continue;
    sum.recall += 1;
    sum.mrr += 1 / rank;
    sum.ndcg += 1 / Math.log2(rank + 1);
  }
}
for (const sum of sums) for (const name of ['recall', 'mrr', 'ndcg']) sum[name] /= positions;
console.log(JSON.stringify({ positions, metrics: sums }));
