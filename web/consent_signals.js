// @ts-check
/* Who answers for `consent: 'auto'`: the shop's consent tool, in one of three dialects. Each is asked
 * for what personal lists are, the personalisation of content; consent to ads or statistics is none. */

/** @typedef {'granted' | 'denied'} Answer */

/** Google Consent Mode: gtag('consent', 'default' | 'update', { personalization_storage }).
 * @param {any} page @param {(answer: Answer) => void} say */
function consentMode(page, say) {
  const layer = page.dataLayer;
  if (!Array.isArray(layer)) return null;
  /** @param {any} entry */
  const hear = (entry) => {
    const state = entry?.[0] === 'consent' && entry[2]?.personalization_storage;
    // Where the visitor is only Google's tag knows: a yes for some regions is none here.
    if (state === 'denied' || (state === 'granted' && !entry[2].region)) say(state);
  };
  layer.forEach(hear);
  const push = layer.push;
  /** @param {any[]} entries */
  const heard = function (...entries) {
    const length = push.apply(layer, entries);
    entries.forEach(hear);
    return length;
  };
  layer.push = heard;
  return () => void (layer.push === heard && (layer.push = push));
}

/** IAB TCF 2: storage (1), a profile for content (5), content chosen by it (6).
 * @param {any} page @param {(answer: Answer) => void} say */
function tcf(page, say) {
  if (typeof page.__tcfapi !== 'function') return null;
  /** @type {number | undefined} */
  let id;
  page.__tcfapi('addEventListener', 2, (/** @type {any} */ data, /** @type {boolean} */ ok) => {
    id = data?.listenerId;
    // Where the law does not apply TCF has no answer: the shop's own stands.
    if (!ok || data.gdprApplies === false || !/^(tcloaded|useractioncomplete)$/.test(data.eventStatus)) return;
    const given = data.purpose?.consents ?? {};
    say(given[1] && given[5] && given[6] ? 'granted' : 'denied');
  });
  return () => page.__tcfapi('removeEventListener', 2, () => {}, id);
}

/** Shopify: the preferences purpose of the Customer Privacy API.
 * @param {any} page @param {(answer: Answer) => void} say */
function shopify(page, say) {
  if (!page.Shopify) return null;
  const ask = () => {
    const allowed = page.Shopify.customerPrivacy?.preferencesProcessingAllowed?.();
    if (typeof allowed === 'boolean') say(allowed ? 'granted' : 'denied');
  };
  ask();
  page.Shopify.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], (/** @type {any} */ error) => error || ask());
  page.document.addEventListener('visitorConsentCollected', ask);
  return () => page.document.removeEventListener('visitorConsentCollected', ask);
}

/** Follow whatever consent tools the page has: now, and once more when it has loaded.
 * @param {(answer: Answer) => void} say  called with each answer that differs from the last
 * @param {{ page?: any }} [options] @returns {() => void} */
export function follow(say, { page = globalThis } = {}) {
  /** @type {Map<Function, () => void>} */
  const asked = new Map();
  /** @type {Map<Function, Answer>} */
  const answers = new Map();
  /** @type {Answer | undefined} */
  let last;
  const ask = () => {
    for (const tool of [consentMode, tcf, shopify]) {
      if (asked.has(tool)) continue;
      const stop = tool(page, (answer) => {
        answers.set(tool, answer);
        // Two tools that disagree: the visitor said no somewhere.
        const now = [...answers.values()].includes('denied') ? 'denied' : 'granted';
        if (now !== last) say((last = now));
      });
      if (stop) asked.set(tool, stop);
    }
  };
  ask();
  page.addEventListener?.('load', ask);
  return () => {
    page.removeEventListener?.('load', ask);
    for (const stop of asked.values()) stop();
  };
}
