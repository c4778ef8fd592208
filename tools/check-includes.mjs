#!/usr/bin/env node
// Holds the arrows between the rooms: a file includes its own room and rooms below it, no others.
//
//   node tools/check-includes.mjs
//
// The order of the rooms is read from the table in docs/architecture.md, so the page cannot drift
// from the code. The core is further held to the few headers of C that need no operating system.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const CORE_LAST = 'rank';
const CORE_HEADERS = new Set(['assert.h', 'float.h', 'limits.h', 'stdalign.h', 'stdbool.h', 'stddef.h',
  'stdint.h', 'string.h', 'immintrin.h', 'wasm_simd128.h']);
/* Rooms that stand beside each other, though one comes later in the table. */
const APART = { wasm: ['engine'], data: ['wasm'], train: ['wasm'], eval: ['wasm'], cli: ['wasm'] };

/** The rooms in order, lowest first. */
export function roomsOf(page) {
  return [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
}

/** What is wrong with the includes of one file, a line each. `room` is null for public headers. */
export function strays(room, text, rooms) {
  const found = [], place = rooms.indexOf(room);
  const core = room === null || room === 'wasm' || place <= rooms.indexOf(CORE_LAST);
  for (const [, open, name] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)) {
    if (open === '<') {
      if (core && !CORE_HEADERS.has(name)) found.push(`<${name}> is not for the core`);
      continue;
    }
    const folder = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
    if (folder === 'vitrine') continue;
    if (!rooms.includes(folder)) found.push(`"${name}" is not a path from src/ into a room`);
    else if (room === null) found.push(`"${name}": a public header needs no room`);
    else if (rooms.indexOf(folder) > place) found.push(`"${name}" points up, from ${room} to ${folder}`);
    else if (APART[room]?.includes(folder)) found.push(`"${name}": ${room} does without ${folder}`);
  }
  return found;
}

/** Every stray include below `root`, as "file: what". */
export function check(root) {
  const rooms = roomsOf(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));
  const found = [];
  const look = (folder, room) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      if (!/\.[ch]$/.test(name)) continue;
      const text = readFileSync(join(root, folder, name), 'utf8');
      found.push(...strays(room, text, rooms).map((what) => `${folder}/${name}: ${what}`));
    }
  };
  look('include/vitrine', null);
  for (const entry of readdirSync(join(root, 'src'), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    if (rooms.includes(entry.name)) look(join('src', entry.name), entry.name);
    else found.push(`src/${entry.name}: a room that docs/architecture.md does not name`);
  }
  return { rooms, found };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { rooms, found } = check(fileURLToPath(new URL('..', import.meta.url)));
  for (const line of found) console.error(line);
  console.log(`${rooms.length} rooms, ${found.length} stray includes`);
  process.exit(found.length ? 1 : 0);
}
