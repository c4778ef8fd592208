// What the documentation site holds, in reading order. `from` is a path below the project's root.

/** @type {{ title: string, pages: { from: string, as: string, title: string, about: string }[] }[]} */
export const CONTENTS = [
  { title: 'Start', pages: [
    { from: 'docs/start.md', as: 'start', title: 'Five minutes', about: 'From nothing to a shelf that knows its visitor' },
    { from: 'docs/walkthrough.md', as: 'walkthrough', title: 'One visitor, every stage', about: 'Three events, followed through every number' },
    { from: 'docs/storage.md', as: 'privacy', title: 'Privacy', about: 'What is kept, where, and how it goes' },
  ] },
  { title: 'Guides', pages: [
    { from: 'docs/guides/ga4.md', as: 'ga4', title: 'Google Analytics 4', about: 'The events are there: listen, and train from the export' },
    { from: 'docs/guides/shopify.md', as: 'shopify', title: 'Shopify', about: 'Theme, catalog and events' },
    { from: 'docs/guides/woocommerce.md', as: 'woocommerce', title: 'WooCommerce', about: 'A WordPress shop' },
    { from: 'docs/guides/adobe.md', as: 'adobe', title: 'Adobe Commerce', about: 'Storefront events and feeds' },
    { from: 'docs/guides/next.md', as: 'next', title: 'Next.js', about: 'Server rendering, then the visitor' },
    { from: 'docs/guides/headless.md', as: 'headless', title: 'Headless', about: 'Your own front end, or Node at build time' },
  ] },
  { title: 'In the page', pages: [
    { from: 'docs/javascript.md', as: 'javascript', title: 'JavaScript', about: 'Every call, every option' },
    { from: 'docs/elements.md', as: 'elements', title: 'Elements', about: 'Shelves, reasons and privacy as HTML' },
    { from: 'docs/adapters.md', as: 'adapters', title: 'Adapters', about: 'dataLayer, JSON-LD and the rest: listen, do not instrument' },
    { from: 'docs/integration.md', as: 'integration', title: 'Integration', about: 'Bundlers, workers, content security' },
    { from: 'docs/rules.md', as: 'rules', title: 'Rules', about: 'Filter, boost, pin, diversity, fatigue' },
    { from: 'docs/errors.md', as: 'errors', title: 'Errors', about: 'Every code, its cause and its remedy' },
    { from: 'web/index.d.ts', as: 'api', title: 'API reference', about: 'The shipped types' },
  ] },
  { title: 'In the terminal', pages: [
    { from: 'docs/cli.md', as: 'cli', title: 'Command line', about: 'Import, train, evaluate, serve' },
    { from: 'docs/training.md', as: 'training', title: 'Training', about: 'The mathematics, with sources' },
    { from: 'docs/evaluation.md', as: 'evaluation', title: 'Evaluation', about: 'Protocols, metrics, baselines' },
    { from: 'docs/tuning.md', as: 'tuning', title: 'Tuning', about: 'Settings found on the validation part' },
    { from: 'docs/learning.md', as: 'learning', title: 'Learning', about: 'What a visitor changes on their device' },
    { from: 'docs/intent.md', as: 'intent', title: 'Purchase intent', about: 'Will this visit end in a purchase?' },
    { from: 'docs/results.md', as: 'results', title: 'Results', about: 'Every figure with its command' },
  ] },
  { title: 'Inside', pages: [
    { from: 'docs/architecture.md', as: 'architecture', title: 'Architecture', about: 'The rooms and the arrows' },
    { from: 'docs/performance.md', as: 'performance', title: 'Performance', about: 'Limits, and how near each kernel is' },
    { from: 'docs/quantisation.md', as: 'quantisation', title: 'Quantisation', about: 'Int8 rows, and what they cost' },
    { from: 'docs/model-format.md', as: 'model-format', title: 'File format', about: 'The container, byte by byte' },
    { from: 'docs/profile-format.md', as: 'profile-format', title: 'Profile format', about: 'What a saved profile holds' },
    { from: 'docs/demo-shop.md', as: 'demo-shop', title: 'The simulated shop', about: 'Where the demo comes from' },
    { from: 'models/README.md', as: 'models', title: 'Model card', about: 'The model that the demo ships' },
    { from: 'docs/decisions/0001-dependencies.md', as: 'dependencies', title: 'Dependencies', about: 'What we rest on, and why' },
    { from: 'docs/decisions/0002-kernels.md', as: 'kernels', title: 'Kernels', about: 'Why all variants give one result' },
    { from: 'docs/decisions/0003-split-rows.md', as: 'split-rows', title: 'Split rows', about: 'Large catalogs, and where the code for them lives' },
    { from: 'CONTRIBUTING.md', as: 'contributing', title: 'Contributing', about: 'Build, test, commit' },
    { from: 'CHANGELOG.md', as: 'changelog', title: 'Changelog', about: 'What changed' },
  ] },
];
