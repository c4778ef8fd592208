// @ts-check
/* The browser's storage, loaded only by pages that use it. */
export { LogStore, eraseStorage } from './store.js';
export { SessionStore } from './session_store.js';
