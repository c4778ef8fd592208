// @ts-check
// The shop's pictures, drawn by code: picture(item) is an SVG, pictureUrl(item) the same as a data
// URI. `image_link` says what to draw ("drawn:mug/sage/2": drawing, colour, shape). Items without
// one get a drawing that suits a word of their title, in a colour of their title or of their own.

import { table } from './drawings/table.js';
import { home } from './drawings/home.js';
import { outside } from './drawings/outside.js';
import { wear } from './drawings/wear.js';
import { play } from './drawings/play.js';
import { gifts } from './drawings/gifts.js';
import { media } from './drawings/media.js';
import { mix } from './drawings/pen.js';

const DRAWINGS = { ...table, ...home, ...outside, ...wear, ...play, ...gifts, ...media };

const COLOURS = {
  chalk: '#f4f0e8', oat: '#e4d8c3', sand: '#d6bc93', clay: '#c98d6c', rust: '#b0583a',
  mustard: '#dba63d', sage: '#9db091', moss: '#757f4c', forest: '#3f6251', mint: '#aed3bf',
  sky: '#9fc3d8', denim: '#5c7ea3', navy: '#34496b', plum: '#77496a', blush: '#e5b6aa',
  coral: '#e37e66', charcoal: '#53565a', black: '#34322f',
};
const MATERIALS = {
  oak: '#c79c69', walnut: '#82593d', ash: '#dcc4a0', beech: '#dcb687', maple: '#e2c49a',
  cork: '#c9a06e', rattan: '#cfa872', brass: '#c9a24c', copper: '#c17b55', steel: '#b4bbc0',
  aluminium: '#c3c9cd', 'cast iron': '#4c4c4e', leather: '#9a6a45', wood: '#c79c69',
};
/* Backgrounds, one for each drawing, so that a category looks like one shelf. */
const WALLS = ['#e9e3d8', '#dfe5dd', '#dde4e9', '#eddfd8', '#e4e0ea', '#ece5cf', '#dbe5e3', '#e8dde0'];

/* Starts of words in titles, in the order they are tried -> drawing. */
const WORDS = [
  [/t-?light|tealight|lantern|candle|incense/, 'candle'], [/teapot|tea set/, 'teapot'],
  [/mug|cup\b|cups\b/, 'mug'], [/cake|bak(e|ing)|cupcake|muffin|jelly|scone/, 'cake'],
  [/clock|watch/, 'clock'], [/hot water|bottle|flask/, 'flask'], [/jug|carafe|decanter/, 'carafe'],
  [/glass|tumbler/, 'glass'], [/plate|bowl|dish|tray|platter/, 'plate'],
  [/spoon|fork|cutlery|knife/, 'knife'], [/pan\b|cocotte|casserole|mould/, 'pan'],
  [/bag|shopper|tote|purse/, 'tote'], [/rucksack|backpack/, 'backpack'],
  [/umbrella|parasol/, 'umbrella'], [/cushion|pillow/, 'cushion'], [/blanket|throw|quilt/, 'throw'],
  [/towel|flannel|apron|tea ?towel/, 'towel'], [/scarf|shawl|pashmina/, 'scarf'],
  [/slipper|shoe|sandal|flip/, 'sandal'], [/hat\b|cap\b|cosy/, 'hat'], [/chair|stool|seat/, 'armchair'],
  [/drawer|cabinet|shelf|rack|hanger|hook|cupboard/, 'shelf'], [/table\b|desk/, 'table'],
  [/lamp|light|lights/, 'lamp'], [/chandelier|shade/, 'pendant'],
  [/necklace|bracelet|earring|ring\b|bangle|jewel|brooch|bead/, 'jewel'],
  [/christmas|bauble|reindeer|snow|santa|advent/, 'bauble'],
  [/bunting|garland|paper chain|party/, 'bunting'], [/heart|wreath|love/, 'heart'],
  [/tin|jar|canister|storage|pot\b|box|chest|crate/, 'tin'], [/basket|trug/, 'basket'],
  [/vase|flower|rose|daisy/, 'vase'], [/plant|garden|herb|seed/, 'planter'], [/watering/, 'can'],
  [/sign|frame|picture|print|poster|mirror|board|wall art/, 'print'],
  [/notebook|book|diary|journal/, 'notebook'], [/pen\b|pens\b|pencil|crayon|chalk/, 'pen'],
  [/puzzle|jigsaw|dominoes|game|cards?\b/, 'puzzle'], [/block|building|skittle|wooden/, 'blocks'],
  [/bear|doll|toy|rabbit|bunny|animal|spaceboy|dolly/, 'bear'], [/radio|speaker/, 'speaker'],
  [/doormat|mat\b|rug/, 'throw'], [/soap|bath/, 'towel'], [/decoration|hanging|ornament/, 'heart'],
];
const COLOUR_WORDS = [
  [/red|cherry|strawberry/, 'rust'], [/pink|rose/, 'blush'], [/blue|spaceboy/, 'denim'],
  [/green|lime/, 'sage'], [/white|cream|ivory/, 'chalk'], [/black/, 'black'], [/purple|lavender/, 'plum'],
  [/yellow|gold|sunflower/, 'mustard'], [/silver|grey/, 'charcoal'], [/retrospot|polka/, 'coral'],
  [/orange|copper|brown/, 'clay'], [/wood|natural|jute/, 'sand'], [/turq|mint|aqua/, 'mint'],
];
const PLAIN_COLOURS = ['sage', 'clay', 'denim', 'blush', 'mustard', 'sky', 'coral', 'oat', 'plum', 'mint'];

