#!/usr/bin/env node
// Builds the documentation site from docs/: static pages that need no server and no script.
//
//   node tools/docs-site/build.mjs [--out build/docs]
//
// A link that leads nowhere, inside the site or to a file of the project, fails the build: so does a
// page that no list names. Links out of the project are left alone.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import hljs from 'highlight.js/lib/common';
import { Marked } from 'marked';
import { CONTENTS } from './contents.mjs';
import { frame, home } from './frame.mjs';
import { typesPage } from './types.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = dirname(fileURLToPath(import.meta.url));

const plain = (html) => html.replace(/<[^>]*>/g, '').replace(/&amp;/g, '&').replace(/&lt;/g, '<')
  .replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'");

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(text, taken = new Map()) {
  const base = text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
  const times = taken.get(base) ?? 0;
  taken.set(base, times + 1);
  return times === 0 ? base : `${base}-${times}`;
}

function highlight(code, language) {
  const known = hljs.getLanguage(language) ? language : undefined;
  return known ? hljs.highlight(code, { language: known }).value
    : code.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
}

/** One Markdown file to HTML; `link(href)` answers where a link goes. */
function render(markdown, link) {
  const taken = new Map();
  const headings = [];
  const marked = new Marked({ renderer: {
    heading({ tokens, depth }) {
      const html = this.parser.parseInline(tokens);
      const id = anchorOf(plain(html), taken);
      headings.push({ depth, id, text: plain(html) });
      return `<h${depth} id="${id}">${html}${depth > 1 ? ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a>` : ''}</h${depth}>\n`;
    },
    code({ text, lang }) {
      const language = (lang ?? '').split(/\s/)[0];
      return `<pre tabindex="0"><code${language ? ` class="language-${language}"` : ''}>${highlight(text, language)}</code></pre>\n`;
    },
    link({ href, title, tokens }) {
      const inner = this.parser.parseInline(tokens), to = link(href);
      return to === undefined ? inner : `<a href="${to}"${title ? ` title="${title}"` : ''}>${inner}</a>`;
    },
    image({ href, text }) {
      return `<img src="${link(href)}" alt="${text}" loading="lazy">`;
    },
    table(token) {
      const row = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}${cell.align ? ` style="text-align:${cell.align}"` : ''}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
      return `<div class="table" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${token.rows.map((cells) => row(cells, 'td')).join('\n')}</tbody></table></div>\n`;
    },
  } });
  return { html: marked.parse(markdown), headings };
}

/** Builds the site; resolves to its pages and to what is wrong with it. */
export function build(out) {
  const problems = [];
  const pages = CONTENTS.flatMap((section) => section.pages.map((page) => ({ ...page, section: section.title })))
    .filter((page) => existsSync(join(root, page.from)) || !problems.push(`${page.from}: named in contents.mjs, but not there`));
  const byFile = new Map(pages.map((page) => [page.from, page]));
  for (const name of readdirSync(join(root, 'docs'), { recursive: true }).map(String))
    if (name.endsWith('.md') && !byFile.has(`docs/${name.split(sep).join('/')}`))
      problems.push(`docs/${name}: in no list of contents.mjs`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const copied = new Set();
  const asked = []; /* [from page, target page, anchor] */

  for (const page of pages) {
    const source = readFileSync(join(root, page.from), 'utf8');
    const link = (href) => {
      if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return href;
      const [path, anchor = ''] = href.split('#');
      const file = path === '' ? page.from : normalize(join(dirname(page.from), path)).split(sep).join('/');
      const target = byFile.get(file);
      if (target) {
        asked.push([page, target, anchor]);
        return `${path === '' ? '' : `${target.as}.html`}${anchor ? `#${anchor}` : ''}`;
      }
      if (file === 'README.md') return 'index.html';
      if (!existsSync(join(root, file))) problems.push(`${page.from}: links to ${href}, which is not there`);
      else if (/\.(png|svg|jpg|webp)$/.test(file)) {
        const name = `images/${file.split('/').pop()}`;
        if (!copied.has(name)) {
          mkdirSync(join(out, 'images'), { recursive: true });
          copyFileSync(join(root, file), join(out, name));
          copied.add(name);
        }
        return name;
      }
      return undefined; /* a file of the project that is no page: its name stays as text */
    };
    if (page.from.endsWith('.d.ts')) {
      page.html = typesPage(source, (code) => highlight(code, 'typescript'));
      page.headings = [...page.html.matchAll(/<h2 id="([^"]+)">([^<]+)/g)].map(([, id, text]) => ({ depth: 2, id, text }));
    } else {
      Object.assign(page, render(source, link));
    }
  }
  for (const [page, target, anchor] of asked)
    if (anchor && !target.headings.some((heading) => heading.id === anchor))
      problems.push(`${page.from}: links to #${anchor} of ${target.from}, which has no such heading`);

  pages.forEach((page, i) => writeFileSync(join(out, `${page.as}.html`),
    frame({ page, contents: CONTENTS, before: pages[i - 1], after: pages[i + 1] })));
  writeFileSync(join(out, 'index.html'), home({ contents: CONTENTS }));
  mkdirSync(join(out, 'images'), { recursive: true });
  copyFileSync(join(root, 'docs/images/home.png'), join(out, 'images/home.png'));
  const headings = pages.flatMap((page) => page.headings.filter((h) => h.depth < 4)
    .map((h) => [page.title, h.text, `${page.as}.html${h.depth > 1 ? `#${h.id}` : ''}`]));
  writeFileSync(join(out, 'headings.json'), JSON.stringify(headings));
  for (const name of ['style.css', 'find.js']) copyFileSync(join(here, name), join(out, name));
  return { pages, problems };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'build/docs' } } });
  const out = resolve(values.out);
  const { pages, problems } = build(out);
  for (const problem of problems) console.error(`error: ${problem}`);
  if (problems.length > 0) process.exit(1);
  console.log(`${pages.length + 1} pages in ${relative(process.cwd(), out)}: vitrine serve ${relative(process.cwd(), out)}`);
}
