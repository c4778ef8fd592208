// @ts-check
// Bed and bath, furniture, lighting, decor.

import { faint, flat, group, line, oval, path, rect, repeat, shadow } from './pen.js';

const folded = (y, height, fill, crease) => rect(48, y, 144, height, 12, fill) + line(`M56 ${y + height / 2}h116`, crease, 2, faint(0.45)) + rect(180, y + 2, 12, height - 4, 6, crease, faint(0.25));

function bedding(c, v) {
  const stripes = v === 1 || v === 3 ? repeat(6, (i) => rect(56 + i * 24, 134, 6, 58, 2, c.pale, faint(0.7))) : '';
  const pillow = (x, fill) => path(`M${x} 62c18 5 50 5 68 0 8-2 12 4 10 10-4 16-4 26 0 40 2 8-4 12-10 10-20-6-48-6-68 0-8 2-12-4-10-10 4-14 4-24 0-40-2-8 3-12 10-10z`, fill);
  return shadow(120, 176) + rect(34, 84, 172, 100, 10, 'a') + pillow(46, c.paper) + pillow(126, c.pale)
    + path('M30 108c40-10 140-10 180 0v78c0 6-4 10-10 10H40c-6 0-10-4-10-10z', 'b') + stripes
    + path('M30 108c40-10 140-10 180 0v22c-40-10-140-10-180 0z', c.light) + line('M64 146c8 14 8 28 2 46M150 142c8 16 8 30 4 50', c.dark, 3, faint(0.5));
}

function towel(c, v) {
  if (v === 1) return shadow(120, 150) + folded(154, 40, 'b', c.deep) + folded(120, 36, c.pale, c.dark) + folded(88, 34, c.light, c.dark);
  if (v === 3) return shadow(120, 150) + folded(146, 48, 'b', c.deep) + folded(100, 48, 'b', c.deep) + repeat(3, (i) => rect(66 + i * 12, 100, 5, 94, 1, c.pale, faint(0.8)));
  const w = v === 0 ? 96 : 72, x = 120 - w / 2, h = v === 0 ? 138 : 104;
  return rect(34, 50, 172, 9, 4, 'a') + oval(34, 54, 9, 9, 'a') + oval(206, 54, 9, 9, 'a')
    + rect(x + 5, 52, w, h + 8, 4, '#201810', faint(0.1)) + rect(x, 46, w, h, 5, 'b') + rect(x, h + 12, w, 10, 0, c.pale, faint(0.85)) + rect(x, h - 6, w, 4, 0, c.pale, faint(0.6))
    + repeat(Math.floor(w / 8), (i) => line(`M${x + 4 + i * 8} ${h + 46}v8`, c.base, 3)) + line(`M${x + w * 0.3} 60v${h - 60}M${x + w * 0.68} 66v${h - 72}`, c.dark, 3, faint(0.35));
}

function throwBlanket(c, v) {
  const pattern = [repeat(5, (i) => line(`M62 ${84 + i * 20}l14-8 14 8 14-8 14 8 14-8 14 8 14-8 14 8`, c.pale, 3, faint(0.7))),
    repeat(4, (i) => rect(60, 78 + i * 28, 120, 9, 0, c.pale, faint(0.55))) + repeat(5, (i) => rect(66 + i * 24, 64, 8, 118, 0, c.pale, faint(0.4))),
    repeat(3, (i) => rect(60, 126 + i * 16, 120, 6, 0, c.pale, faint(0.85))), repeat(9, (i) => line(`M${66 + i * 13.5} 66v112`, c.dark, 3, faint(0.4)))][v];
  const fringe = repeat(16, (i) => line(`M${63 + i * 7.6} 182v14`, c.base, 3.5));
  return rect(40, 50, 160, 12, 6, 'a') + rect(66, 58, 120, 130, 4, '#201810', faint(0.1)) + fringe + path('M60 56c0-10 8-14 16-14h88c8 0 16 4 16 14v126H60z', 'b') + pattern + path('M60 56c0-10 8-14 16-14h88c8 0 16 4 16 14v10H60z', c.light);
}

