// The shipped declarations as a page: each exported name with its comment, names linked to each other.

const START = /^export (?:declare )?(?:interface|type|function|class|const) (\w+)/;

/** Top-level exports of a declaration file, in order: { name, comment, code }. */
export function exportsOf(source) {
  const found = [];
  const lines = source.split('\n');
  let comment = [];
  for (let i = 0; i < lines.length; i++) {
    const start = lines[i].match(START);
    if (!start) {
      if (/^(\/\*\*| \*|\/\/)/.test(lines[i])) comment.push(lines[i]);
      else if (lines[i].trim() === '') comment = [];
      continue;
    }
    const code = [];
    for (let depth = 0; i < lines.length; i++) {
      code.push(lines[i]);
      const bare = lines[i].replace(/'(?:[^'\\]|\\.)*'|\/\*.*?\*\/|\/\/.*/g, '').replace(/=>/g, '');
      for (const letter of bare) depth += '{(['.includes(letter) ? 1 : '})]'.includes(letter) ? -1 : 0;
      if (depth <= 0 && /[;}]\s*$/.test(bare)) break;
    }
    found.push({
      name: start[1],
      comment: comment.join('\n').replace(/^\s*\/?\*+\/?|\*\/\s*$/gm, '').trim(),
      code: code.join('\n'),
    });
    comment = [];
  }
  return found;
}

/** The page's HTML. `highlight` turns TypeScript into HTML. */
export function typesPage(source, highlight) {
  const all = exportsOf(source);
  const names = new Set(all.map((one) => one.name));
  const entries = all.map(({ name, comment, code }) => {
    const linked = highlight(code).replace(/\b[A-Z]\w+\b/g, (word) =>
      names.has(word) && word !== name ? `<a href="#${word.toLowerCase()}">${word}</a>` : word);
    return `<h2 id="${name.toLowerCase()}">${name}</h2>\n`
      + (comment ? `<p>${comment.replace(/[<&]/g, (c) => (c === '<' ? '&lt;' : '&amp;'))}</p>\n` : '')
      + `<pre tabindex="0"><code class="language-ts">${linked}</code></pre>`;
  });
  return `<h1>API reference</h1>\n<p>The declarations that the package ships, as your editor shows them. `
    + `<a href="javascript.html">JavaScript</a> says what the calls do.</p>\n${entries.join('\n')}`;
}
