// The exact definition in plain SIMD128.
import { vitrine } from './vitrine.mjs';
export default vitrine({ precision: 'exact', variant: 'simd128' });
