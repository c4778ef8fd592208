/* Listeners on what a page says already. See docs/adapters.md. */
import type { Recommender } from './index.js';

export type SourceName = 'dataLayer' | 'jsonld' | 'segment' | 'adobe' | 'shopify';
export const SOURCES: readonly SourceName[];

export interface AdapterOptions {
  /** counters: put rec_view and rec_click into the layer as view_item_list and select_item; off, and never under GPC. */
  dataLayer?: { name?: string; counters?: boolean };
  jsonld?: {};
  segment?: { name?: string };
  adobe?: {};
  /** The item of the catalog that a variant is. */
  shopify?: { itemOf?: (variant: string) => string };
}

/** Whom to tell. A recommender is one. */
export interface Target {
  track(type: string, data?: any): unknown;
  item(item_id: string): unknown;
}

/** Resolves to a function that stops listening. */
export function listen(target: Target | Pick<Recommender<any>, 'track' | 'item'>, sources: readonly SourceName[],
  more?: { options?: AdapterOptions }): Promise<() => void>;

/** Listen, and follow the page's consent tools when `consent` is 'auto'. What createRecommender does
 * with its options of these names. */
export function attend(recommender: Pick<Recommender<any>, 'track' | 'item' | 'consent'>, sources: readonly string[],
  consent: string): Promise<() => void>;

/** Fetch what attend() will load, while larger files come. */
export function ahead(sources: readonly string[], consent: string): void;

/** For a shelf the shop draws itself: rec_render at once, rec_view when half of it was visible for a second,
 * rec_click for clicks on elements that carry an item's id. Returns a function that ends it. */
export function observeShelf(element: Element, result: { rec_id: string },
  recommender: { track(type: string, data: { rec_id: string; items?: { item_id: string }[] }): unknown },
  options?: { /** 'data-item-id' */ attribute?: string }): () => void;
