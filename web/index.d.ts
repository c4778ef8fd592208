/* Types of the package, kept by hand. docs/javascript.md says what the calls do. */

declare global {
  // As in TypeScript's own library from ES2023 on; repeated so that older settings can read this file.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

export const VERSION: string;
/** SHA-256 of the three wasm files of this release, in hex. */
export const WASM_SHA256: { plain: string; simd128: string; relaxed: string };

export class VitrineError extends Error {
  constructor(code: string, message: string, more?: { hint?: string; cause?: unknown });
  /** Stable: 'html_instead', 'bad_checksum', 'csp_wasm_blocked', ... */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string;
  /** Where docs/errors.md speaks of it. */
  readonly docsUrl: string;
}

/** Fields the engine reads from an item given as an object. Others are the shop's own. */
export interface CatalogItem {
  item_id?: string | number;
  id?: string | number;
  title?: string;
  brand?: string;
  category?: string | readonly string[];
  price?: number | string | null;
  sale_price?: number | string | null;
  currency?: string;
  availability?: string | boolean;
  image_link?: string;
  link?: string;
  item_group_id?: string;
  tags?: string | readonly string[];
  sales?: number | string | null;
}

/** What `item(id)` gives when the catalog came as a file. */
export interface FileItem {
  item_id: string;
  title?: string;
  brand?: string;
  /** A path, levels joined by '/'. */
  category?: string;
  price?: number;
  currency?: string;
  availability: 'in_stock' | 'out_of_stock';
  image_link?: string;
  link?: string;
  item_group_id?: string;
  tags?: string[];
}

export type Bytes = ArrayBuffer | ArrayBufferView;
export interface FileAddress {
  url: string | URL;
  /** Hex; refused when the file differs. */
  sha256?: string;
  /** What `vitrine sign --new-key` printed; one of several is enough. A file that none of them signed is
   * refused. */
  publicKey?: string | string[];
  /** What happens to a file without a signature, or where it cannot be checked: 'require' refuses it. */
  unsigned?: 'require' | 'warn';
  /** Content version that was accepted last: an older file is refused. */
  minVersion?: number;
}

export type ConsentState = 'granted' | 'session' | 'denied';
export type Variant = 'plain' | 'simd128' | 'relaxed';
export type Placement =
  | 'for_you' | 'related' | 'bought_together' | 'cart_addons' | 'trending' | 'bestsellers' | 'new_arrivals' | 'recently_viewed'
  | 'more_like_this' | 'because_you_viewed';
export type Excludable = 'viewed' | 'cart' | 'wishlist' | 'purchased';
/** The rung of the chain that answered. */
export type Source = 'model' | 'item_knn' | 'content' | 'trending' | 'popular' | 'static' | 'new' | 'recent' | 'pinned';
export type Part = 'network' | 'neighbours' | 'content' | 'recent' | 'popularity';
export type EventType =
  | 'view_item' | 'select_item' | 'add_to_cart' | 'remove_from_cart' | 'add_to_wishlist'
  | 'remove_from_wishlist' | 'purchase' | 'refund' | 'rate' | 'dismiss' | 'view_item_list' | 'search'
  | 'view_cart' | 'begin_checkout' | 'rec_render' | 'rec_view' | 'rec_click' | 'rec_add_to_cart';

export interface Progress {
  phase: 'initiate' | 'download' | 'verify' | 'open' | 'ready';
  file: string;
  loaded: number;
  /** 0 when the host does not say. */
  total: number;
}

/** A store of the shop's own; the value is a text of some 100 KB at most. docs/storage.md says more. */
export interface StorageAdapter {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, text: string): unknown;
  delete(key: string): unknown;
}

