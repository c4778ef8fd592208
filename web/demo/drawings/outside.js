// @ts-check
// Garden and outdoors.

import { faint, flat, group, line, oval, path, rect, repeat, shadow } from './pen.js';

const blade = (x, y, tilt, length, fill) => group(`translate(${x} ${y}) rotate(${tilt})`, path(`M-7 0c-4-${length * 0.4} -2-${length * 0.8} 4-${length} 6 ${length * 0.2} 10 ${length * 0.6} 8 ${length}z`, fill));
const bush = (x, y, c) => [-64, -38, -14, 12, 36, 62].map((tilt, i) => group(`translate(${x} ${y}) rotate(${tilt})`, line('M0 0v-40', c.leafDark, 3), oval(0, -52, 13, 22, i % 2 ? c.leaf : c.leafDark), line('M0-36v-30', '#ffffff', 1.5, faint(0.25)))).join('');

function planter(c, v) {
  if (v === 3) return line('M120 0l-44 112M120 0l44 112', c.material, 3) + bush(120, 118, c) + path('M64 108h112c4 40-12 74-42 74h-28c-30 0-46-34-42-74z', 'b') + rect(60, 102, 120, 13, 6, c.light) + line('M82 128c0 16 6 30 14 40', '#ffffff', 5, faint(0.35)) + line('M170 120c18 20 10 40 22 62', c.leaf, 4) + oval(190, 176, 7, 11, c.leaf) + oval(180, 146, 7, 10, c.leafDark);
  if (v === 2) return shadow(120, 110) + line('M84 128l-12 68M156 128l12 68M80 160h80', 'a', 7) + bush(120, 100, c) + path('M72 96h96v52c0 12-8 18-18 18H90c-10 0-18-6-18-18z', 'b') + oval(120, 96, 48, 9, c.light) + oval(120, 97, 42, 6, '#5b4332') + line('M86 114v34', '#ffffff', 5, faint(0.4));
  const plant = v === 1 ? bush(120, 116, c) : [-26, -13, 0, 12, 25].map((tilt, i) => blade(120 + tilt * 0.9, 124, tilt * 0.9, 82 - Math.abs(tilt) * 0.9, i % 2 ? '#86a57c' : c.leafDark)).join('');
  return shadow(120, 104) + plant + path('M70 120h100l-12 66c-1 6-6 10-12 10H94c-6 0-11-4-12-10z', 'b') + rect(64, 108, 112, 20, 6, c.light) + repeat(v === 0 ? 6 : 0, (i) => line(`M${84 + i * 14} 134l${(2.5 - i) * 2} 56`, c.dark, 2.5, faint(0.4))) + line('M82 136l6 42', '#ffffff', 5, faint(0.35));
}

function can(c, v) {
  if (v === 3) return shadow(120, 84) + path('M90 108h60l10 74c1 8-4 14-12 14H92c-8 0-13-6-12-14z', 'b') + rect(104, 84, 32, 26, 4, 'a') + path('M84 60h58c8 0 14 6 14 14v12h-20c-10 0-14-8-26-8H84z', c.ink) + line('M142 88c6 10 4 18-2 26', c.ink, 6) + line('M96 124l-6 52', '#ffffff', 5, faint(0.45)) + repeat(5, (i) => oval(62 - (i % 3) * 10, 56 + i * 7, 2.5, 2.5, '#9fc3d8'));
  const tall = v === 1 || v === 2;
  return shadow(128, 130) + line(tall ? 'M108 172C74 150 70 88 30 70' : 'M100 168C72 152 64 116 34 102', c.dark, v === 2 ? 8 : 11) + group(tall ? 'translate(28 68) rotate(-24)' : 'translate(32 100) rotate(-24)', path('M6-11l-16-8v38l16-8z', v === 2 ? c.dark : 'a'))
    + line(v === 0 ? 'M104 98c6-52 72-52 78 0' : 'M168 110c48-14 44 66 0 64', 'a', 9) + path('M96 104h84l10 78c1 8-4 13-12 13H98c-8 0-13-5-12-13z', 'b') + oval(138, 104, 42, 8, c.light) + oval(138, 105, 34, 5, c.deep) + rect(89, 160, 98, 4, 2, c.deep, faint(0.25)) + line('M106 120l-5 54', '#ffffff', 6, faint(0.4));
}

