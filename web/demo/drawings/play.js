// @ts-check
// Desk, play and audio.

import { faint, flat, group, line, oval, path, rect, repeat, shadow } from './pen.js';

function notebook(c, v) {
  const book = rect(71, 44, 108, 156, 8, '#201810', faint(0.13)) + rect(68, 40, 112, 152, 6, c.paper) + rect(64, 36, 112, 152, 8, 'b');
  const parts = [rect(152, 36, 8, 152, 0, c.deep, faint(0.8)) + rect(82, 64, 52, 30, 3, c.paper) + line('M90 75h36M90 84h24', c.steel, 2.5),
    path('M126 188v26l-7-7-7 7v-26z', '#b5543c') + rect(64, 36, 18, 152, 6, c.deep, faint(0.3)) + line('M98 64h56M98 74h34', c.pale, 4),
    repeat(4, (i) => rect(174, 56 + i * 30, 12, 22, 3, [c.pale, '#d9a24e', c.deep, c.material][i])) + rect(80, 60, 78, 60, 4, c.paper) + repeat(3, (i) => line(`M88 ${74 + i * 16}h62`, c.steel, 2, faint(0.7))) + line('M114 62v56', c.steel, 1.5, faint(0.5)),
    repeat(10, (i) => line(`M56 ${50 + i * 14}c6-7 14-6 16 2`, c.steel, 3.5)) + line('M100 140c14-40 30-52 52-62', c.pale, 4) + line('M96 120c20 6 36 2 52-14', c.pale, 4, faint(0.7))][v];
  const pencil = v === 3 ? group('rotate(24 190 120)', rect(186, 60, 12, 104, 2, 'a'), path('M186 164h12l-6 16z', c.cream), path('M190 174h4l-2 6z', c.ink), rect(186, 52, 12, 10, 3, '#d58d80')) : '';
  return group('rotate(-6 120 116)', book, parts, line('M74 50v124', '#ffffff', 4, faint(0.3))) + pencil;
}

function pen(c, v) {
  const body = rect(110, 40, 20, 104, 9, 'b');
  const parts = [path('M108 142h24l-8 34-4 14-4-14z', c.metal) + line('M120 160v22', c.ink, 2) + rect(107, 134, 26, 12, 4, 'a') + rect(108, 40, 24, 8, 4, 'a'),
    path('M111 142h18l-6 26h-6z', c.dark) + rect(116, 166, 8, 10, 3, c.steel) + rect(109, 92, 22, 7, 0, 'a') + line('M134 52v40', c.material, 5),
    path('M110 142h20l-7 30h-6z', 'a') + rect(115, 26, 10, 18, 4, 'a') + line('M135 50v44', c.material, 5) + rect(109, 132, 22, 8, 2, c.dark),
    path('M110 142h20l-8 28h-4z', 'a') + line('M120 170v14', c.ink, 3) + rect(114, 26, 12, 18, 3, c.pale) + repeat(4, (i) => rect(109, 112 + i * 7, 22, 3.5, 1, c.deep, faint(0.5)))][v];
  const scribble = line('M40 182c20-22 26 10 40-6s18-18 24 2', c.ink, 3, faint(0.55));
  return rect(34, 62, 126, 146, 4, '#201810', ' opacity=".07" transform="rotate(-5 100 130) translate(4 6)"') + rect(34, 62, 126, 146, 4, c.paper, ' transform="rotate(-5 100 130)"') + repeat(5, (i) => line(`M48 ${92 + i * 20}l94-8`, c.steel, 1.5, faint(0.3))) + scribble
    + group('translate(34 8) rotate(38 120 116)', rect(114, 46, 22, 130, 9, '#201810', faint(0.14)), body, parts, line('M115 52v78', '#ffffff', 4, faint(0.5)));
}

