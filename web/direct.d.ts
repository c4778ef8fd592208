/* Types of 'vitrine/direct', kept by hand: the engine without a page. */
import type { Bytes, FileAddress } from './index.js';

export interface Scored {
  item: number;
  score: number;
}

/** Items and kinds of event are numbers here; who: 0 the visitor, 1 a short profile for seeds. */
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
  /** One event into a profile, time in seconds. False when it was refused. */
  observe(who: number, item: number, kind: number, time: number, value: number): boolean;
  /** How many events a profile holds. */
  events(who: number): number;
  forgetAll(who: number): number;
  /** A byte for each item, 1: may be listed. Set before the first list; valid until the next call. */
  mask(all?: 0 | 1): Uint8Array;
  /** The best k for a profile, best first; exclude: flags of what the visitor did. */
  rank(who: number, exclude: number, k: number): Scored[];
  similar(item: number, exclude: number, k: number): Scored[];
  popular(exclude: number, k: number): Scored[];
  /** The given items in the visitor's order. */
  rerank(items: number[]): Scored[];
}

export interface DirectOptions {
  model: Bytes | FileAddress;
  catalog?: Bytes | FileAddress;
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