function trowel(c, v) {
  const handle = rect(109, 118, 22, 88, 11, '#201810', ' opacity=".1" transform="translate(5 6)"') + rect(109, 118, 22, 88, 11, 'b') + oval(120, 194, 4, 4, c.pale) + rect(108, 118, 24, 12, 4, 'a');
  const head = [line('M120 120v-26', c.steel, 8) + path('M120 20c26 14 34 52 20 76h-40c-14-24-6-62 20-76z', c.metal) + path('M120 24c-20 16-26 48-16 70h16z', '#ffffff', faint(0.5)) + line('M120 44v48', c.steel, 3, faint(0.7)),
    line('M120 120V84', c.steel, 9) + line('M92 26v34c0 34 56 34 56 0V26M120 26v60', c.metal, 10) + line('M90 26v30', '#ffffff', 3, faint(0.6)),
    line('M120 120V52', c.steel, 9) + path('M114 60l-10-38 14 14 4 0 14-14-10 38z', c.metal),
    ''][v];
  if (v === 3) return group('rotate(24 120 120)', line('M112 108c-26 24-30 60-26 92', '#201810', 16, faint(0.1)), line('M110 104c-26 26-30 60-28 94', c.base, 16), line('M130 104c26 26 30 60 28 94', c.dark, 16), path('M126 112c-26-20-38-56-22-88 20 24 34 50 34 78z', c.metal), path('M116 110c20-14 32-34 32-60-12 4-32 28-40 50z', c.steel), oval(121, 106, 9, 9, 'a'));
  return group('rotate(24 120 120)', handle, head);
}

function tent(c, v) {
  const ground = shadow(120, 200) + line('M18 197h22M196 197h28', c.leaf, 4, faint(0.7));
  const pines = path('M196 196l14-44 14 44zM200 168l10-32 10 32z', c.leafDark, faint(0.55)) + path('M14 196l11-34 11 34z', c.leaf, faint(0.5));
  if (v === 1) return pines + ground + path('M26 194c4-70 44-112 94-112s90 42 94 112z', 'b') + path('M120 82c-10 30-16 70-16 112h-42c0-50 24-92 58-112z', c.light, faint(0.75)) + path('M98 194c0-40 8-62 22-62s30 22 30 62z', c.deep) + path('M98 194c0-40 8-62 22-62-6 18-8 38-8 62z', c.pale) + line('M26 194C60 90 92 82 120 82s62 12 94 112', c.dark, 3);
  if (v === 2) return pines + ground + path('M22 194c0-50 20-82 48-82h96c30 0 52 34 52 82z', 'b') + path('M22 194c0-50 20-82 48-82 26 0 46 32 46 82z', c.light) + path('M46 194c0-34 10-54 24-54s24 20 24 54z', c.deep) + path('M46 194c0-34 10-54 24-54-8 16-10 34-10 54z', c.pale) + line('M116 114c18 10 28 42 28 80M164 112c20 8 32 44 32 82', c.dark, 3, faint(0.6));
  const peak = v === 0 ? 66 : 78;
  return pines + ground + line('M14 194l40-40M226 194l-40-40', c.material, 2) + path(`M120 ${peak}L222 194H18z`, 'b') + path(`M120 ${peak}L18 194h58z`, c.light) + path(`M120 ${peak + 18}l-44 ${176 - peak}h88z`, c.deep) + path(`M120 ${peak + 18}l-44 ${176 - peak}h26z`, c.pale) + path(`M120 ${peak + 18}l44 ${176 - peak}h-18z`, c.pale, faint(0.7)) + line(`M120 ${peak - 12}v14`, c.material, 5) + (v === 3 ? path('M60 150c40 10 80 10 120 0l10 14c-44 12-96 12-140 0z', c.pale, faint(0.35)) : '');
}

