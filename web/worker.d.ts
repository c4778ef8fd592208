/* The recommender in a worker of the page's own origin: the same calls, every answer a promise. */
import type { CreateOptions, FileItem, Recommender } from './index.js';
export { VERSION, VitrineError, WASM_SHA256 } from './index.js';

/** What answers with a promise already stays as it is, with all its forms. */
type Promised<Call> = Call extends (...args: any[]) => Promise<any> ? Call
  : Call extends (...args: infer Args) => infer Answer ? (...args: Args) => Promise<Answer> : never;

/** As `Recommender`; recommendSync and rerankSync are left out, items() resolves to an array. */
export type WorkerRecommender<Item extends object = FileItem> = {
  [Call in Exclude<keyof Recommender<Item>,
    'on' | 'consent' | 'items' | 'close' | 'recommendSync' | 'rerankSync' | typeof Symbol.asyncDispose>]: Promised<Recommender<Item>[Call]>;
} & Pick<Recommender<Item>, 'on' | 'consent' | 'close' | typeof Symbol.asyncDispose> & { items(): Promise<Item[]> };

export function createRecommender<Item extends object = FileItem>(
  options: CreateOptions<Item>): Promise<WorkerRecommender<Item>>;
