// The same by hand in typed arrays: what a page does that takes no library.
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

export default {
  meta: { peer: 'typed arrays' },
  async create(m) {
    const { E, H, N, K } = m, h = new Float32Array(H), c = new Float32Array(H), z = new Float32Array(4 * H);
    const scores = new Float32Array(N);
    const step = (id) => {
      for (let r = 0; r < 4 * H; r++) {
        let sum = m.b[r];
        for (let i = 0, w = r * E, x = id * E; i < E; i++) sum += m.Wx[w + i] * m.emb[x + i];
        for (let i = 0, w = r * H; i < H; i++) sum += m.Wh[w + i] * h[i];
        z[r] = sum;
      }
      for (let u = 0; u < H; u++) {
        c[u] = sigmoid(z[H + u]) * c[u] + sigmoid(z[u]) * Math.tanh(z[2 * H + u]);
        h[u] = sigmoid(z[3 * H + u]) * Math.tanh(c[u]);
      }
    };
    const topk = () => {
      const ids = [];
      let worst = -Infinity;
      for (let n = 0, at = 0; n < N; n++) {
        let sum = 0;
        for (let d = 0; d < H; d++, at++) sum += m.items[at] * h[d];
        scores[n] = sum;
        if (ids.length === K && sum <= worst) continue;
        let place = ids.length;
        while (place > 0 && scores[ids[place - 1]] < sum) place--;
        ids.splice(place, 0, n);
        if (ids.length > K) ids.pop();
        worst = scores[ids[ids.length - 1]];
      }
      return { ids };
    };
    return {
      step, topk, keepsModel: true,
      encode(ids) {
        h.fill(0);
        c.fill(0);
        for (const id of ids) step(id);
      },
      event(id) {
        step(id);
        return topk();
      },
    };
  },
};