function armchair(c, v) {
  const legs = line('M70 176l-6 20M170 176l6 20', 'a', 8);
  if (v === 2) {
    return shadow(120, 150) + legs + path('M66 60c-6-16 10-26 30-26h48c20 0 36 10 30 26l-8 84H74z', 'b') + path('M58 66c-10 4-10 20-4 40l8 40h16V66c-4-8-12-6-20 0zM182 66c10 4 10 20 4 40l-8 40h-16V66c4-8 12-6 20 0z', c.light)
      + rect(46, 120, 30, 62, 14, 'b') + rect(164, 120, 30, 62, 14, c.dark) + rect(70, 134, 100, 26, 12, c.light) + rect(70, 154, 100, 26, 8, 'b') + oval(102, 80, 3, 3, c.deep, faint(0.6)) + oval(138, 80, 3, 3, c.deep, faint(0.6)) + oval(120, 100, 3, 3, c.deep, faint(0.6));
  }
  if (v === 3) {
    return shadow(120, 156) + legs + path('M48 118c0-44 32-62 72-62s72 18 72 62v34c0 20-10 30-24 30H72c-14 0-24-10-24-30z', 'b')
      + path('M74 124c0-28 20-42 46-42s46 14 46 42v16H74z', c.dark, faint(0.55)) + rect(68, 128, 104, 30, 15, c.light) + line('M60 120c0-30 18-48 44-52', '#ffffff', 5, faint(0.4));
  }
  if (v === 1) {
    return shadow(120, 170) + line('M60 150l-18 46M180 150l18 46M52 138h136', 'a', 9) + path('M78 54h84c10 0 16 6 15 16l-6 76H69l-6-76c-1-10 5-16 15-16z', 'b')
      + rect(60, 128, 120, 32, 14, c.light) + line('M40 112h26M174 112h26', 'a', 10) + line('M46 112v26M194 112v26', 'a', 7) + line('M80 84h80', c.dark, 2, faint(0.5)) + oval(120, 84, 4, 4, c.deep, faint(0.6));
  }
  return shadow(120, 160) + legs + rect(62, 58, 116, 96, 26, 'b') + rect(42, 106, 36, 74, 17, 'b') + rect(162, 106, 36, 74, 17, c.dark) + rect(70, 126, 100, 30, 13, c.light) + rect(70, 152, 100, 28, 8, 'b')
    + path('M96 84h46c6 0 10 4 10 10v30H90V94c0-6 2-10 6-10z', c.pale, faint(0.9)) + line('M74 78c2-6 6-9 12-10', '#ffffff', 5, faint(0.4));
}

function sideTable(c, v) {
  if (v === 1) return shadow(120, 176) + line('M66 134l-12 62M174 134l12 62M96 134l-4 52M144 134l4 52', 'a', 8) + oval(120, 130, 88, 20, c.dark) + oval(120, 124, 88, 20, 'b') + rect(96, 106, 44, 9, 2, c.paper) + rect(100, 98, 38, 9, 2, c.deep);
  if (v === 2) return shadow(120, 124) + line('M76 164v32M164 164v32', 'a', 9) + rect(64, 84, 112, 86, 8, 'b') + rect(58, 78, 124, 12, 5, 'a') + rect(76, 102, 88, 24, 4, c.light) + rect(76, 134, 88, 24, 4, c.light) + oval(120, 114, 5, 5, 'a') + oval(120, 146, 5, 5, 'a') + path('M138 78c-2-16 4-24 14-24s14 8 12 24z', c.pale);
  if (v === 3) return shadow(120, 128) + line('M80 102l76 92M160 102l-76 92', 'a', 8) + line('M108 150h24', c.grain, 6) + oval(120, 104, 70, 16, c.dark) + oval(120, 98, 70, 16, 'b') + oval(120, 98, 60, 11, c.light, faint(0.6)) + path('M100 94h22c0 0 0-16-11-16s-11 16-11 16z', c.paper);
  return shadow(120, 116) + line('M92 96l-16 98M148 96l16 98M120 100v88', 'a', 8) + oval(120, 98, 62, 16, c.dark) + oval(120, 91, 62, 16, 'b') + line('M70 90c10-6 24-8 40-9', '#ffffff', 4, faint(0.5)) + path('M130 86c-4-10-2-22 8-24 10 2 12 14 8 24z', 'a') + line('M138 62c-2-12-12-16-14-22M138 62c2-14 8-18 14-20', c.leafDark, 3) + oval(124, 42, 5, 9, c.leaf) + oval(152, 44, 5, 9, c.leaf);
}