function organiser(c, v) {
  const pens = line('M88 110l-8-56', c.deep, 7) + line('M102 110l2-68', '#d9a24e', 6) + line('M116 110l10-52', c.steel, 6) + path('M78 54l3-12 5 11z', c.ink);
  if (v === 1) return shadow(120, 190, 178) + path('M24 128h192l-10 44c-1 5-4 8-9 8H43c-5 0-8-3-9-8z', 'b') + path('M24 128l22-26h148l22 26z', c.dark) + path('M36 126l16-18h136l16 18z', c.deep, faint(0.5)) + line('M66 122l78-16', c.material, 7) + line('M104 124l72-12', c.paper, 6) + line('M150 124l34-8', '#d58d80', 6);
  if (v === 2) return shadow(120, 172) + repeat(3, (i) => path(`M40 ${104 + i * 34}h160v22c0 5-3 8-8 8H48c-5 0-8-3-8-8z`, i === 1 ? c.light : 'b') + path(`M40 ${104 + i * 34}l20-12h120l20 12z`, c.deep, faint(0.55)) + path(`M70 ${102 + i * 34}l12-16h84l8 16z`, c.paper)) + line('M42 96v96M198 96v96', 'a', 6);
  if (v === 3) return shadow(120, 156) + line('M84 104c0-56 72-56 72 0', 'a', 10) + pens + path('M44 108h152l-8 80c0 5-4 8-9 8H61c-5 0-9-3-9-8z', 'b') + rect(44, 104, 152, 10, 4, c.light) + line('M120 116v76', c.dark, 4, faint(0.5)) + rect(134, 132, 40, 22, 4, c.paper, faint(0.9)) + line('M142 143h24', c.steel, 3);
  return shadow(120, 160) + pens + rect(66, 96, 66, 100, 7, 'b') + rect(66, 94, 66, 9, 4, c.light) + rect(132, 128, 66, 68, 7, c.dark) + rect(132, 126, 66, 9, 4, c.base) + rect(140, 108, 34, 22, 2, c.paper) + rect(148, 114, 34, 18, 2, '#e9d9a8') + rect(40, 154, 40, 42, 6, 'a') + line('M78 112v72', '#ffffff', 5, faint(0.35));
}

function bear(c, v) {
  const s = v === 3 ? 'translate(24 40) scale(.8)' : 'translate(0 4)';
  const scarfOrBow = v === 1 ? path('M88 118c20 8 44 8 64 0v12c-20 8-44 8-64 0z', '#b5543c') + path('M140 124l18 30-16 4-8-28z', '#b5543c') : v === 0 ? path('M120 126l-22-10v22zM120 126l22-10v22z', c.deep) + oval(120, 127, 6, 6, c.dark) : '';
  const cloth = v === 2 ? path('M60 132c40 16 80 16 120 0l20 62c-16-6-24 4-40 0s-24 4-40 0-24 4-40 0-24 6-40 0z', c.pale) + repeat(5, (i) => oval(82 + i * 19, 166 + (i % 2) * 12, 4, 4, c.base)) : '';
  return shadow(120, 120) + group(s, oval(82, 50, 20, 20, c.base), oval(158, 50, 20, 20, c.dark), oval(82, 51, 10, 10, c.pale), oval(158, 51, 10, 10, c.pale),
    v === 2 ? '' : oval(86, 184, 24, 15, c.base) + oval(154, 184, 24, 15, c.dark), v === 2 ? cloth : oval(120, 154, 48, 42, 'b') + oval(120, 158, 28, 28, c.pale, faint(0.85)) + oval(78, 142, 14, 26, c.base, ' transform="rotate(28 78 142)"') + oval(162, 142, 14, 26, c.dark, ' transform="rotate(-28 162 142)"'),
    v === 2 ? '' : oval(84, 186, 12, 8, c.pale) + oval(156, 186, 12, 8, c.pale), oval(120, 82, 52, 46, 'b'), oval(120, 98, 25, 19, c.pale), oval(102, 76, 5, 6, c.ink), oval(138, 76, 5, 6, c.ink), oval(104, 74, 1.6, 1.6, '#ffffff'), oval(140, 74, 1.6, 1.6, '#ffffff'), path('M112 91h16c0 6-5 9-8 9s-8-3-8-9z', c.ink), line('M120 100v6c-4 5-9 5-12 1M120 106c4 5 9 5 12 1', c.ink, 2.5), scarfOrBow);
}

