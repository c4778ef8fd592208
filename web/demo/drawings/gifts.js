// @ts-check
// For shops without pictures: what titles of gift shops most often name.

import { faint, flat, line, oval, path, rect, repeat, shadow } from './pen.js';

function cake(c, v) {
  const tiers = v % 2;
  return shadow(120, 150) + oval(120, 188, 86, 12, c.cream) + path('M104 190h32l8 8H96z', c.cream) + rect(58, 122, 124, 62, 10, '#e8c99a') + path('M58 130c0-6 4-10 10-10h104c6 0 10 4 10 10v16c-8 14-18 0-26 8s-16 12-24 0-16 8-24 2-16 6-24-4-18 10-26-6z', 'b')
    + (tiers ? rect(82, 76, 76, 48, 8, '#e8c99a') + path('M82 84c0-6 4-10 10-10h56c6 0 10 4 10 10v10c-8 10-14 0-20 6s-12 6-18-2-12 6-20 0-12 0-18-6z', c.light) : '') + repeat(3, (i) => oval(92 + i * 28, (tiers ? 68 : 114), 8, 8, '#c4483c') + line(`M${92 + i * 28} ${tiers ? 60 : 106}c2-6 6-8 8-8`, c.leafDark, 2));
}

function bunting(c) {
  const flags = [c.base, c.cream, c.deep, '#e0b25e', c.light];
  const row = (y, from) => line(`M10 ${y}c60 46 160 46 220 0`, c.ink, 2.5, faint(0.6)) + repeat(5, (i) => {
    const x = 24 + i * 42, top = y + [12, 29, 34, 29, 12][i];
    return path(`M${x} ${top}l32-${i < 2 ? -4 : i > 2 ? 4 : 0} -14 44z`, flags[(i + from) % 5]);
  });
  return row(46, 0) + row(118, 2);
}

function heart(c, v) {
  const shape = (x, y, s) => `M${x} ${y + 22 * s}c-10-${26 * s} -${50 * s}-${22 * s} -${50 * s} ${10 * s} 0 ${30 * s} ${32 * s} ${46 * s} ${50 * s} ${64 * s} 18-${18 * s} ${50 * s}-${34 * s} ${50 * s}-${64 * s} 0-${32 * s} -${40 * s}-${36 * s} -${50 * s}-${10 * s}z`;
  return line('M120 0v70', c.material, 3) + path('M120 62l-18-12v22zM120 62l18-12v22z', c.deep) + flat(shape(120, 74, 1.5), 'b') + (v % 2 ? repeat(12, (i) => oval(76 + (i % 4) * 29, 100 + Math.floor(i / 4) * 27, 4.5, 4.5, c.pale)) : line('M84 118c20 16 52 16 72 0', c.pale, 3, ' stroke-dasharray="6 6"')) + line('M62 102c-2-10 4-20 12-24', '#ffffff', 6, faint(0.45));
}

function tin(c, v) {
  return shadow(120, 120) + rect(70, 84, 100, 112, 10, 'b') + oval(120, 86, 50, 11, c.dark) + rect(66, 62, 108, 26, 8, c.light) + oval(120, 64, 54, 11, c.pale) + oval(120, 56, 9, 8, 'a') + rect(88, 118, 64, 44, 4, c.paper) + (v % 2 ? line('M98 134h44M104 146h32', c.deep, 4) : oval(120, 140, 13, 13, c.base) + oval(120, 140, 6, 6, c.deep)) + line('M80 100v84', '#ffffff', 5, faint(0.35));
}

function umbrella(c) {
  return line('M120 40v140c0 26-34 26-34 2', 'a', 7) + path('M24 118c4-50 44-82 96-82s92 32 96 82c-14-12-30-12-44 0-16-12-36-12-52 0-16-12-36-12-52 0-14-12-30-12-44 0z', 'b') + path('M120 36c-28 18-48 46-52 82 16-12 36-12 52 0z', c.pale, faint(0.75)) + path('M120 36c28 18 48 46 52 82 14-12 30-12 44 0-4-50-44-82-96-82z', c.dark, faint(0.55)) + oval(120, 34, 5, 6, c.deep);
}

