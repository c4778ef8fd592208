// Vitrine in the peers' bench: the exact definition, the fastest variant. relaxed: true
import { vitrine } from './vitrine.mjs';
export default vitrine({ precision: 'exact' });
