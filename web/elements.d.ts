/* <vitrine-shelf>, <vitrine-why>, <vitrine-privacy>. docs/elements.md says what they do. */
import type { Recommender } from './index.js';

/** Let the page's elements work for a recommender, now and when more of them come. Resolves to a
 * function that stops it. */
export function connect(recommender: Recommender<any> | Promise<Recommender<any>>): Promise<() => void>;

/** What the elements say: Object.assign(words, { why: 'Warum?' }). */
export const words: Record<string, string>;

/** Of `rec_render`, `rec_view`, `rec_click` and `rec_add_to_cart`, which bubble from a shelf. */
export interface RecDetail {
  rec_id: string;
  placement: string;
  source: string;
  /** index: the place, from 1. */
  items: { item_id: string; index: number }[];
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-shelf': HTMLElement;
    'vitrine-why': HTMLElement;
    'vitrine-privacy': HTMLElement;
  }
  interface HTMLElementEventMap {
    rec_render: CustomEvent<RecDetail>;
    rec_view: CustomEvent<RecDetail>;
    rec_click: CustomEvent<RecDetail>;
    rec_add_to_cart: CustomEvent<RecDetail>;
  }
}
