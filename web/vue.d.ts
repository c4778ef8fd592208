/* A composable for Vue 3. */
import type { MaybeRefOrGetter, ShallowRef } from 'vue';
import type { RecommendOptions, Listed, Recommender, Result } from './index.js';

export interface Recommendations {
  result: ShallowRef<Result | null>;
  items: ShallowRef<Listed[]>;
  /** Whether the list was made in this browser; false for what the server gave. */
  ready: ShallowRef<boolean>;
  error: ShallowRef<unknown>;
}

export function useRecommendations(
  recommender: MaybeRefOrGetter<Recommender<any> | Promise<Recommender<any> | null> | null | undefined>,
  options?: MaybeRefOrGetter<RecommendOptions>, initial?: Result | null): Recommendations;