function blocks(c, v) {
  const box = (x, y, s, fill, top) => rect(x, y, s, s, 4, fill) + path(`M${x} ${y + 4}l8-10h${s - 4}c4 0 4 2 2 4l-6 8h-${s - 4}c-2 0-4 0-4-2z`, top);
  if (v === 1) return shadow(120, 128) + rect(114, 44, 12, 140, 6, 'a') + repeat(5, (i) => rect(54 + i * 9, 168 - i * 25, 132 - i * 18, 26, 13, [c.deep, c.base, c.light, '#e0b25e', c.pale][i]) + line(`M${66 + i * 9} ${176 - i * 25}h${40 - i * 4}`, '#ffffff', 4, faint(0.35))) + oval(120, 44, 13, 13, 'a');
  if (v === 2) return shadow(120, 168) + rect(50, 122, 36, 74, 3, 'b') + rect(154, 122, 36, 74, 3, c.dark) + rect(86, 140, 68, 56, 3, 'a') + path('M102 196v-20a18 18 0 0 1 36 0v20z', c.deep, faint(0.7)) + path('M46 122l22-40 22 40zM150 122l22-40 22 40z', '#b5543c') + rect(86, 126, 18, 14, 2, c.pale) + rect(111, 126, 18, 14, 2, c.pale) + rect(136, 126, 18, 14, 2, c.pale) + rect(60, 138, 14, 18, 7, c.deep, faint(0.6)) + rect(165, 138, 14, 18, 7, c.deep, faint(0.6)) + line('M68 82V62l16 6-16 6', c.deep, 3);
  if (v === 3) return shadow(120, 190) + repeat(5, (i) => path(`M${28 + i * 17} 194v-${8 - i}a${92 - i * 17} ${104 - i * 17} 0 0 1 ${184 - i * 34} 0v${8 - i}z`, [c.deep, c.base, c.light, '#e0b25e', c.pale][i])) + path('M113 194v-8a7 10 0 0 1 14 0v8z', c.wall);
  return shadow(120, 170) + box(44, 138, 54, 'b', c.light) + box(104, 138, 54, 'a', c.shine) + path('M164 194l28-54 28 54z', c.deep) + box(76, 76, 54, c.pale, '#ffffff') + oval(103, 104, 14, 14, c.base) + path('M134 136a27 27 0 0 1 54 0z', '#e0b25e') + line('M60 166h22', c.pale, 6) + oval(131, 166, 11, 11, c.base) + path('M88 72l16-34 16 34z', '#b5543c');
}

const tile = 'M0 0h22c-6-14 26-14 20 0h22v22c14-6 14 26 0 20v22H42c6-14-26-14-20 0H0V42c14 6 14-26 0-20z';

function puzzle(c, v) {
  const piece = (x, y, fill, tilt = 0) => group(`translate(${x} ${y}) rotate(${tilt} 32 32)`, path(tile, '#201810', ' opacity=".12" transform="translate(4 6)"'), path(tile, fill), path(tile, 'none', ' stroke="#fff" stroke-width="2" opacity=".3"'));
  if (v === 3) return shadow(120, 150) + rect(48, 72, 144, 122, 6, 'b') + rect(40, 58, 160, 30, 6, c.light) + rect(66, 100, 108, 78, 4, c.paper) + path('M66 160l34-38 24 24 18-18 32 34v12c0 2-2 4-4 4H70c-2 0-4-2-4-4z', c.base, faint(0.8)) + oval(148, 118, 9, 9, '#e0b25e') + group('translate(150 150) rotate(14) scale(.7)', path(tile, c.deep), path(tile, 'none', ' stroke="#fff" stroke-width="2" opacity=".4"'));
  if (v === 2) return flat('M44 52h152c8 0 14 6 14 14v108c0 8-6 14-14 14H44c-8 0-14-6-14-14V66c0-8 6-14 14-14z', 'a') + oval(78, 92, 25, 25, c.grain, faint(0.7)) + oval(78, 90, 22, 22, 'b') + rect(132, 68, 50, 48, 6, c.grain, faint(0.7)) + rect(135, 68, 44, 44, 6, c.deep) + path('M78 128l30 48H48z', c.grain, faint(0.7)) + path('M78 130l26 42H52z', '#e0b25e') + path('M156 130l10 16 18 4-12 14 2 18-18-8-18 8 2-18-12-14 18-4z', c.light) + oval(78, 88, 5, 5, 'a') + oval(157, 90, 5, 5, 'a') + oval(78, 156, 5, 5, 'a') + oval(156, 156, 5, 5, 'a');
  if (v === 1) return piece(54, 54, 'b') + piece(122, 54, c.light) + piece(54, 122, c.pale) + piece(130, 132, c.deep, 12);
  return piece(38, 40, c.light, -8) + piece(118, 36, 'b', 10) + piece(70, 112, c.deep, 6) + piece(144, 128, '#e0b25e', -14);
}

