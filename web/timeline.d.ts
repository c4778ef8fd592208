/* Types of 'vitrine/timeline', kept by hand: where the time goes until the first list. */

export interface Span {
  name: string;
  /** Milliseconds since the page began to load. */
  start: number;
  ms: number;
}

/** Watch from here on: call it before createRecommender(). Each span is an entry of performance, too, `vitrine:NAME`. */
export function watch(): {
  /** In the order they began, with what was fetched. */
  spans(): Span[];
  /** Give the browser's own functions back. */
  stop(): void;
};