export interface CreateOptions<Item extends object = FileItem> {
  /** A catalog may do without: likeness, newness and sales rank then. */
  model?: FileAddress | Bytes;
  /** `fromPage`: the products that the page's JSON-LD describes. */
  catalog?: FileAddress | Bytes | { items: readonly Item[] } | { fromPage: true };
  /** Item ids to list when nothing else can answer. */
  fallback?: readonly (string | number)[];
  /** 'indexeddb' */
  storage?: 'indexeddb' | 'memory' | StorageAdapter;
  /** 'auto' */
  consent?: 'auto' | ConsentState;
  /** A wasm file, or a folder ending in '/' that holds the three. */
  wasmUrl?: string | URL;
  wasmBinary?: Bytes;
  wasmModule?: WebAssembly.Module;
  /** 'auto': the fastest that this engine computes rightly. */
  variant?: 'auto' | Variant;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
  /** ms for each file; 20000 */
  timeout?: number;
  /** Reject with VitrineError instead of going on with warnings. */
  strict?: boolean;
  /** Let events of automated browsers teach, as tests need. */
  learnFromAutomation?: boolean;
  /** What the page says already; see docs/adapters.md. */
  sources?: readonly ('dataLayer' | 'jsonld' | 'segment' | 'adobe' | 'shopify')[];
  /** How much this visitor's answers change the ranking beyond the model, 0 to 1 (docs/learning.md); 0 */
  learn?: boolean | number;
  /** Words for reasons: `reason.text`. */
  templates?: Templates<Item>;
  /** How long a click on a shelf counts for it, 0 to 365; 7 */
  attributionDays?: number;
}

/** By kind of reason, with {title} of the item and {source} of the item it comes from; `default` for the rest. Or a function;
 * items are undefined when the catalog does not know them, source is null when there is none. */
export type Templates<Item extends object = FileItem> = { [kind in ReasonKind | 'default']?: string }
  | ((reason: Reason, item: Item | undefined, source: Item | undefined | null) => string | undefined);

export interface EventItem {
  item_id?: string | number;
  id?: string | number;
  quantity?: number;
  price?: number;
  rating_value?: number;
  best_rating?: number;
  [field: string]: unknown;
}
export interface EventData extends EventItem {
  items?: readonly EventItem[];
  /** ms since 1970, ISO text or Date; now when left out. */
  time?: number | string | Date;
}

export interface Tracked {
  learnt: boolean;
  event_ids: string[];
  /** Items without an id, past the 200th, or not in the catalog. */
  skipped: number;
  why?: 'no_model' | 'no_evidence' | 'consent' | 'automation' | 'hidden' | 'flood';
}

export interface RecommendOptions extends Rules {
  /** 'for_you' */
  placement?: Placement;
  seeds?: readonly (string | number)[];
  /** 12 */
  limit?: number;
  /** ['purchased', 'cart'] */
  exclude?: readonly Excludable[];
  /** Only these, as on a category page. */
  candidates?: readonly (string | number)[];
  /** A reason with every item, in the words of the templates if there are any. */
  explain?: boolean | { templates: Templates<any> };
  /** 0 to 1: how much unlikeness to the items above counts; 0 */
  diversity?: number;
  /** Items of one value at most, for up to four text fields: { brand: 2 }. */
  maxPer?: Record<string, number>;
  /** Nothing below this part of the best score: 0.05, 0.2, 0.5, or 0 to 1. */
  minRelevance?: 'low' | 'medium' | 'high' | number;
  /** An item seen so often without being taken up has sunk to a half; halfLife in seconds. */
  fatigue?: number | { views: number; halfLife?: number };
  /** Text fields that are the same as the last seed's: ['gender']. */
  mustMatch?: readonly string[];
  /** `cursor` of the page before: nothing it listed comes again. */
  cursor?: string | null;
  /** A label: the funnel counts by it. */
  experiment?: string;
}

/** docs/rules.md has the words. */
export interface Rules {
  /** Only items for which it is true. */
  filter?: Rule;
  /** Scores of items for which it is true are multiplied, from 1 up; 1.5 */
  boost?: readonly { when: Rule; mul?: number }[];
  /** The same, above 0 and up to 1; 0.5 */
  bury?: readonly { when: Rule; mul?: number }[];
  /** Position from 0. */
  pin?: readonly { item_id: string | number; position?: number }[];
  hide?: readonly (string | number)[];
}
export type RuleValue = string | number | boolean | { ctx: string; mul?: number; add?: number };
export type Rule =
  | { all: readonly Rule[] } | { any: readonly Rule[] } | { not: Rule }
  | { field: string; eq: RuleValue } | { field: string; in: readonly RuleValue[] } | { field: string; between: readonly [RuleValue, RuleValue] }
  | { field: string; less: RuleValue } | { field: string; greater: RuleValue } | { field: string; exists: boolean };

