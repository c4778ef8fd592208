// @ts-check
// Cart and favourites: the shop's own state, kept apart from the profile, so that they work whatever
// the visitor allows the recommender to learn.


function read(key) {
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? '[]');
    return new Map(Array.isArray(list) ? list.filter((row) => Array.isArray(row) && typeof row[0] === 'string') : []);
  } catch {
    return new Map();
  }
}

function write(key, map) {
  try {
    localStorage.setItem(key, JSON.stringify([...map]));
  } catch { /* no storage: it lasts as long as the page */ }
}

/** @param {string} world  each world has a basket of its own
 * @param {() => void} changed  called when another tab changed something */
export function openBasket(world, changed) {
  const KEYS = { cart: `oriel:${world}:cart`, favourites: `oriel:${world}:favourites` };
  let cart = read(KEYS.cart), favourites = read(KEYS.favourites);
  addEventListener('storage', (event) => {
    if (event.key !== KEYS.cart && event.key !== KEYS.favourites && event.key !== null) return;
    cart = read(KEYS.cart);
    favourites = read(KEYS.favourites);
    changed();
  });
  return {
    get cart() { return cart; },
    get favourites() { return favourites; },
    get pieces() { return [...cart.values()].reduce((sum, n) => sum + n, 0); },
    /** @param {string} id @param {number} quantity 0 takes it out */
    put(id, quantity) {
      if (quantity > 0) cart.set(id, Math.min(99, quantity));
      else cart.delete(id);
      write(KEYS.cart, cart);
    },
    emptyCart() {
      cart.clear();
      write(KEYS.cart, cart);
    },
    /** @param {string} id @returns {boolean} whether it is a favourite now */
    toggle(id) {
      if (!favourites.delete(id)) favourites.set(id, 1);
      write(KEYS.favourites, favourites);
      return favourites.has(id);
    },
  };
}
