// @ts-check
// Kitchen, dining, coffee and tea. Each drawing: (palette, shape 0..3) -> SVG, after the four nouns
// of its leaf.

import { faint, flat, group, line, oval, path, rect, repeat, shadow } from './pen.js';

const steam = (x, y) => line(`M${x} ${y}c-8-10 8-16 0-28M${x + 16} ${y - 4}c-8-10 8-16 0-24`, '#ffffff', 4, faint(0.75));

function mug(c, v) {
  const handle = v === 3 ? '' : line(v === 2 ? 'M158 104c34-4 34 52 0 48' : 'M158 106c36-6 38 58-2 56', c.dark, 11);
  const body = ['M70 92h92v76c0 16-10 26-26 26h-40c-16 0-26-10-26-26z',
    'M74 92h84c8 22 10 58-6 84-6 14-14 18-26 18h-20c-12 0-20-4-26-18-16-26-14-62-6-84z',
    'M76 74h80l-8 106c-1 9-6 14-14 14h-36c-8 0-13-5-14-14z',
    'M78 76h76v104c0 9-5 14-14 14H92c-9 0-14-5-14-14z'][v];
  const [cx, cy, rx] = [[116, 92, 46], [116, 92, 42], [116, 74, 40], [116, 76, 38]][v];
  const band = v === 3 ? rect(78, 128, 76, 26, 0, c.pale, faint(0.75)) : v === 0 ? rect(70, 168, 92, 4, 2, c.deep, faint(0.25)) : '';
  return shadow(120, 118) + handle + path(body, 'b') + band + oval(cx, cy, rx, 11, c.light)
    + oval(cx, cy + 2, rx - 6, 8, '#6a4630') + oval(cx - 8, cy + 1, rx / 3, 3, '#a77c56', faint(0.7)) + steam(108, 66 + (cy > 80 ? 8 : -4));
}

function pan(c, v) {
  if (v === 2) {
    return shadow(120, 150) + line('M52 122c-18-2-18 26 2 24M188 122c18-2 18 26-2 24', c.dark, 10)
      + path('M54 112h132v52c0 20-12 30-30 30H84c-18 0-30-10-30-30z', 'b')
      + path('M50 112c0-24 34-36 70-36s70 12 70 36z', c.light) + rect(48, 107, 144, 11, 5, c.dark)
      + rect(108, 62, 24, 15, 7, 'a') + path('M70 104c6-12 24-18 40-19', 'none', ' stroke="#fff" stroke-width="4" stroke-linecap="round" opacity=".5"');
  }
  if (v === 3) {
    return group('rotate(-38 120 120)', line('M190 120h46', '#201810', 18, faint(0.1)),
      flat('M120 56a64 64 0 1 1 0 128a64 64 0 1 1 0-128z', c.dark), line('M184 120h50', c.deep, 16), oval(226, 120, 4, 4, c.wall),
      oval(120, 120, 54, 54, 'b'), oval(120, 120, 45, 45, c.base), path('M84 100c8-18 26-26 44-24', 'none', ' stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".28"'));
  }
  const deep = v === 1;
  return shadow(98, 140) + line('M160 138l66-26', '#201810', 15, faint(0.08)) + line('M158 134l68-26', 'a', 14)
    + path(deep ? 'M28 132h144v40c0 14-10 22-24 22H52c-14 0-24-8-24-22z' : 'M28 136h144c-6 34-24 58-50 58H78c-26 0-44-24-50-58z', 'b')
    + oval(100, deep ? 132 : 136, 72, 17, c.light) + oval(100, deep ? 135 : 139, 63, 12, c.deep) + oval(84, deep ? 134 : 138, 26, 4, '#ffffff', faint(0.15));
}