function jewel(c, v) {
  if (v % 2) return flat('M60 60h120c8 0 14 6 14 14v96c0 8-6 14-14 14H60c-8 0-14-6-14-14V74c0-8 6-14 14-14z', c.cream) + repeat(2, (i) => line(`M${92 + i * 56} 88v16`, '#c9a24c', 3) + path(`M${92 + i * 56} 104l18 26-18 30-18-30z`, 'b') + path(`M${92 + i * 56} 104l-18 26h36z`, c.pale, faint(0.7)));
  return line('M58 40c0 70 30 104 62 104s62-34 62-104', '#c9a24c', 4) + repeat(6, (i) => oval(70 + i * 20, 108 + [0, 20, 30, 30, 20, 0][i], 5.5, 5.5, c.light)) + path('M120 144l24 26-24 34-24-34z', 'b') + path('M120 144l-24 26h48z', c.pale, faint(0.8)) + path('M120 170l-12 0 12 34z', '#ffffff', faint(0.3));
}

function bauble(c, v) {
  return line('M120 0v56', '#c9a24c', 2.5) + rect(108, 52, 24, 18, 4, '#c9a24c') + oval(126, 140, 66, 66, '#201810', faint(0.1)) + oval(120, 132, 66, 66, 'b') + (v % 2 ? repeat(3, (i) => line(`M58 ${114 + i * 20}c40 14 84 14 124 0`, c.pale, 5, faint(0.75))) : path('M120 94l10 26 28 2-22 18 8 28-24-16-24 16 8-28-22-18 28-2z', c.pale)) + oval(94, 104, 11, 16, '#ffffff', ' opacity=".4" transform="rotate(32 94 104)"');
}

function cushion(c, v) {
  const d = 'M52 48c40 12 96 12 136 0 8-2 12 4 10 12-12 40-12 84 0 124 2 8-4 12-10 10-40-12-96-12-136 0-8 2-12-4-10-10 12-40 12-84 0-124-2-8 3-14 10-12z';
  return flat(d, 'b') + (v % 2 ? repeat(5, (i) => line(`M${72 + i * 24} 60v122`, c.pale, 7, faint(0.65))) : path('M120 92c-6-16-32-12-32 8 0 18 20 28 32 40 12-12 32-22 32-40 0-20-26-24-32-8z', c.pale)) + line('M60 62c4 20 4 40 2 60', '#ffffff', 5, faint(0.3));
}

function basket(c) {
  return shadow(120, 150) + line('M66 110c0-92 108-92 108 0', 'a', 9) + path('M46 108h148l-14 78c-1 6-6 10-12 10H72c-6 0-11-4-12-10z', 'a') + repeat(4, (i) => line(`M${52 + i * 3} ${124 + i * 20}h${136 - i * 6}`, c.grain, 3, faint(0.6))) + repeat(7, (i) => line(`M${66 + i * 18} 114l${(3 - i) * 3} 78`, c.grain, 3, faint(0.45))) + path('M40 104h160v16c-14 12-26-4-40 8-14-12-26 4-40 4s-26-16-40-4c-14-12-26 4-40-8z', 'b') + repeat(6, (i) => oval(58 + i * 25, 113, 3.5, 3.5, c.pale));
}

function gift(c, v) {
  return shadow(120, 140) + rect(62, 102, 116, 94, 6, 'b') + rect(54, 82, 132, 28, 6, c.light) + rect(110, 82, 20, 114, 0, v % 2 ? c.cream : c.deep) + path('M120 82c-10-30-50-38-50-16 0 14 26 18 50 16zM120 82c10-30 50-38 50-16 0 14-26 18-50 16z', v % 2 ? c.cream : c.deep) + oval(120, 80, 10, 9, c.dark) + (v > 1 ? repeat(6, (i) => oval(80 + (i % 2) * 16 + (i > 2 ? 64 : 0), 128 + (i % 3) * 22, 4, 4, c.pale)) : '');
}

export const gifts = { cake, bunting, heart, tin, umbrella, jewel, bauble, cushion, basket, gift };
