// Catalog and simulated visitors of a domain: people with known tastes who go from one thing to the
// next. docs/demo-shop.md has the model in words; the numbers there and here are the same.

const FIRST_DAY = Date.UTC(2026, 0, 5) / 1000, DAY = 86400, DAYS = 90;
const COLOURS = 'sand clay rust mustard sage moss forest mint sky denim navy plum blush coral charcoal'.split(' ');

const words = (text) => text.split('|');

function makerName(domain, random, taken) {
  for (;;) {
    const solo = domain.soloWords && random.chance(0.5);
    const [first, middle, last] = domain.makerWords;
    const name = solo ? `${random.pick(words(domain.soloWords[0]))} ${random.pick(words(domain.soloWords[1]))}`
      : [first, random.pick(words(middle)), random.pick(words(last))].filter(Boolean).join(' ');
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
  }
}

/** All items, topic by topic; beside the catalog's columns each holds what only the simulation knows. */
export function makeItems(domain, random) {
  const items = [], makers = new Set(), titles = new Set();
  const graded = domain.extra.length === 3; /* levels that follow each other */
  for (const topic of domain.topics)
    for (let m = 0; m < domain.makers; m++) {
      const maker = makerName(domain, random, makers), style = random.pick(topic.leans);
      const colour = random.pick(COLOURS), era = random.below(domain.extra.length);
      for (let n = 0; n < domain.perMaker; n++) {
        const level = graded ? Math.min(2, Math.floor(3 * n / domain.perMaker)) : Math.min(domain.extra.length - 1, era + (n > 3 ? 1 : 0));
        const base = topic.words[n % topic.words.length];
        const parts = graded ? ['', ': A Second Course', ': The Workshop', ' in Practice', ', Live'] : ['', ' II', ' (Live)', ', Part Two', ' Reprise', ' at Night'];
        const title = parts.map((more) => base + more).find((it) => !titles.has(`${topic.name}${it}`)) ?? `${base} ${items.length}`;
        titles.add(`${topic.name}${title}`);
        const appeal = random.normal() * 0.8;
        items.push({
          item_id: `${domain.prefix}${String(items.length + 1).padStart(4, '0')}`, title, brand: maker, category: topic.path,
          price: graded ? [0, 29, 49, 79][random.below(4)] : '', availability: 'in_stock',
          image_link: `drawn:${domain.drawing}/${colour}/${n % 4}`, item_group_id: '',
          tags: [style, random.pick(topic.leans), domain.extra[level]].filter((it, i, all) => all.indexOf(it) === i).join(','),
          sales: Math.round(40 * Math.exp(appeal) * random.between(0.8, 1.25)),
          topic: topic.name, maker, style, level, order: n, appeal,
        });
      }
    }
  return items;
}

/** A person's tastes. */
function makeVisitor(number, domain, items, random) {
  const home = random.pick(domain.topics);
  const topics = new Map([[home.name, 1], [home.next[random.below(home.next.length)], 0.6]]);
  if (random.chance(0.5)) topics.set(random.pick(domain.topics).name, 0.4);
  const near = items.filter((item) => topics.has(item.topic));
  const makers = new Set([0, 1, 2].map(() => random.pick(near).maker));
  return { user: `${domain.prefix}u${String(number).padStart(4, '0')}`, topics, makers,
    styles: random.sample(domain.traits, 2), reached: new Map() };
}

const liking = (visitor, item) => item.appeal + (visitor.makers.has(item.maker) ? 1.3 : 0)
  + (visitor.styles.includes(item.style) ? 0.9 : 0);

/** The log of `count` visitors: rows with the domain's own verbs, by time. */
export function makeVisits(domain, items, random, count) {
  const byTopic = Map.groupBy ? Map.groupBy(items, (item) => item.topic)
    : items.reduce((map, item) => map.set(item.topic, [...(map.get(item.topic) ?? []), item]), new Map());
  const topicOf = new Map(domain.topics.map((topic) => [topic.name, topic]));
  const graded = domain.extra.length === 3, rows = [];
  let sessions = 0;

  const choose = (visitor, topic, last) => {
    const list = byTopic.get(topic);
    return list[random.weighted(list.map((item) => {
      const level = graded ? -1.2 * Math.abs(item.level - (visitor.reached.get(topic) ?? 0)) : 0;
      const nearness = last ? (item.maker === last.maker ? 0.9 : 0) + (item.style === last.style ? 0.5 : 0) : 0;
      return Math.exp(liking(visitor, item) + level + nearness - (last === item ? 3 : 0));
    }))];
  };

  for (let number = 1; number <= count; number++) {
    const visitor = makeVisitor(number, domain, items, random);
    let day = random.below(DAYS - 1);
    for (let visits = 1 + random.weighted([5, 5, 4, 3, 2, 2, 1]); visits > 0 && day < DAYS; visits--) {
      const session = `${domain.prefix}s${String(++sessions).padStart(6, '0')}`;
      let time = FIRST_DAY + day * DAY + (7 + random.below(16)) * 3600 + random.below(3600);
      let topic = [...visitor.topics.keys()][random.weighted([...visitor.topics.values()])];
      let last = choose(visitor, topic, null);
      const act = (type, item) => {
        if (!type) return;
        rows.push({ user: visitor.user, session, time, type, item: item.item_id });
        time += 40 + random.below(200);
      };
      for (let steps = 3 + random.below(graded ? 5 : 10); steps > 0; steps--) {
        act(domain.verbs.look, last);
        const like = liking(visitor, last);
        if (like < -0.4 && random.chance(0.3)) act(domain.verbs.no, last);
        else if (like > 1 && random.chance(0.2)) act(domain.verbs.like, last);
        if (like > 0.8 && random.chance(0.18)) {
          act(domain.verbs.keep, last);
          if (graded && random.chance(0.6)) {
            act(domain.verbs.done, last);
            visitor.reached.set(topic, Math.min(2, last.level + 1));
          }
        }
        /* On: the next one of the same maker, another of the topic, or where the topic leads. */
        const following = items.find((item) => item.maker === last.maker && item.order === last.order + 1);
        if (following && random.chance(0.34)) last = following;
        else {
          if (random.chance(0.14)) topic = topicOf.get(topic).next[random.weighted([3, 1])];
          last = choose(visitor, topic, last);
        }
      }
      day += 1 + random.below(12);
    }
  }
  return rows.sort((a, b) => a.time - b.time);
}

export const COLUMNS = ['user', 'session', 'time', 'type', 'item'];
export const rowsText = (rows) => [COLUMNS.join('\t'), ...rows.map((row) => COLUMNS.map((name) => row[name]).join('\t'))].join('\n') + '\n';