const books = (x, y, c) => rect(x, y - 30, 8, 30, 1, c.deep) + rect(x + 9, y - 34, 9, 34, 1, c.paper) + rect(x + 19, y - 26, 7, 26, 1, c.material) + group(`rotate(12 ${x + 36} ${y})`, rect(x + 29, y - 30, 8, 30, 1, c.light));
const pot = (x, y, c) => rect(x, y - 14, 16, 14, 3, c.cream) + oval(x + 4, y - 22, 4, 9, c.leaf) + oval(x + 12, y - 23, 4, 10, c.leafDark) + oval(x + 8, y - 26, 4, 10, c.leaf);

function shelf(c, v) {
  if (v === 1) return rect(44, 96, 160, 9, 2, '#201810', faint(0.1)) + rect(40, 90, 160, 11, 3, 'b') + line('M66 101v22M174 101v22', 'a', 6) + books(56, 90, c) + pot(160, 90, c) + oval(128, 80, 10, 10, c.material) + rect(48, 160, 150, 9, 2, '#201810', faint(0.1)) + rect(44, 154, 150, 11, 3, 'b') + books(134, 154, c) + pot(64, 154, c);
  if (v === 3) return shadow(120, 120) + line('M82 44L66 196M158 44l16 152', 'a', 8) + repeat(4, (i) => rect(76 - i * 4, 74 + i * 34, 88 + i * 8, 9, 3, 'b')) + books(92, 108, c) + pot(136, 142, c) + books(80, 176, c) + oval(132, 66, 9, 9, c.deep);
  const wide = v === 2, x = wide ? 40 : 66, w = wide ? 160 : 108;
  return shadow(120, w + 16) + rect(x, 44, w, 152, 6, 'b') + repeat(3, (i) => rect(x + 9, 53 + i * 47, w - 18, 38, 3, c.deep, faint(0.35)) + rect(x + 9, 53 + i * 47, w - 18, 8, 3, c.deep, faint(0.15)))
    + (wide ? rect(116, 44, 9, 152, 0, 'b') : '') + books(x + 16, 91, c) + pot(x + w - 40, 91, c) + pot(x + 20, 138, c) + books(x + w - 60, 138, c) + books(x + 18, 185, c) + (wide ? oval(164, 174, 11, 11, c.material) : '');
}

