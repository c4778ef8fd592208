/* One tag: <script type="module" src="auto.js" data-vitrine-model="...">. See docs/elements.md. */
import type { Recommender } from './index.js';

/** The page's recommender; null where no tag asks for one, or when it could not start. */
export const ready: Promise<Recommender<any> | null>;

/** Put the page's data-vitrine-rerank lists in order now; how many items moved. */
export function rerankGrids(recommender: Recommender<any>, within?: ParentNode): number;
