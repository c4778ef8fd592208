/* The package for the largest catalogs, whose models have split rows. */
export * from './index.js';
