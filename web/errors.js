// @ts-check
/* The two kinds of failure: VitrineError for what the world does, TypeError for a mistake in the
 * calling program. */

/** What the world did: a file, the network, the browser. `code` is stable; `hint` says what to do. */
export class VitrineError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ hint?: string, cause?: unknown }} [more] */
  constructor(code, message, { hint = '', cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VitrineError';
    this.code = code;
    this.hint = hint;
  }
}

/** @param {unknown} value @returns {value is Record<string, any>} */
export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Refuse anything that is not an object of known options.
 * @param {string} where
 * @param {unknown} options
 * @param {readonly string[]} known */
export function checkOptions(where, options, known) {
  if (!isObject(options)) throw new TypeError(`${where} wants an object`);
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new TypeError(`${where}: unknown option '${name}'; known are ${known.join(', ')}`);
}

/** @template T
 * @param {string} where
 * @param {T} value
 * @param {readonly T[]} known */
export function checkOneOf(where, value, known) {
  if (!known.includes(value)) throw new TypeError(`${where} is ${JSON.stringify(value)}; it may be ${known.join(', ')}`);
}

/** @param {string} where @param {any} value @param {number} least @param {number} most */
export function checkWhole(where, value, least, most) {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new TypeError(`${where} is ${value}; it wants a whole number from ${least} to ${most}`);
}

/** @param {string} where @param {any} ids @returns {string[]} */
export function checkIds(where, ids) {
  if (!Array.isArray(ids)) throw new TypeError(`${where} wants an array of item ids`);
  return ids.map((id) => {
    if (typeof id !== 'string' && typeof id !== 'number')
      throw new TypeError(`${where}: an item id is a string, not ${id === null ? 'null' : typeof id}`);
    return String(id);
  });
}
