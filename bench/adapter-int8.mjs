// The int8 definition, fastest variant. relaxed: true
import { vitrine } from './vitrine.mjs';
export default vitrine({ precision: 'int8' });
