/* Types of 'vitrine/direct', kept by hand: the engine without a page. */
import type { Bytes, FileAddress, RecommendOptions, Source } from './index.js';

export interface Placed {
  item: number;
  /** Of its rung, times what boosts it. */
  score: number;
  /** Where it came from. */
  rung: Source;
}

export interface Shelf {
  items: Placed[];
  /** Where the first of them came from. */
  source: Source;
}

/** Items and kinds of event are numbers here, save in what recommend() is asked. */
export interface Engine {
  readonly items: number;
  readonly memoryBytes: number;
  readonly modelHash: string;
  readonly modelVersion: number;
  /** The item with this id, -1 when there is none. */
  find(id: string): number;
  id(item: number): string;
  /** The kind of event with this name, -1 when there is none. */
  kindOf(name: string): number;
  /** One event of the visitor, time in seconds. False when it was refused. */
  observe(item: number, kind: number, time: number, value: number): boolean;
  /** How many events are kept. */
  events(): number;
  forgetAll(): number;
  /** A shelf as the page's recommend() fills it, by default 12 items for the visitor. */
  recommend(options?: Pick<RecommendOptions, 'placement' | 'limit' | 'exclude' | 'seeds' | 'candidates'>): Shelf;
  /** The given items, distinct and at most 1,000, in the visitor's order. */
  rerank(items: number[]): Placed[];
}

export interface DirectOptions {
  /** Or a promise of it: the engine is fetched while the file is made. */
  model: Bytes | FileAddress | Promise<Bytes | FileAddress>;
  catalog?: Bytes | FileAddress | Promise<Bytes | FileAddress>;
  /** Events a profile keeps one by one; usual: as in the page. */
  capacity?: number;
  wasmUrl?: string | URL;
  wasmModule?: WebAssembly.Module;
  wasmBinary?: Bytes;
  variant?: 'auto' | 'plain' | 'simd128' | 'relaxed';
  signal?: AbortSignal;
  timeout?: number;
}

/** Open an engine over a model. Rejects with a VitrineError or TypeError. */
export function openEngine(options: DirectOptions): Promise<{ engine: Engine; variant: 'plain' | 'simd128' | 'relaxed' }>;
