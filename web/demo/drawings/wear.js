// @ts-check
// Clothing, shoes and accessories: clothes lie flat, shoes stand.

import { faint, flat, group, line, oval, path, rect, repeat, shadow } from './pen.js';

const LONG = 'M88 46l-34 14c-8 4-12 10-14 20L18 182l30 8 22-82v92h100v-92l22 82 30-8-22-102c-2-10-6-16-14-20l-34-14c-10 12-54 12-64 0z';
const SHORT = 'M88 44L46 60 20 108l34 18 14-20v94h104v-94l14 20 34-18-26-48-42-16c-12 14-52 14-64 0z';

function jumper(c, v) {
  const ribs = rect(70, 186, 100, 14, 3, c.dark, faint(0.45)) + group('rotate(14 34 182)', rect(18, 174, 30, 13, 3, c.dark, faint(0.45))) + group('rotate(-14 206 182)', rect(192, 174, 30, 13, 3, c.dark, faint(0.45))) + repeat(12, (i) => line(`M${74 + i * 8.4} 188v10`, c.deep, 1.5, faint(0.4)));
  const knit = v === 0 ? repeat(3, (i) => repeat(6, (j) => line(`M${96 + i * 24} ${82 + j * 17}c-7 6-7 10 0 15c7-5 7-9 0-15`, c.dark, 2.5, faint(0.5)))) : v === 1 ? repeat(3, (i) => rect(70, 100 + i * 14, 100, 6, 0, c.pale, faint(0.7))) : '';
  const neck = v === 3 ? rect(94, 28, 52, 34, 9, c.light) + repeat(5, (i) => line(`M${102 + i * 9} 34v24`, c.dark, 1.5, faint(0.5))) : path('M88 46c10 12 54 12 64 0 2 8-8 24-32 24s-34-16-32-24z', c.dark) + path('M94 48c8 8 44 8 52 0 0 4-8 12-26 12s-26-8-26-12z', c.deep, faint(0.7));
  const open = v === 2 ? path('M100 52l20 48 20-48c-10 6-30 6-40 0z', c.wall) + line('M120 100v100', c.deep, 3, faint(0.5)) + repeat(4, (i) => oval(126, 116 + i * 22, 4, 4, c.material)) + line('M92 48l28 54 28-54', c.dark, 7) : '';
  return flat(LONG, 'b') + knit + ribs + (v === 2 ? open : neck) + line('M70 108v40M170 108v40', c.deep, 2, faint(0.35));
}

function tee(c, v) {
  const long = v === 1;
  const stripes = v === 3 ? repeat(8, (i) => rect(68, 86 + i * 14, 104, 5, 0, c.deep, faint(0.7))) : '';
  const pocket = v === 2 ? path('M134 92h26v24l-13 8-13-8z', c.dark, faint(0.5)) + line('M134 98h26', c.deep, 2, faint(0.5)) : '';
  return flat(long ? LONG : SHORT, 'b') + stripes + pocket + path('M88 44c12 14 52 14 64 0 0 8-10 22-32 22s-32-14-32-22z', c.dark) + path('M95 47c10 8 40 8 50 0-2 6-10 12-25 12s-23-6-25-12z', c.deep, faint(0.6))
    + (long ? '' : line('M24 106l32 16M216 106l-32 16', c.dark, 2, faint(0.6))) + line('M68 194h104', c.dark, 2, faint(0.6)) + line('M82 120c4 30 2 50-2 66M160 130c-2 24 0 40 4 54', c.dark, 2.5, faint(0.3));
}