function lamp(c, v) {
  const glow = (x, y, r) => oval(x, y, r, r * 0.8, c.glow, faint(0.4));
  if (v === 2) return shadow(112, 100) + glow(176, 106, 40) + oval(104, 190, 42, 9, 'b') + line('M104 188L84 116l60-54', 'a', 7) + oval(84, 116, 7, 7, c.deep) + group('rotate(38 150 66)', path('M128 78c0-22 10-34 24-34s24 12 24 34z', 'b'), rect(128, 76, 48, 6, 3, c.dark), oval(152, 84, 12, 6, c.glow));
  if (v === 3) return shadow(120, 104) + glow(120, 126, 66) + path('M106 112h28l10 72c1 8-4 12-10 12h-28c-6 0-11-4-10-12z', c.light) + path('M50 112c0-40 34-62 70-62s70 22 70 62c-40 8-100 8-140 0z', 'b') + oval(120, 114, 60, 7, c.glow, faint(0.9)) + line('M70 92c8-16 22-24 38-27', '#ffffff', 5, faint(0.45));
  if (v === 1) return shadow(120, 88) + glow(120, 118, 54) + rect(113, 104, 14, 78, 5, 'a') + oval(120, 188, 36, 9, 'a') + path('M72 112c0-34 20-56 48-56s48 22 48 56z', 'b') + rect(70, 108, 100, 8, 4, c.dark) + line('M88 94c4-12 10-19 20-23', '#ffffff', 5, faint(0.45));
  return shadow(120, 92) + glow(120, 112, 70) + path('M120 116c26 8 32 30 30 50-2 18-10 30-20 30h-20c-10 0-18-12-20-30-2-20 4-42 30-50z', 'b') + rect(115, 104, 10, 18, 3, c.steel) + path('M92 44h56l24 66H68z', c.cream) + path('M92 44h56l24 66H68z', 'a', faint(0.25)) + repeat(6, (i) => line(`M${97 + i * 9} 46l${(i - 2.5) * 8} 62`, '#b9a98c', 1.5, faint(0.5))) + line('M104 140c-6 12-6 24-2 36', '#ffffff', 5, faint(0.4));
}

function pendant(c, v) {
  const cord = (h) => line(`M120 0v${h}`, c.ink, 3) + rect(114, h - 12, 12, 16, 4, 'a');
  const light = (y, w) => path(`M${120 - w} ${y}h${w * 2}l38 ${238 - y}H${82 - w}z`, c.glow, faint(0.2));
  if (v === 1) return cord(72) + light(158, 66) + path('M64 74h112l12 84H52z', 'b') + oval(120, 158, 68, 12, c.glow) + oval(120, 74, 56, 9, c.light) + repeat(7, (i) => line(`M${72 + i * 16} 82l${(i - 3) * 3.4} 72`, c.dark, 2, faint(0.4)));
  if (v === 2) return rect(92, 40, 56, 12, 6, 'a') + line('M120 0v40', c.ink, 3) + light(130, 60) + path('M52 96c0-26 136-26 136 0 0 30-30 44-68 44s-68-14-68-44z', c.cream) + oval(120, 94, 68, 17, 'b') + oval(120, 90, 60, 11, c.light, faint(0.5));
  if (v === 3) return cord(66) + light(146, 72) + path('M44 146c0-50 34-80 76-80s76 30 76 80z', 'b') + oval(120, 146, 76, 13, c.dark) + oval(120, 147, 64, 9, c.glow) + line('M64 124c6-22 18-36 36-42', '#ffffff', 6, faint(0.4));
  return cord(62) + light(148, 72) + path('M106 62h28l64 86H42z', 'b') + oval(120, 148, 78, 13, c.dark) + oval(120, 149, 66, 9, c.glow) + line('M100 80l-36 52', '#ffffff', 5, faint(0.4));
}

const flame = (x, y) => oval(x, y - 12, 16, 20, '#ffe2a0', faint(0.45)) + path(`M${x} ${y - 26}c8 10 10 18 0 24-10-6-8-14 0-24z`, '#f6b14a') + line(`M${x} ${y}v7`, '#3b3630', 2.5);

function candle(c, v) {
  if (v === 2) return shadow(120, 86) + flame(120, 78) + rect(86, 84, 68, 110, 6, 'b') + oval(120, 85, 34, 8, c.light) + oval(120, 86, 22, 5, c.pale) + rect(74, 190, 92, 8, 4, 'a');
  if (v === 3) return shadow(120, 150) + flame(76, 104) + flame(120, 66) + flame(164, 124) + rect(58, 110, 36, 86, 5, c.light) + rect(102, 72, 36, 124, 5, 'b') + rect(146, 130, 36, 66, 5, c.dark) + oval(76, 111, 18, 4, c.pale) + oval(120, 73, 18, 4, c.light) + oval(164, 131, 18, 4, c.base);
  const lid = v === 0 ? rect(150, 178, 58, 14, 5, 'a') + rect(150, 176, 58, 6, 3, c.shine) : '';
  return shadow(120, 116) + lid + flame(112, 102) + rect(68, 90, 88, 104, 12, 'g') + rect(73, 112, 78, 78, 9, 'b') + oval(112, 112, 39, 7, c.pale) + oval(112, 91, 44, 8, 'none', ' stroke="#fff" stroke-width="3" opacity=".7"')
    + rect(86, 136, 52, 34, 3, c.paper) + line('M94 148h36M98 158h28', c.deep, 2.5, faint(0.7));
}

