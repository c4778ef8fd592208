#!/usr/bin/env node
// A long day of one visitor: a million events and two hundred thousand rankings in the built package,
// watched for memory that grows and answers that slow down.
//
//   tools/node --expose-gc tools/soak.mjs [--model models/demo.vitrine] [--events 1000000]
//
// Passes when the heap grows by at most 1 MB, the module's memory not at all, and the slowest
// hundredth of rankings takes at most a tenth longer at the end than at the beginning.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { values } = parseArgs({ options: {
  model: { type: 'string', default: at('models/demo.vitrine') }, events: { type: 'string', default: '1000000' },
} });
const EVENTS = Number(values.events), PER_RANKING = 5, ROUNDS = 20;
const KINDS = ['view_item', 'view_item', 'view_item', 'add_to_cart', 'add_to_wishlist', 'purchase', 'dismiss'];

/* The only way to see the module's memory from outside is to be there when it is made. */
const memories = [], Memory = WebAssembly.Memory;
WebAssembly.Memory = class extends Memory {
  constructor(...args) {
    super(...args);
    memories.push(this);
  }
};
const moduleBytes = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
const heapBytes = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};
/* A visitor's pace: the package takes a thousand events a second for a robot's and learns from none. */
const now = performance.now.bind(performance);
let clock = 0;
performance.now = () => clock;

if (!globalThis.gc) throw new Error('start node with --expose-gc');

const { createRecommender } = await import('../build/web/index.js');
const vitrine = await createRecommender({
  model: readFileSync(values.model), storage: 'memory', consent: 'granted', strict: true });
const ids = [...vitrine.items()].map((item) => item.item_id);
let state = 1;
const below = (n) => (state = (state * 48271) % 2147483647) % n;

let learnt = 0;
vitrine.on('event', () => learnt++);
const p99 = (times) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
function round(events) {
  const times = [];
  for (let i = 0; i < events; i++) {
    clock += 1000;
    vitrine.track(KINDS[below(KINDS.length)], { items: [{ item_id: ids[below(ids.length)] }] });
    if (i % PER_RANKING === 0) {
      const begun = now();
      vitrine.recommendSync({ limit: 20 });
      times.push(now() - begun);
    }
  }
  return p99(times);
}

const each = Math.floor(EVENTS / ROUNDS);
round(each); // until the engine has compiled what it will
const before = { heap: heapBytes(), module: moduleBytes() }, slowest = [];
for (let i = 1; i <= ROUNDS; i++) {
  slowest.push(round(each));
  console.log(`${i * each} events: p99 ${slowest.at(-1).toFixed(3)} ms, heap ${(heapBytes() / 1e6).toFixed(1)} MB, `
    + `module ${(moduleBytes() / 1e6).toFixed(1)} MB`);
}
const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1];
const third = Math.floor(ROUNDS / 3);
const heap = heapBytes() - before.heap, module = moduleBytes() - before.module;
const drift = median(slowest.slice(-third)) / median(slowest.slice(0, third)) - 1;
await vitrine.close();
if (learnt < EVENTS) throw new Error(`only ${learnt} of ${EVENTS} events were learnt from`);
const ok = memories.length > 0 && heap <= 1e6 && module === 0 && drift <= 0.1;
console.log(`${ok ? 'ok' : 'FAILED'}: heap ${heap} bytes (most 1000000), module ${module} bytes (most 0), `
  + `p99 ${(drift * 100).toFixed(1)} % (most 10)`);
process.exit(ok ? 0 : 1);
