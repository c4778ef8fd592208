// @ts-check
/* A composable for Vue 3: the list follows its options and what the visitor does. */
import { onScopeDispose, shallowRef, toValue, watchEffect } from 'vue';

/** @param {any} recommender  a recommender, the promise of one or null; or a ref of such
 * @param {any} [options]  as of recommend(), or a ref or a getter of them
 * @param {any} [initial]  the result to show until then, as the server made it */
export function useRecommendations(recommender, options = {}, initial = null) {
  const result = shallowRef(initial), items = shallowRef(initial?.items ?? []), ready = shallowRef(false);
  const error = shallowRef(/** @type {unknown} */ (null));
  // A server renders once and has nobody to follow.
  if (typeof window === 'undefined') return { result, items, ready, error };
  let turn = 0;
  /** @type {(() => void)[]} */
  let off = [];
  const stop = () => {
    turn++;
    for (const one of off.splice(0)) one();
  };
  watchEffect(async () => {
    stop();
    const mine = turn, given = toValue(recommender), asked = { ...toValue(options) };
    try {
      const v = await given;
      if (!v || mine !== turn) return;
      const ask = async () => {
        try {
          const answer = await v.recommend(asked);
          if (mine !== turn) return;
          result.value = answer;
          items.value = answer.items;
          ready.value = true;
          error.value = null;
        } catch (cause) {
          error.value = cause;
        }
      };
      off = ['event', 'consent', 'storage'].map((topic) => v.on(topic, (/** @type {any} */ detail) =>
        (topic === 'event' ? detail.learnt : topic === 'consent' || detail.forgot || detail.erased) && ask()));
      await ask();
    } catch (cause) {
      error.value = cause;
    }
  });
  onScopeDispose(stop);
  return { result, items, ready, error };
}
