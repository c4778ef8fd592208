// @ts-check
/* The two kinds of failure: VitrineError for what the world does, TypeError for a mistake in the
 * calling program. The long texts of the first kind are in words.js, fetched when one is needed. */

/** What the world did: a file, the network, the browser. `code` is stable; `hint` says what to do. */
export class VitrineError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ hint?: string, cause?: unknown, details?: Record<string, any> }} [more] */
  constructor(code, message, { hint = '', cause, details } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VitrineError';
    this.code = code;
    this.hint = hint;
    this.docsUrl = `docs/errors.md#${code}`;
    /** What words.js makes the message from. */
    this.details = details;
  }
}

/** A failure that words.js will put into words.
 * @param {string} code @param {Record<string, any>} [details] @param {unknown} [cause] */
export const failure = (code, details = {}, cause) =>
  new VitrineError(code, `${code}: ${Object.values(details).join(' ')}`, { details, cause });

/** @param {any} error @returns {Promise<any>} the same, in words */
export async function worded(error) {
  if (error instanceof VitrineError && !error.hint) {
    try {
      (await import('./words.js')).word(error);
    } catch {
      // Without network the short text has to do.
    }
  }
  return error;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** @param {unknown} claim @param {string} text what is wanted */
export function want(claim, text) {
  if (!claim) throw new TypeError(text);
}

/** Words, given as an array or divided by blanks, which packs better.
 * @param {string | readonly string[]} known @returns {readonly string[]} */
const words = (known) => (typeof known === 'string' ? known.split(' ') : known);

/** Refuse anything that is not an object of known options.
 * @param {string} where
 * @param {any} options
 * @param {string | readonly string[]} known */
export function checkOptions(where, options, known) {
  want(isObject(options), `${where} wants an object`);
  const all = words(known);
  for (const name of Object.keys(options)) all.includes(name) || want(0, `${where}: unknown option '${name}'; known are ${known}`);
}

/* Every list asks these: a text is made only where it is thrown. */
/** @param {string} where @param {any} value @param {string | readonly string[]} known */
export const checkOneOf = (where, value, known) =>
  words(known).includes(value) || want(0, `${where} is ${JSON.stringify(value)}; it may be ${known}`);

/** @param {string} where @param {any} value @param {number} least @param {number} most @param {boolean} [whole] */
export const checkNumber = (where, value, least, most, whole) =>
  (typeof value === 'number' && value >= least && value <= most && !(whole && value % 1)) || want(0,
    `${where} is ${value}; it wants a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);

/** @param {string} where @param {any} value @param {number} least @param {number} most */
export const checkWhole = (where, value, least, most) => checkNumber(where, value, least, most, true);

/** @param {string} where @param {any} fn */
export const checkFunction = (where, fn) => want(typeof fn === 'function', `${where} wants a function`);

/** @param {string} where @param {any} ids @returns {string[]} */
export function checkIds(where, ids) {
  want(Array.isArray(ids), `${where} wants an array of item ids`);
  return ids.map((/** @type {unknown} */ id) => {
    want(typeof id === 'string' || typeof id === 'number', `${where}: an item id is a string, not ${id === null ? id : typeof id}`);
    return String(id);
  });
}
