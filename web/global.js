// @ts-check
/* Everything as one classic script: <script src="vitrine.global.js"> defines `Vitrine`. With
 * data-vitrine-model on the tag it starts by itself, as auto.js does. */
export { VERSION, VitrineError, WASM_SHA256, createRecommender } from './index.js';
export { connect, words } from './elements.js';
export { ready, rerankGrids } from './auto.js';
export { listen } from './adapters.js';