function headphones(c, v) {
  const small = v === 2, cup = small ? 26 : 32;
  return shadow(120, 150) + line('M58 142C50 24 190 24 182 142', c.deep, 15) + line('M66 110C72 44 168 44 174 110', v === 3 ? c.material : c.light, 7) + line('M58 120v24M182 120v24', c.metal, 8)
    + rect(62 - cup / 2, 146 - cup, cup, cup * 2, cup / 2, 'b') + rect(62 + cup / 2 - 6, 150 - cup, 22, cup * 2 - 8, 11, c.ink) + rect(178 - cup / 2, 146 - cup, cup, cup * 2, cup / 2, c.dark) + rect(178 - cup / 2 - 16, 150 - cup, 22, cup * 2 - 8, 11, c.ink)
    + line(`M${54 - cup / 4} ${136 - cup / 3}v${cup * 0.9}`, '#ffffff', 4, faint(0.45)) + (v === 3 ? line('M56 180c0 24 60 10 64 34', c.ink, 4) : oval(184, 150, 4, 4, c.pale)) + (v === 1 ? line('M104 56h32', c.pale, 5) : '');
}

function speaker(c, v) {
  const cone = (x, y, r) => oval(x, y, r, r, c.ink) + oval(x, y, r * 0.86, r * 0.86, '#57524c') + oval(x, y, r * 0.42, r * 0.42, '#2b2825') + oval(x - r * 0.25, y - r * 0.3, r * 0.2, r * 0.12, '#ffffff', faint(0.3));
  const mesh = (x, y, w, h, r) => rect(x, y, w, h, r, c.dark) + repeat(Math.floor(h / 9), (j) => repeat(Math.floor(w / 9), (i) => oval(x + 7 + i * 9, y + 7 + j * 9, 1.6, 1.6, c.deep, faint(0.6))));
  if (v === 1) return shadow(120, 176) + rect(40, 62, 70, 132, 6, 'a') + rect(46, 68, 58, 120, 4, c.base) + cone(75, 146, 25) + cone(75, 94, 13) + rect(130, 62, 70, 132, 6, 'a') + rect(136, 68, 58, 120, 4, c.base) + cone(165, 146, 25) + cone(165, 94, 13);
  if (v === 2) return shadow(120, 176) + line('M74 98c0-44 92-44 92 0', 'a', 9) + rect(34, 92, 172, 102, 26, 'b') + mesh(50, 106, 110, 74, 16) + oval(184, 124, 9, 9, c.pale) + oval(184, 150, 9, 9, c.pale) + line('M181 124h6M184 121v6M181 150h6', c.deep, 2.5);
  if (v === 3) return shadow(120, 108) + path('M70 74c0-30 100-30 100 0v98c0 16-14 24-50 24s-50-8-50-24z', 'b') + mesh(74, 96, 92, 80, 6) + oval(120, 70, 47, 16, 'a') + oval(120, 69, 34, 10, c.shine) + oval(120, 68, 6, 2.5, c.ink) + line('M82 90v88', '#ffffff', 5, faint(0.3));
  return shadow(120, 124) + rect(66, 44, 108, 152, 12, 'a') + rect(74, 52, 92, 136, 8, 'b') + cone(120, 140, 36) + cone(120, 82, 18) + oval(156, 178, 3, 3, '#9fe0b0');
}

function turntable(c, v) {
  const wood = v === 1 || v === 3;
  return rect(27, 66, 196, 132, 10, '#201810', faint(0.12)) + rect(20, 54, 196, 132, 10, wood ? 'a' : 'b') + rect(20, 54, 196, 9, 5, '#ffffff', faint(0.25)) + oval(94, 120, 59, 59, wood ? c.shine : c.light) + oval(94, 120, 54, 54, '#2e2b28') + repeat(4, (i) => oval(94, 120, 24 + i * 8, 24 + i * 8, 'none', ' stroke="#55504a" stroke-width="1"'))
    + path('M94 120L54 88a51 51 0 0 1 24-17zM94 120l40 32a51 51 0 0 1-24 17z', '#ffffff', faint(0.09)) + oval(94, 120, 19, 19, wood ? 'b' : c.pale) + oval(94, 120, 3, 3, c.ink) + oval(186, 82, 15, 15, c.metal) + oval(186, 82, 8, 8, c.steel) + line('M186 82v52l-38 20', c.metal, 5) + group('rotate(28 146 156)', rect(136, 150, 20, 11, 3, c.ink)) + oval(188, 166, 8, 8, c.ink) + oval(164, 170, 4, 4, c.paper)
    + (v === 2 ? rect(160, 62, 10, 24, 3, c.deep) : '') + (v === 3 ? group('translate(150 150)', rect(36, 22, 50, 50, 2, c.light), oval(61, 47, 14, 14, c.deep)) : '') + rect(34, 184, 22, 9, 3, c.ink) + rect(180, 184, 22, 9, 3, c.ink);
}

export const play = { notebook, pen, organiser, bear, blocks, puzzle, headphones, speaker, turntable };