function backpack(c, v) {
  const straps = line('M92 66c-34 14-40 70-32 106M148 66c34 14 40 70 32 106', c.deep, 12);
  const loop = line('M104 50c0-22 32-22 32 0', c.deep, 7);
  if (v === 3) return shadow(120, 116) + straps + path('M72 76h96l6 100c0 12-8 20-20 20H86c-12 0-20-8-20-20z', 'b') + rect(68, 46, 104, 34, 8, c.light) + rect(66, 58, 108, 9, 4, c.dark, faint(0.5)) + rect(108, 70, 24, 52, 3, c.material) + rect(104, 112, 32, 14, 4, c.steel) + rect(82, 138, 76, 44, 8, c.dark, faint(0.4)) + line('M86 148h68', c.pale, 3);
  if (v === 2) return shadow(116, 126) + straps + loop + path('M74 74c0-22 20-32 46-32s46 10 46 32v104c0 12-8 18-18 18H92c-10 0-18-6-18-18z', 'b') + path('M66 68c4-18 26-28 54-28s50 10 54 28l-4 28H70z', c.light) + rect(78, 124, 84, 58, 12, c.dark, faint(0.45)) + line('M96 84v34M144 84v34', c.material, 6) + rect(48, 182, 136, 16, 8, c.material);
  return shadow(120, 116) + straps + loop + path('M68 100c0-38 22-54 52-54s52 16 52 54v78c0 12-8 18-18 18H86c-10 0-18-6-18-18z', 'b') + path('M82 98c2-24 16-36 38-36s36 12 38 36', 'none', ` stroke="${c.deep}" stroke-width="3" opacity=".55"`)
    + rect(80, 122, 80, 60, 14, c.light) + path('M80 136c0-10 6-14 14-14h52c8 0 14 4 14 14v8H80z', c.dark, faint(0.35)) + (v === 0 ? rect(110, 138, 20, 16, 4, c.material) : line('M92 140h56', c.pale, 3)) + rect(104, 82, 32, 20, 4, c.material) + line('M80 104c0-16 6-28 16-36', '#ffffff', 5, faint(0.35));
}

function flask(c, v) {
  const shine = line('M100 106v66', '#ffffff', 6, faint(0.42));
  if (v === 3) return shadow(116, 100) + line('M148 110c34-2 34 52 0 50', c.steel, 9) + path('M78 84h72l-6 104c0 5-4 8-9 8H93c-5 0-9-3-9-8z', 'b') + rect(74, 74, 80, 15, 6, c.ink) + rect(104, 64, 22, 12, 4, c.ink) + rect(82, 172, 66, 9, 0, c.steel, faint(0.8)) + line('M94 102l3 58', '#ffffff', 6, faint(0.42));
  if (v === 1) return shadow(120, 78) + line('M108 52c0-22 24-22 24 0', c.ink, 6) + rect(104, 50, 32, 26, 5, c.ink) + path('M104 76h32c2 14 18 18 18 36v74c0 6-4 10-10 10H96c-6 0-10-4-10-10v-74c0-18 16-22 18-36z', 'b') + rect(86, 168, 68, 5, 0, c.pale, faint(0.6)) + shine;
  if (v === 2) return shadow(120, 72) + rect(98, 40, 44, 34, 7, 'a') + rect(90, 72, 60, 124, 12, 'b') + rect(90, 82, 60, 5, 0, c.dark) + oval(120, 138, 13, 13, c.pale, faint(0.75)) + path('M112 142l8-12 8 12z', c.deep) + shine;
  return shadow(124, 120) + rect(92, 44, 56, 42, 9, c.steel) + rect(92, 44, 20, 42, 9, c.metal) + rect(84, 84, 72, 112, 12, 'b') + rect(84, 96, 72, 6, 0, c.dark) + line('M156 112c22 0 22 54 0 54', c.ink, 8) + rect(84, 178, 72, 6, 0, c.steel, faint(0.7)) + path('M164 176h34l-3 18c0 2-2 2-3 2h-22c-2 0-3 0-3-2z', c.metal) + shine;
}

export const outside = { planter, can, trowel, tent, backpack, flask };