function hashOf(text) {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}

const startsWord = (pattern) => new RegExp(`\\b(?:${pattern.source})`);

/** What to draw for an item: { drawing, colour, shape }.
 * @param {{ item_id: string, title?: string, image_link?: string }} item */
export function motif(item) {
  const drawn = /^drawn:([a-z]+)\/([a-z]+)\/([0-3])$/.exec(item.image_link ?? '');
  if (drawn && DRAWINGS[drawn[1]] && COLOURS[drawn[2]])
    return { drawing: drawn[1], colour: drawn[2], shape: Number(drawn[3]) };
  const words = (item.title ?? '').toLowerCase(), hash = hashOf(item.item_id);
  const of = (table) => table.find(([pattern]) => startsWord(pattern).test(words))?.[1];
  return {
    drawing: of(WORDS) ?? 'gift',
    colour: of(COLOUR_WORDS) ?? PLAIN_COLOURS[hash % PLAIN_COLOURS.length],
    shape: (hash >>> 8) % 4,
  };
}

/** The base colour of an item as #rrggbb. */
export const colourOf = (item) => COLOURS[motif(item).colour];
/** The background its picture has. */
export const wallOf = (item) => WALLS[hashOf(motif(item).drawing) % WALLS.length];

function shades(base, fallback) {
  const light = mix(base, '#ffffff', 0.34), dark = mix(base, '#1c1512', 0.2);
  return { base: base ?? fallback, light, dark };
}

/** @param {{ item_id: string, title?: string, image_link?: string, tags?: string[] | string }} item */
export function picture(item) {
  const { drawing, colour, shape } = motif(item);
  const base = COLOURS[colour];
  const tags = typeof item.tags === 'string' ? item.tags.split(',') : item.tags ?? [];
  const words = tags.flatMap((tag) => [tag, ...tag.split(/[ -]/)]);
  const material = MATERIALS[words.find((word) => MATERIALS[word])] ?? MATERIALS.oak;
  const b = shades(base), a = shades(material), wall = wallOf(item);
  const palette = {
    base, light: b.light, dark: b.dark, deep: mix(base, '#17110d', 0.42), pale: mix(base, '#ffffff', 0.66),
    material, grain: a.dark, shine: a.light, wall,
    ink: '#3b3630', paper: '#fbf8f2', metal: '#c9ced2', steel: '#8d959b', cream: '#f6efe2',
    leaf: '#6f8f6a', leafDark: '#4f7057', glow: '#ffe2a0',
  };
  const ramp = (id, shade) => `<linearGradient id="${id}" x1="0" x2="1" y1="0" y2=".25">
<stop offset="0" stop-color="${shade.light}"/><stop offset=".42" stop-color="${shade.base}"/><stop offset="1" stop-color="${shade.dark}"/></linearGradient>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240"><defs>${ramp('b', b)}${ramp('a', a)}
<linearGradient id="g" x1="0" x2="1"><stop offset="0" stop-color="#fff" stop-opacity=".75"/><stop offset=".35" stop-color="${b.light}" stop-opacity=".5"/><stop offset="1" stop-color="${b.base}" stop-opacity=".72"/></linearGradient>
<radialGradient id="w" cx=".42" cy=".36" r=".85"><stop offset="0" stop-color="${mix(wall, '#ffffff', 0.5)}"/><stop offset="1" stop-color="${mix(wall, '#8a7f72', 0.06)}"/></radialGradient></defs>
<rect width="240" height="240" fill="url(#w)"/>${DRAWINGS[drawing](palette, shape)}</svg>`;
}

const urls = new Map();

/** The picture as a data URI; made once for each motif. */
export function pictureUrl(item) {
  let url = urls.get(item.item_id);
  if (!url) {
    /* Only what a URL in an attribute cannot hold is escaped: half the size of encodeURIComponent. */
    url = 'data:image/svg+xml,' + picture(item).replace(/\n/g, '').replace(/"/g, "'").replace(/[%#<>]/g, encodeURIComponent);
    urls.set(item.item_id, url);
  }
  return url;
}
