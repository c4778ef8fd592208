// @ts-check
// Which world the page shows: a shop, a music service, a school. All that differs is data: a JSON file
// with words and addresses. The code knows none of them by name.

const USUAL = 'shop';

/** @returns {Promise<any>} the JSON of worlds/<name>.json with its name */
export async function openWorld() {
  const all = (document.body.dataset.worlds ?? USUAL).split(' ');
  const asked = new URLSearchParams(location.search).get('world') ?? USUAL;
  const name = all.includes(asked) ? asked : USUAL;
  const answer = await fetch(`worlds/${name}.json`);
  const world = await answer.json();
  return { ...world, name };
}

/** The words that stand in the HTML itself. */
export function dress(world) {
  const { words } = world, set = (selector, text) => {
    for (const it of document.querySelectorAll(selector)) it.textContent = text;
  };
  set('.logo span', world.title);
  const field = document.querySelector('.search input');
  field?.setAttribute('placeholder', words.search);
  field?.setAttribute('aria-label', words.search);
  document.querySelector('a.icon[href="#/cart"]')?.setAttribute('aria-label', words.cart);
  document.querySelector('a.icon[href="#/favourites"]')?.setAttribute('aria-label', words.favourites);
  for (const link of document.querySelectorAll('#worlds a')) {
    const name = new URLSearchParams(link.getAttribute('href')?.slice(1)).get('world') ?? USUAL;
    if (name === world.name) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
