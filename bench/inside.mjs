// Runs where it is measured: in a page or in a Node process. One adapter, one job, medians of a task.
import { makeJob } from './job.mjs';

let job, done, event = 0;
const wait = (value) => (value && typeof value.then === 'function' ? value : null);

/** What can be asked for: the names of the adapter's functions. */
const TASKS = {
  step: () => done.step(job.events[event++ & 255]),
  encode: () => done.encode(job.history),
  event: () => done.event(job.events[event++ & 255]),
  list: () => done.topk(),
  page: () => done.page(job.events[event++ & 255]),
  rerank: () => done.rerank(),
  read: () => done.read(),
};

/** Load an adapter, give it the job, and time the way to its first list.
 * @param {() => Promise<any>} load @param {{ items: number, dim: number }} config @param {any} ctx */
export async function prepare(load, config, ctx) {
  job = makeJob(config);
  const begun = performance.now();
  const adapter = (await load()).default;
  done = await adapter.create(job, ctx);
  let list = null;
  if (done.encode) {
    await wait(done.encode(job.history));
    const first = done.topk();
    list = (await wait(first)) ?? first;
  }
  const first_ms = performance.now() - begun;
  if (!done.keepsModel) job.items = job.emb = job.Wx = job.Wh = null;
  return { first_ms, open_ms: done.openMs ?? null, heap: done.memoryBytes?.() ?? null, in_pairs: done.inPairs ?? null, meta: adapter.meta,
    ids: list && [...list.ids].map(Number), tasks: Object.keys(TASKS).filter((task) => task === 'event' ? done.event : task === 'list' ? done.topk : done[task]) };
}

/** Median milliseconds of a call, of batches of at least one millisecond. */
export async function measure(task, budget) {
  const run = TASKS[task], first = wait(run());
  if (first) await first;
  let calls = 0, begun = performance.now();
  for (; performance.now() - begun < budget / 4 || calls === 0; calls++) {
    const more = wait(run());
    if (more) await more;
  }
  const batch = Math.max(1, Math.ceil(calls / (performance.now() - begun))), times = [];
  for (begun = performance.now(); times.length < 3 || performance.now() - begun < budget;) {
    const from = performance.now();
    for (let i = 0; i < batch; i++) {
      const more = run();
      if (first) await more;
    }
    times.push((performance.now() - from) / batch);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