const twig = (x, y, bend, c, tone) => line(`M${x} ${y}c${bend / 3}-24 ${bend / 2}-40 ${bend}-64`, c.leafDark, 3) + repeat(5, (i) => group(`translate(${x + bend * (0.22 + i * 0.19)} ${y - 16 - i * 12}) rotate(${i % 2 ? 52 : -52})`, oval(0, -8, 5, 10, i % 2 ? c.leaf : tone)));

function vase(c, v) {
  if (v === 1) return shadow(120, 76) + line('M120 104c-2-26 4-38 2-56', c.leafDark, 3) + oval(122, 44, 12, 13, '#e9b7a5') + oval(122, 44, 5, 5, '#c9825f') + oval(108, 76, 6, 12, c.leaf, ' transform="rotate(-40 108 76)"') + path('M110 102h20l2 26c16 8 26 22 26 38 0 18-12 28-26 28h-24c-14 0-26-10-26-28 0-16 10-30 26-38z', 'b') + oval(120, 102, 10, 3, c.deep) + line('M94 158c0-8 4-16 10-20', '#ffffff', 5, faint(0.45));
  if (v === 2) return shadow(120, 86) + twig(116, 86, -34, c, '#86a57c') + twig(122, 86, 26, c, '#86a57c') + path('M100 84h40c2 30 24 34 18 74-2 22-8 36-20 36h-36c-12 0-18-14-20-36-6-40 16-44 18-74z', 'b') + oval(120, 84, 20, 5, c.deep) + line('M94 130c-6 18-4 36 2 50', '#ffffff', 5, faint(0.4));
  if (v === 3) return shadow(120, 104) + twig(122, 92, 22, c, '#86a57c') + path('M112 78h16v16c30 4 50 24 50 52 0 30-24 48-58 48s-58-18-58-48c0-28 20-48 50-52z', 'b') + oval(120, 146, 22, 20, c.wall) + path('M98 146a22 20 0 0 1 44 0a24 22 0 0 0-44 0z', c.deep, faint(0.4)) + oval(120, 78, 8, 2.5, c.deep);
  return shadow(120, 104) + twig(112, 92, -40, c, '#86a57c') + twig(120, 90, 4, c, '#a9bf9d') + twig(128, 92, 40, c, '#86a57c') + path('M102 88h36c2 12-6 20 10 34 22 18 24 72-10 72h-36c-34 0-32-54-10-72 16-14 8-22 10-34z', 'b') + oval(120, 88, 18, 5, c.deep) + repeat(v === 0 ? 4 : 0, (i) => line(`M${100 + i * 13} 128c-4 18-4 40 0 58`, c.dark, 2, faint(0.35))) + line('M88 148c-2 10 0 20 4 28', '#ffffff', 5, faint(0.45));
}

