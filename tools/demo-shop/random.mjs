// Seeded random numbers for the simulated shop: the same seed gives the same bytes anywhere, so
// nothing here may come from Math.random.

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, and good enough for a simulation. */
export function randomFrom(seed) {
  let a = 0x9e3779b9, b = seed | 0, c = 0x243f6a88, counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i++) next(); // the first numbers still resemble the seed
  return {
    unit: next,
    below: (n) => Math.floor(next() * n),
    between: (low, high) => low + next() * (high - low),
    chance: (p) => next() < p,
    pick: (list) => list[Math.floor(next() * list.length)],
    /** Sum of twelve uniforms less six: close to a standard normal, and without log or cos. */
    normal: () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return sum;
    },
    /** An index with probability weights[i] / sum. */
    weighted: (weights) => {
      let sum = 0;
      for (const weight of weights) sum += weight;
      let left = next() * sum;
      for (let i = 0; i < weights.length; i++) {
        left -= weights[i];
        if (left < 0) return i;
      }
      return weights.length - 1;
    },
    /** `count` different entries, in random order. */
    sample: (list, count) => {
      const rest = list.slice(), out = [];
      while (out.length < count && rest.length > 0)
        out.push(rest.splice(Math.floor(next() * rest.length), 1)[0]);
      return out;
    },
  };
}
