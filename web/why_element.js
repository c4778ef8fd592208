// @ts-check
/* <vitrine-why item-id>: why an item is shown, and "forget this". */
import { Base, join, leave, make, now, shadow, title } from './connection.js';
import { say } from './element_words.js';

const CSS = ':host{display:inline-block}[hidden]{display:none}';

/** @param {any} found  what explain() gave */
function reason({ reason: { kind, source_item_id, text }, event }) {
  if (text) return text; // the shop's own words
  if (/popularity|recent/.test(kind) || !source_item_id) return say(source_item_id || kind === 'popularity' ? kind : 'taste');
  const type = event?.item_id === source_item_id && event.type;
  return say(kind === 'content' ? kind : type === 'purchase' || type === 'add_to_cart' ? type : 'view_item',
    { title: title(source_item_id) });
}

export class Why extends Base {
  static observedAttributes = ['item-id'];
  /** @type {any} */
  #panel;
  /** @type {any} */
  #toggle;

  connectedCallback() {
    join(this);
    if (this.shadowRoot) return;
    this.#toggle = make('button', { part: 'button', type: 'button', onclick: () => this.#open(this.#panel.hidden) }, say('why'));
    this.#panel = make('div', { part: 'panel' });
    this.addEventListener('keydown', ({ key }) => key === 'Escape' && this.#close());
    void this.#open(false);
    // A card is often one link: its why is not a click on it.
    this.addEventListener('click', (event) => event.preventDefault());
    shadow(this, CSS, this.#toggle, this.#panel);
  }
  disconnectedCallback() {
    leave(this);
  }
  /** The words may have come after the element. */
  refresh() {
    this.#toggle.textContent = say('why');
  }
  attributeChangedCallback() {
    if (this.#panel) void this.#open(false);
  }
  #close() {
    void this.#open(false);
    this.#toggle.focus();
  }

  /** @param {boolean} open */
  async #open(open) {
    this.#panel.hidden = !open;
    this.#toggle.setAttribute('aria-expanded', String(open));
    if (!open) return;
    const id = this.getAttribute('item-id') ?? '', v = now();
    const found = await v?.explain(id);
    const source = found?.event?.item_id;
    this.#panel.replaceChildren(make('span', { part: 'reason', role: 'status' }, found ? reason(found) : say('popularity')),
      ...(source ? [make('button', { part: 'forget', type: 'button', onclick: async () => {
        await v.forget({ item_id: source });
        this.#close();
      } }, say('forget'))] : []));
  }
}

