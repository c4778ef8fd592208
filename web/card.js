// @ts-check
/* A shop's <template> and an item make a card. Text and attributes take fields, and nothing a field
 * says can become markup, script or style. */

const FIELD = /\{(\w+)\}/g;
/** Attributes that fetch, send, run or paint: a field has no place there. */
const NEVER = /^(on|style$|srcdoc|srcset|(form)?action$|poster|ping|data$|background|xlink:|http-equiv|content$)/i;
const ADDRESS = /^(href|src)$/i;

/** Making one takes longer than the rest of a card. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();
/** @param {string} lang @param {string} currency */
function formatOf(lang, currency) {
  const key = `${lang} ${currency}`, format = formats.get(key)
    ?? new Intl.NumberFormat(lang || undefined, currency ? { style: 'currency', currency } : {});
  formats.set(key, format);
  return format;
}

/** @param {any} item @param {string} name */
function field(item, name) {
  const value = item[name];
  if (name === 'price' && typeof value === 'number') {
    try {
      return formatOf(document.documentElement.lang, item.currency ?? '').format(value);
    } catch {
      // A currency nobody knows: the number, as it is.
    }
  }
  return value === undefined || value === null ? '' : String(value);
}

/** @param {string} text */
function safe(text) {
  try {
    return /^https?:$/.test(new URL(text, document.baseURI).protocol);
  } catch {
    return false;
  }
}

/** @param {HTMLTemplateElement} template @param {any} item @returns {DocumentFragment} */
export function card(template, item) {
  const fragment = /** @type {DocumentFragment} */ (document.importNode(template.content, true));
  /** @param {string} text @param {boolean} [address]  within one, a field is a part of a path */
  const fill = (text, address) => text.replace(FIELD, (_, name, at) => {
    const value = field(item, name);
    return address && at > 0 ? encodeURIComponent(value) : value;
  });
  for (const walker = document.createTreeWalker(fragment, 5); walker.nextNode();) {
    const node = /** @type {any} */ (walker.currentNode);
    if (node.nodeType === 3) {
      if (!/^(script|style)$/i.test(node.parentNode.nodeName) && node.data.includes('{')) node.data = fill(node.data);
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      if (!value.includes('{')) continue;
      const address = ADDRESS.test(name), text = fill(value, address);
      if (NEVER.test(name) || (address && (!text || !safe(text)))) node.removeAttribute(name);
      else node.setAttribute(name, text);
    }
  }
  return fragment;
}
