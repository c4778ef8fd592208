// vitrine sign and verify, against Node's own cryptography, and against what the page does with WebCrypto.
import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signaturesOf, unsealed } from '../../web/signature.js';
import { at, bad, file, good, root, vitrine } from './tool.mjs';

const model = join(root, 'tests/golden/format1-model.vitrine');
const catalog = join(root, 'tests/golden/format1-catalog.vitrine');
const bytes = readFileSync(model);

const KINDS = ['ed25519', 'p256'];
const keys = Object.fromEntries(KINDS.map((name) =>
  [name, { path: at(`${name}.pem`), text: good('sign', '--new-key', name, '-o', at(`${name}.pem`)).stdout.trim() }]));
const spki = (text) => createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
const message = (file) => Buffer.concat([Buffer.from('vitrine signature 1\0'), file.subarray(0, 128)]);

test('a new key is for nobody else to read, and is never written over another', () => {
  for (const { path } of Object.values(keys)) {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const before = readFileSync(path);
    bad(4, ['sign', '--new-key', 'ed25519', '-o', path], /cannot write a key here/);
    assert.deepEqual(readFileSync(path), before);
  }
  bad(2, ['sign', '--new-key', 'rsa', '-o', at('x')], /ed25519/);
  bad(2, ['sign', '--new-key', 'p256'], /-o FILE/);
});

for (const kind of KINDS)
  test(`${kind}: signed by the tool, verified by Node, by the tool and by the page's code`, async () => {
    const { path, text } = keys[kind];
    good('sign', model, '--key', path, '-o', at('signed.vitrine'));
    const signed = readFileSync(at('signed.vitrine'));
    assert.deepEqual(signed.subarray(0, bytes.length), bytes);
    assert.equal(signed.length, bytes.length + 16 + 104);
    const { end, list: [one] } = signaturesOf(signed);
    assert.equal(end, bytes.length);
    assert.equal(Buffer.from(one.key).toString('hex'), createHash('sha256').update(Buffer.from(text, 'base64')).digest('hex'));
    const how = kind === 'p256' ? [ 'sha256', { key: spki(text), dsaEncoding: 'ieee-p1363' }] : [null, spki(text)];
    assert.ok(verify(how[0], message(bytes), how[1], one.bytes));
    good('verify', at('signed.vitrine'), '--key', file('key.pub', `${text}\n`));
    assert.match(good('verify', at('signed.vitrine'), '--key', text).stdout, /whole, signed, content version 1/);
    assert.deepEqual(Buffer.from(await unsealed(signed, { publicKey: text }, 'model', assert.fail)), bytes);
    const shown = good('inspect', at('signed.vitrine'), '--json').json();
    assert.deepEqual(shown.signatures.map(({ algorithm }) => algorithm), [kind]);
    assert.equal(shown.size, bytes.length);
    // A signed file opens like any other.
    assert.equal(good('recommend', '--model', at('signed.vitrine'), '--history', 'a', '--json').stdout,
      good('recommend', '--model', model, '--history', 'a', '--json').stdout);
  });

