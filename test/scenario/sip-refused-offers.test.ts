import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp } from '../fakes/sip-text.ts';
import { SipWorld } from './sip-world.ts';

const to = 'alice@gateway.test';
const uri = `sip:${to}`;

let world: SipWorld;
let bob: FakeSipPeer;
before(async () => {
  world = await SipWorld.open({ browserPorts: { first: 15_060, last: 15_061 } });
  bob = await world.peer();
});
after(() => world.close());

describe('an INVITE whose offer nobody could answer', () => {
  const refusals: [string, string | (() => string), string][] = [
    ['without a common codec', phoneSdp({ codecs: '18 4' }), '488'],
    ['on RTP/SAVP', phoneSdp().replace('RTP/AVP', 'RTP/SAVP'), '488'],
    ['without audio', phoneSdp().replace('m=audio', 'm=image'), '488'],
    ['with media at a metadata address', phoneSdp({ address: '169.254.169.254' }), '488'],
    ['with media at our own SIP port', () => phoneSdp({ port: world.gateway.port }), '488'],
    ['with media at our port for browsers', phoneSdp({ port: 15_060 }), '488'],
    ['with media at a host name', phoneSdp({ address: 'media.example.org' }), '400'],
    ['that is no SDP', 'hello', '400'],
    ['of 60 kilobytes', `v=0\r\n${'a=x:y\r\n'.repeat(9_000)}`, '513'],
  ];
  for (const [name, offer, code] of refusals) {
    test(`an offer ${name} is refused with ${code} in words`, async () => {
      const sdp = typeof offer === 'string' ? offer : offer();
      const dialog = bob.calls(to);
      dialog.request('INVITE', world.gateway, { uri, sdp });
      const refused = await bob.receives(code);
      dialog.request('ACK', world.gateway, { uri, sameBranch: true });
      assert.equal(world.invites.length, 0);
      if (sdp.length < 20_000) assert.match(refused.header('Warning'), /^399 gateway ".{10,}"$/);
    });
  }
});