/** The part that weighed most, or the rung that listed the item. */
export type ReasonKind = Part | 'trending' | 'new' | 'static' | 'pinned';
export interface Reason {
  kind: ReasonKind;
  /** Of the score, 0..1. */
  share: number;
  source_item_id: string | null;
  event_id: string | null;
  /** With templates. */
  text?: string;
}
export interface Listed {
  item_id: string;
  score: number;
  /** From 1. */
  rank: number;
  /** With `explain: true`. */
  reason?: Reason;
}
export interface Result {
  rec_id: string;
  placement: string;
  source: Source;
  model_version: number;
  variant: Variant | 'none';
  latency_ms: number;
  /** As it was asked with. */
  experiment?: string;
  warnings: string[];
  /** For the next page; null when there is none. */
  cursor: string | null;
  items: Listed[];
}

export interface RerankOptions extends Rules {
  items: readonly (string | number)[];
  /** How many places an item may move; no bound when left out. */
  maxDisplacement?: number;
  /** The first ones that stay; 0 */
  keepTop?: number;
  /** Positions, from 0, whose items stay. */
  keep?: readonly number[];
  /** Labels for the result and the funnel. */
  placement?: string;
  experiment?: string;
}

/** When a promotion may stand. */
export type Condition =
  | { all: readonly Condition[] } | { any: readonly Condition[] } | { not: Condition }
  /** The item that the page is about. */
  | { context: Rule }
  /** At least so many (1) of the visitor's kept events, of a type, about items, so many seconds old at most. */
  | { did: { type?: string | readonly string[]; item?: Rule; within?: number; least?: number } }
  /** Seconds since 1970, '2026-11-27' or '2026-11-27T18:00Z'; from then on, and before then. */
  | { from: string | number } | { until: string | number }
  /** The chance of a purchase (`profile().intent`), both ends included; false where the model does not know. */
  | { intent: { least?: number; most?: number } };

/** An offer or a banner, and the items it is about. */
export interface Promotion {
  id: string;
  /** May test the item that the page is about: { ctx: field }. */
  target: Rule;
  /** Always, when left out. */
  when?: Condition;
}
export interface PromotionOptions {
  /** All that have an item in stock, when left out. */
  limit?: number;
  /** The item that the page is about. */
  context?: string | number;
  /** Labels for the result and the funnel; 'promotions' */
  placement?: string;
  experiment?: string;
}
export interface PromotionResult extends Omit<Result, 'items'> {
  items: {
    id: string;
    /** Above 1 the visitor cares for it more than most do. */
    appeal: number;
    /** Of the visitor's ranking, 0..1. */
    share: number;
    /** How many items it is about. */
    items: number;
    /** The one of them that ranks highest. */
    best_item_id: string;
    rank: number;
  }[];
}

export interface KeptEvent {
  event_id: string;
  type: EventType;
  item_id: string;
  /** ms since 1970, whole seconds. */
  time: number;
}
export interface Explanation {
  item_id: string;
  score: number;
  reason: Reason;
  parts: Record<Part, number>;
  /** Share of the score that goes when the named event is forgotten. */
  lost_without_event: number;
  event: KeptEvent | null;
}
/** What `vitrine replay` plays; docs/cli.md describes it. */
export interface Replay {
  schema: 'vitrine-replay/1';
  made_by: { version: string; variant: string };
  model: string;
  catalog: { hash: string; version: number; digest: number };
  events: { type: string; item_id: string; time: number }[];
  state: number[];
  profile: string;
  requests: { kind: 'rank' | 'popular' | 'similar'; limit: number; exclude?: number; item_id?: string; list: [string, number][] }[];
}

