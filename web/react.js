// @ts-check
/* A hook for React 18 and later. On a server, and until a recommender is there, it gives what the
 * server gave, so that hydration finds what it expects. */
import { useEffect, useState } from 'react';

/** @param {any} recommender  a recommender, the promise of one, or null
 * @param {any} [options]  as of recommend()
 * @param {any} [initial]  the result to show until then, as the server made it
 * @returns {{ result: any, items: any[], ready: boolean, error: unknown }} */
export function useRecommendations(recommender, options = {}, initial = null) {
  const [state, set] = useState({ result: initial, ready: false, error: /** @type {unknown} */ (null) });
  const asked = JSON.stringify(options);
  useEffect(() => {
    let on = true;
    /** @type {(() => void)[]} */
    let off = [];
    (async () => {
      const v = await recommender;
      if (!v || !on) return;
      const ask = async () => {
        try {
          const result = await v.recommend(JSON.parse(asked));
          if (on) set({ result, ready: true, error: null });
        } catch (error) {
          if (on) set((before) => ({ ...before, error }));
        }
      };
      off = ['event', 'consent', 'storage'].map((topic) => v.on(topic, (/** @type {any} */ detail) =>
        (topic === 'event' ? detail.learnt : topic === 'consent' || detail.forgot || detail.erased) && ask()));
      await ask();
    })().catch((error) => on && set((before) => ({ ...before, error })));
    return () => {
      on = false;
      for (const stop of off) stop();
    };
  }, [recommender, asked]);
  return { ...state, items: state.result?.items ?? [] };
}
