// @ts-check
/* <vitrine-shelf>, <vitrine-why> and <vitrine-privacy>. What the server sent stays until something
 * better is known, then the same places hold other items: nothing on the page moves. Without this
 * script the tags are plain boxes around the server's list. */
import { Base, attach, join, leave, make, now, shadow, title } from './connection.js';
import { say } from './element_words.js';
import { Shelf } from './shelf_element.js';
import { Why } from './why_element.js';

export { words } from './element_words.js';
export { attach as connect };

/** A page for settings has this one: what it shows is loaded with it. */
class Privacy extends Base {
  /** @type {(() => void) | undefined} */
  refresh;
  async connectedCallback() {
    this.refresh ??= await import('./privacy_panel.js').then(({ draw }) => {
      const root = shadow(this, ':host{display:block}');
      return () => draw(root, { make, now, title, say });
    });
    if (this.isConnected) join(this);
  }
  disconnectedCallback() {
    leave(this);
  }
}

if (globalThis.customElements && !customElements.get('vitrine-shelf')) {
  customElements.define('vitrine-shelf', Shelf);
  customElements.define('vitrine-why', Why);
  customElements.define('vitrine-privacy', Privacy);
}
