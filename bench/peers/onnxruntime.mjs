// onnxruntime-web on its wasm backend, one thread. Two models, so that a step alone does not pay for the
// items.
import { modelOf } from './onnx.mjs';

export default {
  meta: { peer: 'onnxruntime-web' },
  async create(m, ctx) {
    const ort = await import(ctx.npm('onnxruntime-web/dist/ort.wasm.min.mjs'));
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = ctx.npm('onnxruntime-web/dist/');
    const open = (list) => ort.InferenceSession.create(modelOf(m, list), { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
    const network = await open(false), whole = await open(true);
    const zeros = () => new ort.Tensor('float32', new Float32Array(m.H), [1, 1, m.H]);
    let h = zeros(), c = zeros();
    const run = async (session, ids) => {
      const out = await session.run({ ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length]), h0: h, c0: c });
      h = out.h;
      c = out.c;
      return out;
    };
    const list = async (id) => {
      const out = await run(whole, [id]);
      return { ids: Array.from(out.found.data, Number) };
    };
    let last = m.history[m.history.length - 1];
    return {
      step: (id) => run(network, [id]),
      encode(ids) {
        h = zeros();
        c = zeros();
        last = ids[ids.length - 1];
        // The last event comes with the list.
        return run(network, ids.subarray(0, -1));
      },
      event: list,
      topk: () => list(last),
    };
  },
};
