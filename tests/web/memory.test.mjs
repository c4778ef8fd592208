/* What a large catalog costs in memory: the model file, all that is made of it, and what ranks with it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import exact from '../../bench/adapter.mjs';
import int8 from '../../bench/adapter-int8.mjs';
import { makeJob } from '../../bench/job.mjs';

const MB = 1e6;

test('a hundred thousand items of 128 numbers fit into 20 MB, with exact rows into 50', async () => {
  const job = makeJob({ items: 100_000 });
  for (const [adapter, most] of [[int8, 20 * MB], [exact, 50 * MB]]) {
    const engine = await adapter.create(job, { env: 'node' });
    const { ids } = engine.event(job.history[0]);
    assert.equal(new Set(ids).size, job.K);
    assert.ok(engine.memoryBytes() <= most, `${engine.memoryBytes()} of ${most} bytes`);
  }
});
