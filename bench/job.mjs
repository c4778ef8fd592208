// The job that all do alike: an input embedding, one LSTM, dot products with every item, the best 20.
// Weights and events are pseudo-random and fixed; items lie in clusters, as trained ones do.

export const LIST = 20, HISTORY = 20, INPUT = 64, EMBEDDED = 10000;

/** Numbers in [0, 1): xorshift32. */
function random(seed) {
  let x = seed | 0;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

const uniform = (count, seed, size) => {
  const next = random(seed);
  return Float32Array.from({ length: count }, () => (2 * next() - 1) * size);
};

/** In the names of the peers' bench: N items of width H, V input rows of width E; gates i f g o. */
export function makeJob({ items: N, dim: H = 128 }) {
  const clusters = 256, centres = uniform(clusters * H, 1, 0.5), next = random(2), k = 1 / Math.sqrt(H);
  const rows = new Float32Array(N * H), V = Math.min(EMBEDDED, N);
  for (let i = 0; i < N; i++) {
    const from = Math.floor(next() * clusters) * H;
    for (let c = 0; c < H; c++) rows[i * H + c] = centres[from + c] + (next() - 0.5) * 0.9;
  }
  const one = random(3), ids = (count) => Int32Array.from({ length: count }, () => Math.floor(one() * V));
  return {
    K: LIST, L: HISTORY, E: INPUT, V, H, N, items: rows, emb: uniform(V * INPUT, 4, 1),
    Wx: uniform(4 * H * INPUT, 5, 2 * k), Wh: uniform(4 * H * H, 6, 2 * k), b: uniform(4 * H, 7, k),
    history: ids(HISTORY), events: ids(256),
  };
}
