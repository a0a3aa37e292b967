import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OwnNames, route } from './route.ts';

const own: OwnNames = { domain: 'sylk.test', aliases: ['192.0.2.5', 'host.local'], sipPort: 5060 };

const table: readonly (readonly [uri: string, where: string])[] = [
  ['alice@sylk.test', 'account alice@sylk.test'],
  ['alice@SYLK.TEST', 'account alice@sylk.test'],
  ['sip:alice@sylk.test', 'account alice@sylk.test'],
  ['alice@192.0.2.5', 'account alice@sylk.test'],
  ['alice@192.0.2.5:5060', 'account alice@sylk.test'],
  ['alice@192.0.2.5:5090', 'sip alice@192.0.2.5:5090'],
  ['echo@sylk.test', 'echo'],
  ['Echo@host.local', 'echo'],
  ['echo@elsewhere.example', 'sip echo@elsewhere.example'],
  ['bob@elsewhere.example;transport=tcp', 'sip bob@elsewhere.example;transport=tcp'],
  ['+49301234@sylk.test', 'number +49301234'],
  ['sip:0049301234@host.local', 'number 0049301234'],
  ['tel:+49-30-1234', 'number +49301234'],
  ['+49 (30) 1234', 'number +49301234'],
  ['+49301234@elsewhere.example', 'sip +49301234@elsewhere.example'],
  ['sylk.test', 'nowhere 404'],
  ['xmpp:bob@jabber.example', 'nowhere 488'],
  ['no address', 'nowhere 404'],
];

for (const [uri, where] of table) test(`'${uri}' goes to ${where}`, () => assert.equal(describe(uri), where));

function describe(uri: string): string {
  const way = route(uri, own);
  switch (way.to) {
    case 'echo':
      return 'echo';
    case 'account':
      return `account ${way.aor}`;
    case 'number':
      return `number ${way.number}`;
    case 'phone':
      return `phone ${way.place.contact}`;
    case 'sip':
      return `sip ${way.uri}`;
    case 'nowhere':
      return `nowhere ${way.cause.code}`;
  }
}
