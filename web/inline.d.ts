/* The package with its wasm inside. */
export * from './index.js';