function knife(c, v) {
  const board = group('rotate(-32 120 120)', flat('M40 74h124c12 0 20 8 20 18v56c0 10-8 18-20 18H40c-12 0-20-8-20-18V92c0-10 8-18 20-18z', 'a'),
    line('M30 96h142M30 120h148M30 146h140', c.grain, 2, faint(0.3)), oval(36, 120, 7, 7, c.grain, faint(0.6)));
  const blade = ['M96 108h96c-2 16-18 30-44 32H96z', 'M112 112h58c-4 10-14 18-28 20h-30z',
    'M88 110h112c4 8 0 18-6 20H88z', 'M94 108h84c14 2 20 10 16 18l-20 14H94z'][v];
  const teeth = v === 2 ? repeat(9, (i) => oval(100 + i * 10.5, 131, 4.5, 3.5, c.shine)) : '';
  return board + group('rotate(-32 120 120) translate(6 4)', path(blade, '#201810', ' opacity=".16" transform="translate(3 6)"'),
    path(blade, c.metal), path(blade, '#ffffff', ' opacity=".45" transform="translate(0 -2) scale(1 .97)"'), teeth,
    rect(v === 1 ? 60 : 36, 107, v === 1 ? 56 : 62, 23, 10, '#201810', faint(0.15)), rect(v === 1 ? 58 : 34, 105, v === 1 ? 56 : 64, 22, 10, 'b'),
    oval(v === 1 ? 74 : 52, 116, 3, 3, c.pale), oval(v === 1 ? 94 : 78, 116, 3, 3, c.pale));
}

function plate(c, v) {
  const r = [80, 64, 76, 74][v];
  const disc = (radius) => `M120 ${122 - radius}a${radius} ${radius} 0 1 1 0 ${2 * radius}a${radius} ${radius} 0 1 1 0-${2 * radius}z`;
  const speckles = repeat(14, (i) => oval(120 + Math.round(Math.cos(i * 2.4) * (r - 10 - (i % 4) * 4)), 122 + Math.round(Math.sin(i * 2.4) * (r - 10 - (i % 4) * 4)), 1.5, 1.5, c.deep, faint(0.5)));
  const inner = v === 2 ? oval(120, 122, r - 16, r - 16, c.dark) + oval(120, 125, r - 22, r - 22, 'b') : oval(120, 122, r - 18, r - 18, c.dark, faint(0.55)) + oval(121, 123, r - 20, r - 20, 'b');
  const cutlery = v === 1 ? group('translate(206 60)', line('M0 0v28M-6 0v22c0 8 12 8 12 0V0M0 30v92', c.steel, 4)) + group('translate(34 60)', path('M-4 0c8 0 9 34 6 58h-6z', c.metal), line('M0 60v62', c.steel, 5)) : '';
  return cutlery + flat(disc(r), 'b') + oval(120, 122, r - 3, r - 3, c.light, faint(0.5)) + inner + speckles
    + line(`M${120 - r * 0.62} ${122 - r * 0.5}c8-14 22-24 36-28`, '#ffffff', 4, faint(0.55));
}

function glass(c, v) {
  const rim = (x, y, rx) => oval(x, y, rx, rx / 5, '#ffffff', faint(0.45)) + oval(x, y, rx, rx / 5, 'none', ` stroke="${c.light}" stroke-width="2"`);
  const shine = (d) => line(d, '#ffffff', 5, faint(0.7));
  if (v === 1) {
    return shadow(120, 74) + path('M84 58h72c6 40-2 72-36 72s-42-32-36-72z', 'g') + path('M82 92c18 6 56 6 76 0-2 24-14 38-38 38s-36-14-38-38z', c.base, faint(0.75))
      + rect(117, 128, 6, 58, 3, 'g') + oval(120, 190, 34, 7, 'g') + oval(120, 190, 34, 7, 'none', ` stroke="${c.light}" stroke-width="1.5"`) + rim(120, 58, 36) + shine('M92 72c-2 16 0 28 6 38');
  }
  const one = (x, top, half, foot) => path(`M${x - half} ${top}h${half * 2}l-${half - foot} ${194 - top}h-${foot * 2}z`, 'g')
    + path(`M${x - half * 0.93} ${top + 44}h${half * 1.86}l-${half * 0.93 - foot} ${186 - top - 44}h-${foot * 2}z`, c.base, faint(0.55))
    + rim(x, top, half) + shine(`M${x - half + 10} ${top + 14}l${(half - foot) * 0.6} ${(180 - top) * 0.6}`)
    + repeat(v === 0 ? 5 : 0, (i) => line(`M${x - foot + 6 + i * (foot * 2 - 12) / 4} 126v62`, '#ffffff', 2, faint(0.35)));
  if (v === 2) return shadow(120, 84) + one(120, 56, 34, 29) + line('M134 40l-18 130', c.material, 5);
  if (v === 3) return shadow(120, 150) + one(158, 104, 32, 24) + one(86, 92, 36, 27);
  return shadow(120, 104) + one(120, 92, 46, 40);
}

