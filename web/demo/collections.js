// @ts-check
// The departments of the shop. A catalog with categories has its own; one without gets collections
// by words of its titles, so that the same pages serve both.

const COLLECTIONS = [
  ['Christmas', /christmas|santa|reindeer|snow|advent|xmas|bauble/],
  ['Candles & Lanterns', /candle|t-?light|tealight|lantern|incense/],
  ['Mugs & Tea', /mug|teapot|tea ?set|cup\b|cups\b|tea ?cosy|coaster|saucer/],
  ['Cakes & Baking', /cake|bak(e|ing)|cupcake|muffin|jelly|cookie|biscuit|pantry|recipe/],
  ['Kitchen', /kitchen|spoon|fork|cutlery|knife|bowl|plate|dish|jug|apron|oven|colander|jar\b|napkin|lunch|bottle|glass/],
  ['Bags', /bag\b|bags\b|shopper|tote|purse|rucksack|backpack|suitcase/],
  ['Clocks & Signs', /clock|sign\b|plaque|doormat|mirror|frame|picture|poster/],
  ['Lights & Decorations', /light|lamp|garland|bunting|wreath|hanging|ornament|decoration|heart/],
  ['Paper & Desk', /card|paper|wrap|notebook|pencil|pen\b|sticker|stamp|tape|book|gift|ribbon|envelope|doily|doilies/],
  ['Toys & Games', /toy|doll|game|puzzle|jigsaw|dominoes|skittles|spaceboy|children|playhouse|dolly|bear|rabbit|bunny/],
  ['Jewellery', /necklace|bracelet|earring|ring\b|bangle|jewel|brooch|bead/],
  ['Garden', /garden|plant|flower|herb|watering|seed|bird|pot\b|parasol|umbrella|trug/],
  ['Bed & Bath', /cushion|blanket|towel|quilt|pillow|bath|soap|hot water|slipper|warmer/],
  ['Storage', /box|tin\b|tins\b|drawer|cabinet|rack|hook|hanger|storage|basket|crate|holder|tray|chest/],
];
export const REST = 'Curiosities';

/* Titles in capitals are read as if shouted. */
const shouted = (title) => (title.match(/\p{Lu}/gu) ?? []).length > 2 * (title.match(/\p{Ll}/gu) ?? []).length;
const quieter = (title) => (!shouted(title) ? title : title.toLowerCase().trim()
  .replace(/\s+/g, ' ').replace(/(^|[\s\-/&(])(\p{L})/gu, (all, gap, letter) => gap + letter.toUpperCase())
  .replace(/\b(Of|And|With|The|In|For|To|A|On)\b/g, (word, _, at) => (at > 0 ? word.toLowerCase() : word)));

/** An item as the pages show it: with title, department, leaf and price, whatever the catalog says.
 * @param {any} item */
export function presentable(item) {
  const title = quieter(item.title ?? item.item_id);
  const path = (item.category ?? '').split('/').filter(Boolean);
  const words = title.toLowerCase();
  const department = path[0] ?? COLLECTIONS.find(([, pattern]) => new RegExp(`\\b(?:${/** @type {RegExp} */ (pattern).source})`).test(words))?.[0] ?? REST;
  return {
    ...item, title, department, leaf: path[1] ?? '', brand: item.brand ?? '', tags: item.tags ?? [],
    words: `${words} ${(item.brand ?? '').toLowerCase()} ${(item.category ?? '').toLowerCase()} ${(item.tags ?? []).join(' ')}`,
  };
}
