// Finds headings as one types. Without this script the menu does it all.

const box = document.querySelector('.find');
const input = box.querySelector('input');
const list = box.querySelector('ul');
let headings;

async function find() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  headings ??= fetch('headings.json').then((answer) => answer.json());
  const found = words.length === 0 ? [] : (await headings).filter(([page, text]) =>
    words.every((word) => `${page} ${text}`.toLowerCase().includes(word))).slice(0, 12);
  list.replaceChildren(...found.map(([page, text, href]) => {
    const item = document.createElement('li'), link = document.createElement('a'), small = document.createElement('small');
    link.href = href;
    link.textContent = text;
    small.textContent = page;
    link.append(small);
    item.append(link);
    return item;
  }));
  list.hidden = words.length === 0;
  if (words.length > 0 && found.length === 0) list.textContent = 'No heading says that';
}

box.hidden = false;
input.addEventListener('input', find);
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.target.closest('input, textarea')) {
    event.preventDefault();
    input.focus();
  } else if (event.key === 'Escape') {
    list.hidden = true;
  }
});
if (matchMedia('(max-width: 60rem)').matches) document.querySelector('.menu')?.removeAttribute('open');