function carafe(c, v) {
  if (v === 2) {
    return shadow(120, 112) + path('M106 84h28v20c0 14 40 34 40 64 0 18-12 26-28 26H94c-16 0-28-8-28-26 0-30 40-50 40-64z', 'g')
      + path('M74 148c24-8 68-8 92 0 6 10 8 14 8 20 0 18-12 26-28 26H94c-16 0-28-8-28-26 0-6 2-10 8-20z', c.base, faint(0.75))
      + oval(120, 60, 19, 19, 'b') + rect(110, 74, 20, 14, 4, c.dark) + line('M84 152c-6 8-6 16-4 24', '#ffffff', 5, faint(0.6));
  }
  if (v === 1 || v === 3) {
    const lean = v === 3;
    return shadow(116, 108) + line('M152 84c44 0 40 74-2 70', c.dark, 11)
      + path(lean ? 'M76 66h70l14-8-6 26c8 34 10 70 2 96-2 9-8 14-16 14H84c-8 0-14-5-16-14-8-34 0-76 8-114z' : 'M80 62h62l16-8-10 28c4 26 20 44 20 76 0 24-14 36-36 36H98c-22 0-36-12-36-36 0-36 18-54 18-96z', 'b')
      + oval(112, lean ? 66 : 62, lean ? 36 : 32, 7, c.dark) + line(lean ? 'M82 92c-6 26-6 52-2 76' : 'M84 110c-10 20-12 40-6 58', '#ffffff', 6, faint(0.4));
  }
  return shadow(120, 104) + path('M100 52h40l-4 50c2 16 32 36 32 68 0 16-10 24-26 24H98c-16 0-26-8-26-24 0-32 30-52 32-68z', 'g')
    + path('M82 138c20-6 56-6 76 0 8 12 10 20 10 32 0 16-10 24-26 24H98c-16 0-26-8-26-24 0-12 2-20 10-32z', c.base, faint(0.7))
    + oval(120, 52, 20, 5, '#ffffff', faint(0.7)) + rect(103, 84, 34, 10, 5, 'a') + line('M86 146c-6 10-6 18-4 28', '#ffffff', 5, faint(0.6));
}

function coffee(c, v) {
  if (v === 1) {
    return shadow(120, 112) + path('M70 54h100l-40 62v14l44 50c4 8 0 14-8 14H74c-8 0-12-6-8-14l44-50v-14z', 'g')
      + path('M84 158h72l20 22c4 8 0 14-8 14H74c-8 0-12-6-8-14z', '#5a3a28', faint(0.85)) + path('M78 58h84l-20 28H98z', c.paper)
      + path('M88 68h64l-12 18h-40z', '#7a5238') + path('M92 104h56l-8 20 8 20H92l8-20z', 'b') + line('M108 124h24', c.deep, 4);
  }
  if (v === 2) {
    return shadow(118, 100) + line('M150 78h30v62', c.ink, 11) + path('M84 70h68l-8 50H92z', 'b') + path('M152 72l18-6-14 24z', c.dark)
      + path('M90 124h56l14 70H76z', 'b') + rect(84, 118, 68, 10, 3, c.deep) + path('M82 70c2-14 18-20 36-20s34 6 36 20z', c.light) + oval(118, 46, 7, 7, c.ink)
      + line('M106 76l-4 40M104 132l-8 56M132 132l8 56', c.dark, 2, faint(0.6)) + line('M98 78l4 34', '#ffffff', 5, faint(0.5));
  }
  if (v === 3) {
    return shadow(120, 128) + rect(66, 52, 108, 142, 14, 'b') + rect(80, 100, 80, 74, 6, c.deep) + rect(104, 92, 32, 18, 4, c.metal)
      + path('M96 128h48l-4 42h-40z', c.paper) + line('M144 136c14 0 12 20-2 20', c.paper, 5) + rect(74, 176, 92, 10, 4, c.dark) + oval(92, 74, 8, 8, c.pale) + rect(112, 70, 46, 8, 4, c.pale) + line('M120 110v14', '#5a3a28', 3);
  }
  return shadow(118, 112) + line('M156 98c36-2 36 66 0 64', c.ink, 10) + rect(78, 76, 80, 118, 8, 'g') + rect(82, 116, 72, 74, 6, '#5a3a28', faint(0.9))
    + line('M80 92h76M80 150h76', 'b', 7) + rect(72, 184, 92, 11, 5, 'b') + rect(72, 68, 92, 14, 7, 'b') + line('M118 68V36', c.steel, 5) + oval(118, 34, 10, 10, 'a') + line('M90 100v74', '#ffffff', 5, faint(0.5));
}