test('signed by Node, verified by the tool and by the page', async () => {
  for (const kind of KINDS) {
    const pair = kind === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    const der = pair.publicKey.export({ format: 'der', type: 'spki' });
    const made = kind === 'p256' ? sign('sha256', message(bytes), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
      : sign(null, message(bytes), pair.privateKey);
    const head = Buffer.from('\x89VITSIG\n\x01\0\0\0\0\0\0\0', 'latin1'), entry = Buffer.alloc(8);
    entry.writeUInt32LE(kind === 'p256' ? 2 : 1);
    const signed = Buffer.concat([bytes, head, entry, createHash('sha256').update(der).digest(), made]);
    const path = file('node.vitrine', signed);
    good('verify', path, '--key', file('node.pem', pair.publicKey.export({ format: 'pem', type: 'spki' })));
    good('sign', model, '--key', file('node8.pem', pair.privateKey.export({ format: 'pem', type: 'pkcs8' })), '-o', at('again.vitrine'));
    good('verify', at('again.vitrine'), '--key', der.toString('base64'));
    assert.equal((await unsealed(signed, { publicKey: der.toString('base64') }, 'model', assert.fail)).length, bytes.length);
  }
});

const refusedBy = async (signed, source, code) => {
  await assert.rejects(unsealed(signed, source, 'model', assert.fail), (error) => error.code === code);
};

test('a wrong key, a flipped signature, another file\'s signature and none at all are refused', async () => {
  const { ed25519, p256 } = keys;
  const other = good('sign', '--new-key', 'ed25519', '-o', at('other.pem')).stdout.trim();
  good('sign', model, '--key', ed25519.path, '--key', p256.path, '-o', at('both.vitrine'));
  const both = readFileSync(at('both.vitrine'));
  for (const { text } of [ed25519, p256]) good('verify', at('both.vitrine'), '--key', other, '--key', text);
  assert.equal((await unsealed(both, { publicKey: [other, p256.text] }, 'model', assert.fail)).length, bytes.length);

  bad(3, ['verify', at('both.vitrine'), '--key', other], /none of the keys/);
  await refusedBy(both, { publicKey: other }, 'signature_untrusted');

  good('sign', model, '--key', ed25519.path, '-o', at('one.vitrine'));
  const one = readFileSync(at('one.vitrine'));
  for (let bit = (one.length - 64) * 8; bit < one.length * 8; bit += 37) {
    const flipped = Buffer.from(one);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    await refusedBy(flipped, { publicKey: ed25519.text }, 'signature_invalid');
  }
  const flipped = Buffer.from(one);
  flipped[one.length - 1] ^= 128;
  bad(3, ['verify', file('flipped.vitrine', flipped), '--key', ed25519.text], /not over this file/);

  // The catalog with the model's signature.
  const swapped = Buffer.concat([readFileSync(catalog), one.subarray(bytes.length)]);
  bad(3, ['verify', file('swapped.vitrine', swapped), '--key', ed25519.text], /another file's/);
  await refusedBy(swapped, { publicKey: ed25519.text }, 'signature_invalid');

  bad(3, ['verify', model, '--key', ed25519.text], /not signed/);
  await refusedBy(bytes, { publicKey: ed25519.text }, 'signature_missing');
  good('verify', model, '--key', ed25519.text, '--unsigned', 'warn');
  const warnings = [];
  await unsealed(bytes, { publicKey: ed25519.text, unsigned: 'warn' }, 'model', (code) => warnings.push(code));
  assert.deepEqual(warnings, ['signature_missing']);
  await refusedBy(flipped, { publicKey: ed25519.text, unsigned: 'warn' }, 'signature_invalid');
  await assert.rejects(unsealed(one, { publicKey: 'nonsense' }, 'model', assert.fail), TypeError);
});

test('a change behind the header is found by the hashes, and one in the header by the signature', () => {
  good('sign', model, '--key', keys.ed25519.path, '-o', at('changed.vitrine'));
  const signed = readFileSync(at('changed.vitrine'));
  for (const place of [40, 100, 200, 1000, bytes.length - 1]) {
    const changed = Buffer.from(signed);
    changed[place] ^= 1;
    bad(3, ['verify', file('changed.vitrine', changed), '--key', keys.ed25519.text], /changed\.vitrine/);
  }
  for (let cut = 1; cut < 120; cut += 7) bad(3, ['verify', file('cut.vitrine', signed.subarray(0, signed.length - cut)), '--key', keys.ed25519.text], /byte/);
  bad(3, ['verify', file('more.vitrine', Buffer.concat([signed, Buffer.from('x')])), '--key', keys.ed25519.text], /signatures/);
  bad(3, ['inspect', file('tail.vitrine', Buffer.concat([bytes, Buffer.from('more')]))], /bytes behind the file/);
});

test('an older version, rightly signed, is refused', async () => {
  writeFileSync(at('items.csv'), 'id,title\na,A\nb,B\n');
  for (const version of [3, 4]) {
    good('import', '--catalog', at('items.csv'), '--content-version', String(version), '-o', at(`v${version}.vitrine`));
    good('sign', at(`v${version}.vitrine`), '--key', keys.p256.path, '-q');
  }
  const key = ['--key', keys.p256.text];
  good('verify', at('v4.vitrine'), ...key, '--after', at('v3.vitrine'));
  good('verify', at('v4.vitrine'), ...key, '--after', at('v4.vitrine'));
  bad(3, ['verify', at('v3.vitrine'), ...key, '--after', at('v4.vitrine')], /version 3, older than 4/);
  bad(3, ['verify', at('v3.vitrine'), ...key, '--min-version', '4'], /older/);
  bad(3, ['verify', at('v3.vitrine'), ...key, '--after', model], /another kind/);
  const old = readFileSync(at('v3.vitrine'));
  await refusedBy(old, { publicKey: keys.p256.text, minVersion: 4 }, 'version_replayed');
  assert.ok((await unsealed(old, { minVersion: 3 }, 'catalog', assert.fail)).length < old.length);
});

test('wrong uses are said', () => {
  bad(2, ['sign', model], /--key/);
  bad(2, ['sign', '--key', keys.p256.path], /FILE\.vitrine/);
  bad(2, ['verify', model], /--key/);
  bad(3, ['verify', model, '--key', 'AAAA'], /no public key/);
  bad(3, ['sign', model, '--key', file('text.pem', 'no key'), '-o', at('x')], /text\.pem: no key/);
  bad(4, ['sign', model, '--key', at('nowhere.pem'), '-o', at('x')], /nowhere\.pem/);
  bad(3, ['sign', file('page.html', '<!doctype html><p>404'.padEnd(200)), '--key', keys.p256.path], /web page/);
  const pub = createPublicKey(readFileSync(keys.p256.path)).export({ format: 'pem', type: 'spki' });
  bad(3, ['sign', model, '--key', file('pub.pem', pub), '-o', at('x')], /public key cannot sign/);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  bad(3, ['sign', model, '--key', file('rsa.pem', rsa), '-o', at('x')], /neither an Ed25519 nor a P-256/);
});