export interface Profile {
  events: KeptEvent[];
  affinities: { name: string; weight: number }[];
  /** The chance that this visit ends in a purchase, when the model was trained with it. */
  intent: number | null;
  /** How much of its bounds learning on the device has used, 0 to 1. */
  drift: number;
  /** The recurrent state. */
  state: Float32Array;
  consent: ConsentState;
  storage: StorageState;
}
export type StorageState = 'memory' | 'session' | 'closed' | 'open' | 'off';

/** docs/storage.md has the schema. */
export interface ExportedProfile {
  schema: 'vitrine-profile/1';
  exported_at: string;
  model: { version: number; hash: string };
  events: KeptEvent[];
  profile: string;
  settings: { consent: ConsentState };
}

export interface Forgotten {
  before: number;
  after: number;
  /** Whether the browser's storage confirmed it. */
  erased: boolean;
}

/** What became of the lists of one placement, on this device. */
export interface FunnelRow {
  placement: string;
  experiment?: string;
  render: number;
  view: number;
  click: number;
  /** Of items that were clicked on such a list before. */
  add_to_cart: number;
  purchase: number;
  /** By currency. */
  revenue: Record<string, number>;
}

export interface Metrics {
  variant: Variant | 'none';
  load_ms: number;
  bytes: { wasm: number; model: number; catalog: number; memory: number };
  results: number;
  funnel: FunnelRow[];
  attribution_days: number;
  latency_ms: { last: number; median: number; p95: number };
  model: { version: number; hash: string; card: string };
  warnings: string[];
  /** What went wrong while loading. */
  errors: VitrineError[];
}

export interface Topics {
  result: Result;
  event: Tracked & { type: EventType; time: number; items: string[]; other_tab?: true };
  consent: { state: ConsentState; before: ConsentState };
  storage: { state: StorageState; error?: unknown; forgot?: Forgotten; skipped?: number; erased?: true };
  error: unknown;
}

export interface Consent {
  readonly state: ConsentState;
  /** 'denied' stops and wipes at once, unless `keep`. */
  set(state: ConsentState, options?: { keep?: boolean }): Promise<void>;
}

export interface Recommender<Item extends object = FileItem> {
  readonly consent: Consent;
  track(type: EventType | (string & {}), data?: EventData): Tracked;
  /** Resolves when all events are kept; false where nothing keeps them. */
  flush(): Promise<boolean>;
  recommend(options?: RecommendOptions): Promise<Result>;
  recommendSync(options?: RecommendOptions): Result;
  /** Several shelves; no item twice. */
  page(shelves: readonly RecommendOptions[]): Promise<Result[]>;
  rerank(options: RerankOptions | readonly (string | number)[]): Promise<Result>;
  rerankSync(options: RerankOptions | readonly (string | number)[]): Result;
  /** Which of the shop's offers or banners to show this visitor, the most appealing first. */
  promotions(list: readonly Promotion[], options?: PromotionOptions): Promise<PromotionResult>;
  explain(item_id: string | number): Promise<Explanation | null>;
  profile(): Profile;
  /** 'learning': what happened up to now teaches no more; the events stay. */
  forget(what: 'all' | 'learning' | { item_id: string | number } | { since: number | string | Date }): Promise<Forgotten>;
  export(options?: { replay?: false }): Promise<ExportedProfile>;
  /** For `vitrine replay`: the events, and what is listed for them, to the bit. */
  export(options: { replay: true }): Promise<Replay>;
  import(data: unknown): Promise<{ events: number; skipped: number }>;
  item(item_id: string | number): Item | undefined;
  items(): Generator<Item, void, unknown>;
  /** In place, seen by the next list; false: no such item. */
  update(change: { item_id: string | number; price?: number; availability?: string | boolean }): Promise<boolean>;
  /** A delta file of this catalog (`vitrine import --delta`): how many items changed; false: refused. Where the
   * catalog names a publicKey, the delta has to be signed, too. */
  update(delta: Bytes | FileAddress): Promise<number | false>;
  metrics(): Promise<Metrics>;
  on<Topic extends keyof Topics>(topic: Topic, fn: (detail: Topics[Topic]) => void): () => void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createRecommender<Item extends object = FileItem>(
  options: CreateOptions<Item>): Promise<Recommender<Item>>;