function jacket(c, v) {
  const seam = line('M120 62v138', c.deep, 3, faint(0.7));
  const collar = path('M88 46l14-8h36l14 8-32 34z', c.dark) + path('M86 46l14-6 20 40-12 8zM154 46l-14-6-20 40 12 8z', c.light);
  const patch = (x, y, w, h) => rect(x, y, w, h, 3, c.light, faint(0.7)) + rect(x, y, w, h, 3, 'none', ` stroke="${c.dark}" stroke-width="1.5"`) + line(`M${x} ${y + 8}h${w}`, c.dark, 1.5);
  const buttons = repeat(5, (i) => oval(126, 96 + i * 22, 3.5, 3.5, c.material));
  const more = [repeat(5, (i) => line(`M70 ${92 + i * 22}c30 8 70 8 100 0`, c.dark, 2, faint(0.45))) + seam + line('M122 66v130', c.metal, 2.5, ' stroke-dasharray="3 4"') + collar,
    seam + buttons + patch(80, 88, 28, 30) + patch(78, 146, 34, 38) + patch(130, 146, 34, 38) + collar,
    path('M82 48c0-30 24-36 38-36s38 6 38 36c-14 16-62 16-76 0z', c.light) + path('M94 48c0-20 14-26 26-26s26 6 26 26c-10 10-42 10-52 0z', c.deep, faint(0.75)) + seam + line('M122 70v126', c.metal, 2.5, ' stroke-dasharray="3 4"') + line('M82 152l22-8M158 152l-22-8', c.deep, 4) + line('M108 62v26M132 62v26', c.cream, 2.5),
    seam + buttons + patch(80, 92, 30, 34) + patch(132, 92, 30, 34) + collar][v];
  return flat(LONG, 'b') + more + line('M70 108v50M170 108v50', c.deep, 2, faint(0.35)) + rect(70, 190, 100, 10, 2, c.dark, faint(0.35));
}

function trainer(c, v) {
  const sole = [path('M22 170h196c4 12-2 22-14 22H40c-12 0-20-8-18-22z', c.paper) + line('M28 182h184', c.base, 3), path('M22 168h196c4 14-2 24-14 24H40c-12 0-20-10-18-24z', c.material) + rect(24, 168, 192, 6, 2, c.paper),
    path('M20 172c40-8 60 4 100 0s70-10 100 0c4 12-4 20-16 20H40c-14 0-22-8-20-20z', c.paper) + line('M40 184h24M84 184h24M128 184h24M172 184h24', c.dark, 4), path('M22 174h196c4 10-2 18-14 18H40c-12 0-20-8-18-18z', c.paper)][v];
  const side = [line('M112 168l22-44M130 168l20-36M148 168l16-28', c.pale, 7), oval(92, 150, 15, 15, c.pale, faint(0.8)), path('M70 160c40 0 68-14 94-34-8 26-40 46-94 44z', c.pale), ''][v];
  return shadow(120, 196) + path('M30 172c-8-36-6-64 4-82 16 10 36 10 52-2 22 18 38 36 66 44 34 6 58 14 66 40z', 'b') + side
    + path('M30 172c-4-18-5-34-4-48 14 4 26 18 30 48z', c.dark) + path('M34 90c16 10 36 10 52-2l6 6c-14 20-44 22-60 8z', c.light) + path('M172 138c30 6 42 18 46 34h-52c-6-14-2-28 6-34z', c.dark, faint(0.6))
    + line('M100 104l-12 16M114 116l-12 16M128 126l-10 16M142 132l-8 16', c.paper, 5) + line('M84 92l-2 16', c.deep, 3) + sole;
}

