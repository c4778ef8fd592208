// Vitrine in the peers' bench: the exact definition, the fastest variant. relaxed: true
import { vitrine } from './vitrine.mjs';
// What that one imports, asked for at once and not when it is there.
import '../build/web/direct.js';
import '../build/web.place.js';
import './write-model.mjs';
export default vitrine({ precision: 'exact' });