const art = (c, v, x, y, w, h) => [
  rect(x, y, w, h, 0, c.pale) + oval(x + w * 0.68, y + h * 0.28, w * 0.15, w * 0.15, '#e9a868') + path(`M${x} ${y + h * 0.62}c${w * 0.3}-${h * 0.26} ${w * 0.6}-${h * 0.06} ${w}-${h * 0.18}V${y + h}H${x}z`, c.base) + path(`M${x} ${y + h * 0.8}c${w * 0.3}-${h * 0.2} ${w * 0.7} ${h * 0.02} ${w}-${h * 0.08}V${y + h}H${x}z`, c.deep),
  rect(x, y, w, h, 0, c.cream) + path(`M${x + w * 0.2} ${y + h}v-${h * 0.42}a${w * 0.3} ${w * 0.3} 0 0 1 ${w * 0.6} 0v${h * 0.42}z`, c.base) + path(`M${x + w * 0.36} ${y + h}v-${h * 0.38}a${w * 0.14} ${w * 0.14} 0 0 1 ${w * 0.28} 0v${h * 0.38}z`, c.deep) + oval(x + w * 0.5, y + h * 0.18, w * 0.09, w * 0.09, '#e0a057'),
  rect(x, y, w, h, 0, c.paper) + oval(x + w * 0.4, y + h * 0.4, w * 0.24, w * 0.24, c.base) + rect(x + w * 0.42, y + h * 0.48, w * 0.38, h * 0.34, 3, c.deep, faint(0.85)) + line(`M${x + w * 0.16} ${y + h * 0.84}c${w * 0.2}-${h * 0.2} ${w * 0.4} ${h * 0.1} ${w * 0.68}-${h * 0.12}`, '#d99a5b', 4),
][v % 3];

function print(c, v) {
  const frame = (x, y, w, h, kind) => rect(x + 5, y + 8, w, h, 2, '#201810', faint(0.13)) + rect(x, y, w, h, 3, 'a') + rect(x + 7, y + 7, w - 14, h - 14, 1, c.paper) + art(c, kind, x + 17, y + 17, w - 34, h - 34);
  if (v === 3) return frame(32, 62, 82, 116, 1) + frame(126, 62, 82, 116, 0);
  if (v === 0) return rect(65, 48, 120, 156, 1, '#201810', faint(0.12)) + rect(60, 40, 120, 156, 1, c.paper) + art(c, 0, 72, 52, 96, 116) + line('M72 182h40', c.steel, 3, faint(0.6)) + rect(52, 34, 136, 8, 3, 'a') + rect(52, 194, 136, 8, 3, 'a');
  return frame(52, 32, 136, 172, v);
}

function clock(c, v) {
  const dial = (x, y, r) => oval(x, y, r, r, c.paper) + repeat(12, (i) => line(`M${(x + Math.sin(i * 0.5236) * r * 0.82).toFixed(1)} ${(y - Math.cos(i * 0.5236) * r * 0.82).toFixed(1)}L${(x + Math.sin(i * 0.5236) * r * 0.9).toFixed(1)} ${(y - Math.cos(i * 0.5236) * r * 0.9).toFixed(1)}`, c.ink, i % 3 ? 2 : 4))
    + line(`M${x} ${y}l${-r * 0.4} ${-r * 0.28}`, c.ink, 6) + line(`M${x} ${y}l${r * 0.34} ${-r * 0.58}`, c.ink, 4) + line(`M${x} ${y}l${r * 0.1} ${r * 0.6}`, '#c8643f', 2) + oval(x, y, 5, 5, c.ink);
  if (v === 2) return shadow(120, 160) + path('M44 194v-44c0-50 30-88 76-88s76 38 76 88v44z', 'b') + rect(36, 186, 168, 11, 4, 'a') + dial(120, 132, 46);
  if (v === 3) return shadow(120, 104) + line('M82 176l-14 20M158 176l14 20', 'a', 8) + oval(82, 70, 20, 18, 'a') + oval(158, 70, 20, 18, 'a') + line('M106 56c6-12 22-12 28 0', c.steel, 6) + oval(120, 126, 66, 66, 'b') + dial(120, 126, 53);
  const r = v === 0 ? 78 : 72;
  return oval(125, 128, r, r, '#201810', faint(0.13)) + oval(120, 120, r, r, v === 0 ? 'b' : 'a') + (v === 1 ? oval(120, 120, r - 7, r - 7, 'b') : '') + dial(120, 120, r - 14);
}

export const home = { bedding, towel, throw: throwBlanket, armchair, table: sideTable, shelf, lamp, pendant, candle, vase, print, clock };
