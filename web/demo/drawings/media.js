// @ts-check
// Covers of records and of courses: abstract, one palette each, four kinds.

import { faint, flat, line, oval, path, rect, repeat } from './pen.js';

function cover(c, v) {
  const sleeve = rect(36, 36, 168, 168, 6, '#201810', faint(0.12)) + rect(32, 30, 168, 168, 6, 'b');
  const disc = oval(200, 114, 40, 76, '#2a2622') + oval(200, 114, 12, 22, c.pale);
  const art = [
    () => oval(116, 114, 58, 58, c.pale) + oval(116, 114, 40, 40, c.deep) + oval(116, 114, 20, 20, c.light),
    () => repeat(6, (i) => path(`M32 ${66 + i * 24}c28-${26 - i * 3} 56 ${20 + i * 2} 84 0s56-${22 - i * 2} 84 0v10c-28-22-56 22-84 0s-56 26-84 0z`, i % 2 ? c.pale : c.deep, faint(0.8))),
    () => path('M32 198l62-98 40 50 26-32 40 80z', c.deep) + oval(154, 76, 22, 22, c.cream) + path('M32 198l46-50 40 50z', c.light),
    () => repeat(9, (i) => rect(48 + (i % 3) * 48, 46 + Math.floor(i / 3) * 48, 38, 38, (i * 7) % 4 ? 4 : 19, [c.pale, c.deep, c.cream, c.light][(i * 5) % 4])),
  ][v % 4];
  return disc + sleeve + art() + line('M44 40v148', '#ffffff', 3, faint(0.25));
}

function course(c, v) {
  const card = rect(34, 52, 176, 140, 14, '#201810', faint(0.1)) + rect(30, 46, 176, 140, 14, 'b');
  const art = [
    () => repeat(5, (i) => rect(56 + i * 26, 150 - i * 18, 18, 18 + i * 18, 4, i % 2 ? c.pale : c.deep)),
    () => flat('M54 80c20-14 44-14 64 0v72c-20-14-44-14-64 0z', c.cream) + flat('M182 80c-20-14-44-14-64 0v72c20-14 44-14 64 0z', c.pale) + line('M64 96c14-6 28-6 42 0M64 112c14-6 28-6 42 0M130 96c14-6 28-6 42 0M130 112c14-6 28-6 42 0', c.deep, 3),
    () => repeat(7, (i) => oval([70, 112, 154, 176, 136, 92, 60][i], [84, 70, 84, 122, 152, 148, 122][i], 9, 9, i % 2 ? c.cream : c.deep)) + line('M70 84L112 70 154 84 176 122 136 152 92 148 60 122zM112 70l24 82M70 84l66 68', c.pale, 3),
    () => path('M118 66l66 28-66 28-66-28z', c.deep) + path('M82 112v26c20 18 52 18 72 0v-26l-36 16z', c.pale) + line('M184 94v38', c.cream, 4) + oval(184, 138, 6, 8, c.cream),
  ][v % 4];
  return card + art();
}

export const media = { cover, course };