function boot(c, v) {
  const leather = path('M70 48h66c2 40 0 62 12 74 26 6 60 12 64 50v6H58c2-50 16-80 12-130z', 'b');
  const sole = v === 1 ? path('M54 174h162v10c0 8-6 12-14 12l-6-6-10 6-12-6-12 6-12-6-12 6-12-6-12 6-12-6-12 6H66c-8 0-12-6-12-12z', c.ink) : v === 2 ? path('M56 174h158v6c-2 4-6 6-10 6H104l-6 10H60z', c.ink) : path('M54 174h162c2 12-4 20-14 20H106l-4-4-4 4H66c-10 0-14-8-12-20z', v === 0 ? c.ink : c.material);
  const parts = [path('M86 52h30c-2 26-4 48 4 66-14 8-28 4-34-2 4-22 4-42 0-64z', c.deep, faint(0.75)) + repeat(5, (i) => line(`M92 ${62 + i * 11}h22`, c.base, 2, faint(0.6))) + line('M74 44c-6-10 10-14 10 0', c.material, 5),
    repeat(5, (i) => line(`M${124 + i * 4} ${62 + i * 14}l16-4`, c.cream, 5)) + path('M66 150c20-6 30 8 28 26H58z', c.dark) + path('M166 132c26 6 44 18 46 42h-52c-4-18-2-32 6-42z', c.dark, faint(0.6)) + rect(66, 44, 74, 14, 7, c.dark),
    line('M98 60v92', c.metal, 3, ' stroke-dasharray="3 3"') + line('M68 100h70', c.dark, 4, faint(0.6)) + rect(120, 94, 16, 12, 3, c.material), repeat(6, (i) => line(`M${126 + (i > 3 ? (i - 3) * 10 : 0)} ${58 + i * 13}l14-3`, c.cream, 4)) + line('M150 122c-14 8-14 36-12 52', c.dark, 3, faint(0.5))][v];
  return shadow(130, 168) + leather + parts + path('M70 48h66v9H70z', c.dark) + line('M84 70c4 24 0 48-6 70', '#ffffff', 5, faint(0.22)) + sole;
}

const foot = 'M0-82c24 0 36 20 34 50-2 20-8 26-6 48 2 30-8 50-28 50s-28-20-28-50c0-22-6-30-8-50C-38-62-24-82 0-82z';

function sandal(c, v) {
  const one = (x, flip, tilt) => group(`translate(${x} 126) rotate(${tilt}) scale(${flip} 1)`, path(foot, '#201810', ' opacity=".12" transform="translate(5 7)"'), path(foot, v === 2 ? '#c9a06e' : 'a'), path(foot, '#ffffff', ' opacity=".2" transform="scale(.82 .88)"'),
    [line('M-38-38C-16-56 16-56 36-38M-30 2c16-10 44-10 58 0M0-52v54', c.base, 11), path('M-40-62c20-14 60-14 78 2 4 22 2 36-8 46-16-12-46-12-60 0-12-14-14-30-10-48z', 'b'), path('M-40-52c24-14 58-12 76 0v20c-20-14-54-14-76 0zM-34-8c20-14 46-14 64 0v20c-20-12-44-12-60 0z', 'b') + rect(16, -52, 14, 14, 3, c.metal) + rect(12, -10, 13, 13, 3, c.metal),
      line('M0-62L-32-12M0-62l32 50M-30 12c16 8 44 8 58 0', c.base, 10) + oval(0, -60, 7, 7, c.material)][v]);
  return one(74, 1, -6) + one(166, -1, 6);
}

function tote(c, v) {
  if (v === 2) return line('M84 96c0-70 72-70 72 0', c.dark, 8) + flat('M58 92h124c10 40 6 80-8 100-16 8-92 8-108 0-14-20-18-60-8-100z', 'b') + repeat(6, (i) => line(`M${62 + i * 23} 94c10 40 6 70-6 100`, c.pale, 2.5, faint(0.75))) + repeat(4, (i) => line(`M56 ${112 + i * 22}c40 8 88 8 128 0`, c.pale, 2.5, faint(0.75))) + rect(54, 86, 132, 13, 6, c.dark) + oval(92, 82, 15, 12, '#d9924e') + oval(120, 78, 15, 15, '#b5543c');
  const zip = v === 3 ? rect(50, 86, 140, 12, 5, c.material) + line('M58 92h124', c.cream, 2, ' stroke-dasharray="3 4"') : '';
  const motifs = v === 0 ? oval(120, 146, 22, 22, c.pale) + path('M98 146a22 22 0 0 1 44 0z', c.deep, faint(0.6)) : v === 1 ? rect(62, 160, 116, 8, 0, c.pale, faint(0.8)) + rect(62, 172, 116, 3, 0, c.pale, faint(0.8)) : '';
  return line('M88 96V72c0-42 64-42 64 0v24', v === 0 ? c.dark : 'a', 9) + flat('M54 88h132l10 106c0 6-4 8-8 8H52c-4 0-8-2-8-8z', 'b') + motifs + zip + line('M88 90v16M152 90v16', v === 0 ? c.deep : c.material, 9) + line('M66 104l-6 80', '#ffffff', 5, faint(0.3)) + (v === 3 ? line('M150 96l8 22', c.material, 5) : '');
}

