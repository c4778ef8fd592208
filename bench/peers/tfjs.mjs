// TensorFlow.js on its wasm backend, one thread: its own operations, eager, as its guides do it.
const CORE = '@tensorflow/tfjs-core/dist/tf-core.min.js', BACKEND = '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js';

/** Scripts of a page, fetched at once and run in order. */
const scripts = (list) => Promise.all(list.map((src) => new Promise((done, fail) => {
  document.head.append(Object.assign(document.createElement('script'), { src, async: false, onload: done, onerror: fail }));
})));

async function load(ctx) {
  if (ctx.env !== 'browser') throw new Error('measured in browsers alone');
  await scripts([ctx.npm(CORE), ctx.npm(BACKEND)]);
  return globalThis.tf;
}

export default {
  meta: { peer: 'tfjs-wasm' },
  async create(m, ctx) {
    const tf = await load(ctx);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    tf.wasm.setWasmPaths(ctx.npm('@tensorflow/tfjs-backend-wasm/dist/'));
    await tf.setBackend('wasm');
    // A product with the transposed of a matrix takes many times as long as one with a transposed matrix.
    const turned = (values, rows, cols) => tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, cols])));
    const embed = tf.tensor2d(m.emb, [m.V, m.E]), items = turned(m.items, m.N, m.H), b = tf.tensor2d(m.b, [1, 4 * m.H]);
    const wx = turned(m.Wx, 4 * m.H, m.E), wh = turned(m.Wh, 4 * m.H, m.H);
    let h = tf.zeros([1, m.H]), c = tf.zeros([1, m.H]);
    const become = ([nextH, nextC]) => {
      tf.dispose([h, c]);
      [h, c] = [nextH, nextC];
    };
    const step = (id) => become(tf.tidy(() => {
      const x = tf.gather(embed, tf.tensor1d([id], 'int32'));
      const z = tf.add(tf.add(tf.matMul(x, wx), tf.matMul(h, wh)), b);
      const [i, f, g, o] = tf.split(z, 4, 1);
      const cell = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
    }));
    const topk = () => tf.tidy(() => ({ ids: Array.from(tf.topk(tf.reshape(tf.matMul(h, items), [m.N]), m.K).indices.dataSync()) }));
    return {
      step, topk,
      encode(ids) {
        become([tf.zeros([1, m.H]), tf.zeros([1, m.H])]);
        for (const id of ids) step(id);
      },
      event(id) {
        step(id);
        return topk();
      },
    };
  },
};
