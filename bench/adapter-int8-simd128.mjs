// The int8 definition in plain SIMD128.
import { vitrine } from './vitrine.mjs';
export default vitrine({ precision: 'int8', variant: 'simd128' });
