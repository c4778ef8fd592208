// One adapter in a process of its own, asked by bench/run.mjs.
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { measure, prepare } from './inside.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const context = {
  env: 'node',
  npm: (name) => new URL(`node_modules/${name}`, import.meta.url).href,
  bytes: (name) => readFile(`${root}${name}`),
};

process.on('message', async ({ file, config, task, budget }) => {
  try {
    const value = file ? await prepare(() => import(pathToFileURL(file).href), config, context) : await measure(task, budget);
    process.send({ value });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
