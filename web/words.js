// @ts-check
/* Every VitrineError in words: what happened, and what to do about it. Fetched when one is raised.
 * docs/errors.md is the same list for reading; a test holds the two together. */

const COPY = 'Copy vitrine*.wasm of the package beside its JavaScript, or name the place with wasmUrl.';
const AGAIN = 'The file is damaged, cut short, or not a .vitrine file: build or copy it again.';

/** For each code a text with {names} of details, and the remedy. @type {Record<string, [string, string]>} */
export const WORDS = {
  html_instead: ['your server returned HTML for {from} (the {what})',
    'The address is wrong, or the host answers unknown addresses with its start page. For the wasm: copy the file there, or use vitrine/inline.'],
  empty_file: ['{from} (the {what}) is empty', 'Copy the file again.'],
  not_found: ['{what}: {from} answered {status}', 'Copy the file to that address, or name another one.'],
  network: ['{what}: {from} cannot be reached', 'Offline, another origin without CORS, or connect-src of the page forbids it.'],
  timeout: ['{what}: {from} was not there after {timeout} ms', 'A slow host or line: the next page tries again; `timeout` sets the bound.'],
  not_wasm: ['{from} is not a WebAssembly file', COPY],
  abi_mismatch: ['the wasm has {found} where this JavaScript wants {expected}',
    'Two releases are mixed: reload without cache, or copy the wasm of this release.'],
  csp_wasm_blocked: ['the page\'s Content-Security-Policy forbids WebAssembly', 'Add \'wasm-unsafe-eval\' to script-src.'],
  wasm_unavailable: ['this browser runs no WebAssembly', 'Nothing to do: lists come from `fallback`.'],
  wasm_failed: ['the wasm does not start', 'See `cause`; a copy of another file, or a browser that is too old.'],
  known_answer: ['this engine computes the int8 dot product of \'{variant}\' wrongly', 'Leave `variant` at \'auto\': another one is taken.'],
  out_of_memory: ['the browser gives no {bytes} bytes', 'A smaller model, or fewer items.'],
  sha256_mismatch: ['{what}: SHA-256 is {found}, not {expected}',
    'An old copy in a cache, or a file that was changed after the page was written.'],
  signature_missing: ['{what}: not signed', 'Sign it with `vitrine sign`, or say unsigned: \'warn\'.'],
  signature_invalid: ['{what}: the signature is not over this file', 'The file was changed on its way, or the signature is another file\'s: copy both again.'],
  signature_untrusted: ['{what}: signed by none of the keys in publicKey', 'Sign it with the shop\'s key, or name the key that was used.'],
  signature_unchecked: ['{what}: this browser cannot check the signature',
    'An insecure page has no crypto.subtle; older browsers lack Ed25519: sign with a P-256 key as well.'],
  version_replayed: ['{what}: content version {found} is older than {expected}', 'An old file was served again: publish the new one, or lower minVersion.'],
  bad_format: ['{what}: bad_format in \'{field}\' at byte {offset}: found {found}, expected {expected}', AGAIN],
  bad_version: ['{what}: bad_version in \'{field}\' at byte {offset}: found {found}, expected {expected}',
    'The file is of another release or kind: build it again with this release.'],
  bad_checksum: ['{what}: bad_checksum in \'{field}\' at byte {offset}: found {found}, expected {expected}',
    'The file was changed or damaged on its way: copy it again.'],
  mismatch: ['{what}: mismatch in \'{field}\' at byte {offset}: found {found}, expected {expected}',
    'The file belongs to another model: build the two together.'],
  bad_value: ['{what}: bad_value in \'{field}\' at byte {offset}: found {found}, expected {expected}',
    'A number is out of range: build the file again.'],
  bad_argument: ['{what}: bad_argument in \'{field}\'', 'A mistake of this package: please report it with the call.'],
  no_space: ['{what}: no_space in \'{field}\'', 'A smaller model, fewer items or fewer events.'],
  unknown_item: ['{what}: unknown_item in \'{field}\'', 'The item is not in the catalog.'],
  not_kept: ['{what}: not_kept in \'{field}\'', 'Nothing to do: sensitive items are not stored.'],
  bad_item: ['catalog item {name} {problem}', 'Correct the item; numbers are finite and from 0, ids are strings of 1 to 512 characters and stand there once.'],
  bad_profile: ['import: {problem}', 'Give what export() returned: { schema: "vitrine-profile/1", events, profile, ... }.'],
  no_model: ['{what}: nothing is ranked on this page, so there is no profile', 'See the warnings of metrics() for why the model did not open.'],
  worker_failed: ['the worker did not start', 'Serve worker_host.js beside worker.js from the page\'s own origin, and allow it with worker-src.'],
  consent: ['{what}: without consent no profile is kept', 'Call consent.set first.'],
};

/** What the usual module says of a model whose rows are in two halves. */
const SPLIT = ['{what}: its item rows are split, or missing', 'Import vitrine/large, whose modules read split rows, or put them in panels: vitrine quantize --rows panels.'];

/** @param {any} error a VitrineError made by failure() */
export function word(error) {
  const { field, found } = error.details ?? {}, split = error.code === 'bad_format' && field === 'item' && found === 0;
  const [text, hint] = split ? SPLIT : WORDS[error.code] ?? [error.message, 'See docs/errors.md.'];
  if (error.details) error.message = text.replace(/\{(\w+)\}/g, (_, name) => String(error.details[name]));
  error.hint = hint;
}
