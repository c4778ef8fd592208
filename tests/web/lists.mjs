// The same job as tests/tools/lists.c, by the package's engine: events in, lists with the bits of
// every score out, as the same text. Runs in Node and in browsers.

const bits = new DataView(new ArrayBuffer(4));
const floatOf = (hex) => {
  bits.setUint32(0, parseInt(hex, 16));
  return bits.getFloat32(0);
};
const hexOf = (float) => {
  bits.setFloat32(0, float);
  return bits.getUint32(0).toString(16).padStart(8, '0');
};

/** Open a shop in a fresh engine of the package at `base`. */
export async function openEngine(base, variant, model, catalog, capacity = 40) {
  const { DirectEngine, intentOf } = await import(`${base}engine_more.js`);
  const { loadWasm, startWasm } = await import(`${base}load.js`);
  const { module } = await loadWasm({ variant, wasmUrl: base, timeout: 20000, onProgress: () => {} });
  const wasm = await startWasm(module, model.length + (catalog?.length ?? 0));
  const engine = new DirectEngine(wasm);
  await engine.openModel(model);
  await engine.openCatalog(catalog);
  await engine.openProfiles(capacity);
  return { engine, variant: wasm.variant, intent: () => intentOf(engine) };
}

/** @returns {string} the text of NAME.KERNELS.tsv */
export function listsOf({ engine, intent }, eventsText, histories) {
  const byHistory = Array.from({ length: histories }, () => []);
  for (const line of eventsText.split('\n')) {
    if (!line) continue;
    const [h, id, kind, time, value] = line.split('\t');
    byHistory[h].push([id, Number(kind), Number(time), floatOf(value)]);
  }
  return byHistory.map((events, h) => {
    engine.forgetAll();
    for (const [id, kind, time, value] of events)
      if (!engine.observe(engine.find(id), kind, time, value)) throw new Error(`history ${h}: '${id}' refused`);
    const best = engine.recommend({ limit: 100, exclude: [] }).items, chance = intent();
    return `${h}\t${chance === null ? '-' : hexOf(chance)}\t${best.map(({ item, score }) => `${engine.id(item)}=${hexOf(score)}`).join(',')}\n`;
  }).join('');
}