function teapot(c, v) {
  const pot = line('M166 112c40-12 40 56-4 58', c.dark, 11) + path('M76 154c-30-4-36-40-50-48l14-8c20 6 24 24 40 30z', c.light)
    + path('M120 92c44 0 60 26 60 52 0 32-22 50-40 50h-40c-18 0-40-18-40-50 0-26 16-52 60-52z', 'b')
    + path('M88 98c4-14 18-18 32-18s28 4 32 18c-18 6-46 6-64 0z', c.light) + oval(120, 74, 9, 9, 'a') + line('M82 118c-8 14-8 30 0 46', '#ffffff', 6, faint(0.4));
  if (v === 3) {
    return shadow(110, 190) + group('translate(-14 6) scale(.86)', pot) + group('translate(166 134)', line('M44 12c18-2 18 28-4 28', c.dark, 6), path('M0 4h46c0 34-10 56-23 56S0 38 0 4z', 'b'), oval(23, 4, 23, 5, c.light), oval(23, 5, 19, 3.5, '#9a6a3c'));
  }
  const glassy = v === 2 ? path('M120 104c30 0 42 20 42 40 0 26-14 42-28 42h-28c-14 0-28-16-28-42 0-20 12-40 42-40z', '#ffffff', faint(0.28)) + rect(106, 92, 28, 62, 8, '#9a6a3c', faint(0.75)) : '';
  const band = v === 1 ? line('M62 152c30 10 86 10 116 0', c.pale, 5, faint(0.8)) : '';
  return shadow(120, 150) + pot + glassy + band;
}

function kettle(c, v) {
  const slim = v === 2;
  const body = slim ? 'M84 96h72l18 82c2 10-4 16-14 16H80c-10 0-16-6-14-16z'
    : v === 1 ? 'M76 104c6-12 20-16 44-16s38 4 44 16l20 70c3 12-4 20-16 20H72c-12 0-19-8-16-20z'
      : 'M120 92c40 0 66 30 66 66 0 24-14 36-32 36H86c-18 0-32-12-32-36 0-36 26-66 66-66z';
  const spout = slim ? line('M74 174c-30 0-20-58-46-76', c.dark, 9) : path('M66 128c-20-4-26-22-38-26l10-12c20 4 34 14 48 22z', c.light);
  const handle = slim ? line('M156 104c52-6 40 66 16 62', 'a', 10) : line('M76 100c0-70 88-70 88 0', 'a', 11);
  const whistle = v === 3 ? oval(30, 96, 8, 8, c.ink) : '';
  return shadow(120, 136) + spout + handle + path(body, 'b') + path(slim ? 'M92 96c2-10 12-14 28-14s26 4 28 14z' : 'M94 96c4-10 14-14 26-14s22 4 26 14z', c.light)
    + oval(120, slim ? 76 : 76, 8, 8, 'a') + whistle + rect(60, 184, 120, 4, 2, c.deep, faint(0.22)) + line(slim ? 'M92 112l-12 60' : 'M84 122c-10 16-12 30-8 44', '#ffffff', 6, faint(0.45));
}

export const table = { mug, pan, knife, plate, glass, carafe, coffee, teapot, kettle };
