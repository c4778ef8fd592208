// @ts-check
/* What <vitrine-privacy> shows: what is kept, and the visitor's switches. Loaded where there is one. */

const defaults = {
  privacy: 'Your data',
  kept: '{count} events are kept on this device.',
  nothing: 'Nothing is kept.',
  consent: 'Personal recommendations',
  granted: 'On, kept on this device',
  session: 'On, for this visit',
  denied: 'Off',
  forgotten: '{count} events forgotten, {after} left.',
  all: 'Forget everything',
  export: 'Save a copy',
  note: 'Recommendations are made in this browser. What you look at is not sent to anybody.',
};

/** Draw what is known now into a shadow root, and again after each act. The tools are those of
 * elements.js, handed over so that the two share no third file.
 * @param {ShadowRoot} root
 * @param {{ make: (tag: string, fields?: any, ...inside: any[]) => any, now: () => any, title: (id: string) => string,
 *   say: (name: string, fields?: any, otherwise?: any) => string }} tools
 * @param {string} [told]  what the last act did */
export function draw(root, tools, told = root.querySelector('[part=status]')?.textContent ?? '') {
  const { make, now, title, say } = tools, v = now();
  if (!v) return;
  /** @param {string} name @param {Record<string, any>} [fields] */
  const text = (name, fields) => say(name, fields, defaults);
  const { events, consent } = v.profile();
  /** @type {Map<string, Set<string>>} */
  const items = new Map();
  for (const { item_id, type } of [...events].reverse()) items.set(item_id, (items.get(item_id) ?? new Set()).add(type));
  /** @param {any} what */
  const forget = async (what) => {
    const { before, after } = await v.forget(what);
    draw(root, tools, text('forgotten', { count: before - after, after }));
    /** @type {any} */ (root.querySelector('[part=status]')).focus();
  };
  /** @param {string} part @param {string} word @param {() => void} act @param {string} [label] */
  const button = (part, word, act, label) =>
    make('button', { part, type: 'button', onclick: act, ...(label ? { 'aria-label': label } : {}) }, word);
  const choice = make('select', { part: 'choice', onchange: async () => {
    await v.consent.set(choice.value);
    draw(root, tools);
  } }, ...['granted', 'session', 'denied'].map((state) => make('option', { value: state, selected: state === consent }, text(state))));
  const focused = root.activeElement?.getAttribute('part');
  root.replaceChildren(make('section', { part: 'panel' },
    make('h2', { part: 'title' }, text('privacy')),
    make('label', { part: 'consent' }, text('consent'), ' ', choice),
    make('p', { part: 'summary' }, events.length ? text('kept', { count: events.length }) : text('nothing')),
    make('ul', { part: 'list', role: 'list' }, ...[...items].map(([item_id, types]) => make('li', { part: 'item' },
      make('span', { part: 'name' }, title(item_id)), ' ', make('small', { part: 'types' }, [...types].join(', ')), ' ',
      button('forget', text('forget'), () => forget({ item_id }), `${text('forget')}: ${title(item_id)}`)))),
    button('forget-all', text('all'), () => forget('all')),
    button('export', text('export'), async () => {
      const address = URL.createObjectURL(new Blob([JSON.stringify(await v.export(), null, 1)], { type: 'application/json' }));
      make('a', { href: address, download: 'profile.json' }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    }),
    make('p', { part: 'status', role: 'status', tabindex: '-1' }, told),
    make('p', { part: 'note' }, text('note'))));
  if (focused) /** @type {any} */ (root.querySelector(`[part="${focused}"]`))?.focus();
}
