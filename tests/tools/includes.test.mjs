import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { check, roomsOf, strays } from '../../tools/check-includes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = roomsOf(readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8'));

test('every room includes only itself and rooms below it', () => {
  assert.deepEqual(check(root).found, []);
});

test('the table of rooms is the one the rules are made for', () => {
  assert.equal(rooms[0], 'base');
  for (const room of ['kernels', 'rank', 'wasm', 'cli']) assert.ok(rooms.includes(room), room);
});

test('an arrow that points up is found', () => {
  assert.equal(strays('kernels', '#include "model/model.h"\n', rooms).length, 1);
  assert.equal(strays('model', '#include "kernels/gemv.h"\n', rooms).length, 0);
});

test('a header of the operating system in the core is found', () => {
  for (const name of ['stdio.h', 'stdlib.h', 'math.h', 'time.h'])
    assert.equal(strays('rank', ` # include <${name}>\n`, rooms).length, 1, name);
  assert.equal(strays('cli', '#include <stdio.h>\n', rooms).length, 0);
});

test('the browser module does without the native engine', () => {
  assert.equal(strays('wasm', '#include "engine/engine.h"\n', rooms).length, 1);
});

test('a path that does not start at src/ is found', () => {
  assert.equal(strays('model', '#include "head.h"\n#include "../base/reader.h"\n', rooms).length, 2);
});
