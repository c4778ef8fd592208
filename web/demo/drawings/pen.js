// @ts-check
// The strokes every drawing is made of. Canvas 240 x 240, light from the left, ground at y = 196.
// Fills: 'b' the item's colour, shaded; 'a' the material, shaded; 'g' glass; '#...' as written.

const fillOf = (fill) => (fill.length === 1 ? `url(#${fill})` : fill);

export const path = (d, fill, more = '') => `<path d="${d}" fill="${fillOf(fill)}"${more}/>`;
export const rect = (x, y, w, h, r, fill, more = '') =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fillOf(fill)}"${more}/>`;
export const oval = (x, y, rx, ry, fill, more = '') =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fillOf(fill)}"${more}/>`;
export const line = (d, stroke, width, more = '') =>
  `<path d="${d}" fill="none" stroke="${fillOf(stroke)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${more}/>`;
export const group = (transform, ...parts) => `<g transform="${transform}">${parts.join('')}</g>`;
export const faint = (opacity) => ` opacity="${opacity}"`;

/** Shadow of a thing that stands. */
export const shadow = (x, width, y = 197) =>
  `<ellipse cx="${x + 6}" cy="${y}" rx="${width / 2}" ry="${Math.max(5, width / 16)}" fill="#201810" opacity=".13"/>`;
/** Outline and shadow of a thing that lies flat. */
export const flat = (d, fill) =>
  path(d, '#201810', ' opacity=".11" transform="translate(5 8)"') + path(d, fill);

/** `count` copies of a stroke, `dx, dy` apart. */
export const repeat = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join('');

/** #rrggbb mixed with another: share 0 keeps the first. */
export function mix(one, other, share) {
  const part = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
  const digit = (at) => Math.round(part(one, at) * (1 - share) + part(other, at) * share)
    .toString(16).padStart(2, '0');
  return `#${digit(1)}${digit(3)}${digit(5)}`;
}
