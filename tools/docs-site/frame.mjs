// The frame around every page, and the front page.

const LOGO = '<svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><path d="M6 28V14a10 10 0 0 1 20 0v14zM16 4v24M6 16h20" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linejoin="round"/></svg>';

const head = (title, about) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${about}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script type="module" src="find.js"></script>
</head>`;

const menu = (contents, current) => contents.map((section) => `<section><h2>${section.title}</h2><ul>${section.pages
  .map((page) => `<li><a href="${page.as}.html"${page.as === current ? ' aria-current="page"' : ''}>${page.title}</a></li>`).join('')}</ul></section>`).join('\n');

const top = `<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="logo" href="index.html">${LOGO}<span>Vitrine</span></a>
<search class="find" hidden><label><span class="away">Find a heading</span><input type="search" placeholder="Find" autocomplete="off" aria-controls="found"></label><ul id="found" aria-live="polite" hidden></ul></search></header>`;

/** A page in its frame. */
export function frame({ page, contents, before, after }) {
  const inner = page.headings.filter((h) => h.depth === 2);
  const step = (to, rel, word) => (to ? `<a rel="${rel}" href="${to.as}.html"><small>${word}</small>${to.title}</a>` : '<span></span>');
  return `${head(`${page.title} · Vitrine`, page.about)}
<body>
${top}
<div class="columns">
<details class="menu" open><summary>Contents</summary><nav aria-label="Documentation">
${menu(contents, page.as)}
</nav></details>
<main id="main">
<p class="eyebrow">${page.section}</p>
${page.html}
<nav class="steps" aria-label="Next and previous page">${step(before, 'prev', 'Before')}${step(after, 'next', 'Next')}</nav>
</main>
<aside class="inner" aria-label="On this page">${inner.length > 1 ? `<h2>On this page</h2><ul>${inner.map((h) => `<li><a href="#${h.id}">${h.text.replace(/[<&]/g, (c) => (c === '<' ? '&lt;' : '&amp;'))}</a></li>`).join('')}</ul>` : ''}</aside>
</div>
</body>
</html>
`;
}

/** The front page: what there is, at a glance. */
export function home({ contents }) {
  return `${head('Vitrine: recommendations in the visitor’s own browser', 'Documentation of Vitrine')}
<body class="front">
${top}
<main id="main">
<div class="hero">
<h1>A shop that knows its visitor, and tells nobody</h1>
<p class="lede">Vitrine ranks your products for each visitor inside the visitor’s own browser. Train a model from your logs, host three files, add one tag. Behaviour never leaves the device.</p>
<p class="actions"><a class="button" href="start.html">Start in five minutes</a> <a class="button plain" href="javascript.html">The API</a></p>
<img src="images/home.png" alt="The demo shop: shelves ranked in the browser" width="1120" height="690">
</div>
${contents.map((section) => `<section class="group"><h2>${section.title}</h2><ul>${section.pages
    .map((page) => `<li><a href="${page.as}.html"><strong>${page.title}</strong><span>${page.about}</span></a></li>`).join('\n')}</ul></section>`).join('\n')}
</main>
</body>
</html>
`;
}
