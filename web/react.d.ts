/* A hook for React 18 and later; safe to render on a server. */
import type { RecommendOptions, Listed, Recommender, Result } from './index.js';

export interface Recommendations {
  result: Result | null;
  items: Listed[];
  /** Whether the list was made in this browser; false for what the server gave. */
  ready: boolean;
  error: unknown;
}

/** The list follows the options and what the visitor does. Create the recommender once, outside of
 * components or in an effect, and hand over it, its promise or null. */
export function useRecommendations(recommender: Recommender<any> | Promise<Recommender<any> | null> | null | undefined,
  options?: RecommendOptions, initial?: Result | null): Recommendations;