function scarf(c, v) {
  const check = (x, y, w, h) => repeat(Math.floor(h / 22), (i) => rect(x, y + 6 + i * 22, w, 7, 0, c.pale, faint(0.6))) + repeat(2, (i) => rect(x + w * (0.22 + i * 0.4), y, 6, h, 0, c.deep, faint(0.35)));
  if (v === 2) return flat('M120 52c48 0 74 26 74 66s-26 70-74 70-74-30-74-70 26-66 74-66z', 'b') + oval(120, 108, 40, 26, c.deep) + oval(120, 112, 40, 26, c.wall, faint(0.35)) + repeat(11, (i) => line(`M${56 + i * 12.8} ${100 + Math.abs(5 - i) * -4 + 40}c4 14 4 22 2 34`, c.dark, 3, faint(0.4))) + line('M62 96c8-20 26-32 48-35', '#ffffff', 5, faint(0.35));
  const fringe = (x, w, y) => repeat(Math.floor(w / 7), (i) => line(`M${x + 4 + i * 7} ${y}v14`, c.base, 3));
  return fringe(74, 40, 186) + fringe(128, 42, 170) + path('M130 78h40v94h-42z', '#201810', ' opacity=".1" transform="translate(5 7)"') + path('M126 76h44v94h-42z', c.dark) + path('M70 80h46l-2 106H74z', 'b') + (v === 3 ? check(74, 82, 40, 104) + check(128, 82, 42, 88) : v === 0 ? rect(74, 156, 40, 8, 0, c.pale) + rect(74, 170, 40, 8, 0, c.pale) + rect(128, 142, 42, 8, 0, c.pale) : repeat(4, (i) => line(`M${80 + i * 9} 90v90`, c.dark, 2, faint(0.4))))
    + path('M58 74c0-28 28-40 62-40s62 12 62 40c0 24-30 34-62 34s-62-10-62-34z', 'b') + path('M84 70c2-14 16-20 36-20s34 6 36 20c-8 10-20 14-36 14s-28-4-36-14z', c.deep, faint(0.65)) + line('M66 84c14 12 34 16 54 16s42-4 54-18', c.dark, 3, faint(0.5)) + line('M66 66c6-14 22-22 40-24', '#ffffff', 4, faint(0.4));
}

function hat(c, v) {
  const short = v === 2;
  const rib = repeat(11, (i) => line(`M${62 + i * 11.6} 152v34`, c.deep, 2, faint(0.35)));
  const cable = v === 0 ? repeat(5, (i) => line(`M${78 + i * 21} 146c${(i - 2) * -2}-30 ${(2 - i) * 6}-56 ${(2 - i) * 10}-76`, c.dark, 3, faint(0.45))) : v === 3 ? rect(92, 160, 30, 18, 3, c.material) : repeat(3, (i) => line(`M${66 + i * 4} ${128 - i * 24}c30 10 78 10 ${108 - i * 8} 0`, c.pale, 6, faint(0.6)));
  return shadow(120, 140) + (v === 1 ? oval(120, 52, 25, 24, c.pale) + repeat(9, (i) => line(`M120 52l${(Math.cos(i * 0.7) * 25).toFixed(1)} ${(Math.sin(i * 0.7) * 24).toFixed(1)}`, c.dark, 1.5, faint(0.3))) : '')
    + path(short ? 'M58 158c0-52 24-82 62-82s62 30 62 82z' : 'M56 158c0-64 24-98 64-98s64 34 64 98z', 'b') + cable + rect(50, 146, 140, 48, 14, c.light) + rib + line('M76 120c4-22 14-36 28-42', '#ffffff', 5, faint(0.35));
}

export const wear = { jumper, tee, jacket, trainer, boot, sandal, tote, scarf, hat };
