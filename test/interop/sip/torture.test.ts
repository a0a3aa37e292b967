import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import type { PhoneAccounts } from '../../../media-edge/src/ports/phone-accounts.ts';
import { SipWorld } from '../../scenario/sip-world.ts';
import { tortureTable } from './torture/table.ts';
import { type Torturer, tcpTorturer, udpTorturer } from './torture/torturer.ts';
import { rfc4475, rfc5118, type TortureMessage } from './torture/verdicts.ts';

const collections: readonly (readonly [string, readonly TortureMessage[]])[] = [
  ['RFC 4475', rfc4475],
  ['RFC 5118', rfc5118],
];
/** An address of loopback for this run alone, since its ports are given by the messages. */
const own = `127.${randomInt(64, 127)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** None of these messages proves who it is from. */
const nobody: PhoneAccounts = {
  register: () => Promise.reject(new Error('no registration was expected')),
  caller: () => Promise.reject(new Error('no proof was expected')),
};

/** A gateway that has every address of these messages, and nobody there picks up. */
async function open(): Promise<SipWorld> {
  const world = await SipWorld.open({
    isOurDomain: () => true,
    networks: peerNetworks(['127.0.0.0/8', '192.0.2.0/24', '2001:db8::/32']),
  });
  world.endpoint.phones.serve({ accounts: nobody, domain: 'example.com', secret: 'of the test' });
  world.endpoint.onInvite((invite) => invite.reject({ code: 486, phrase: 'Busy Here', by: 'callee' }));
  return world;
}

for (const transport of ['UDP', 'TCP'] as const) {
  describe(`messages that are hard to read, over ${transport}`, () => {
    let world: SipWorld;
    let torturer: Torturer;
    before(async () => {
      world = await open();
      torturer = transport === 'UDP' ? await udpTorturer(world.gateway, own) : tcpTorturer(world.gateway);
    });
    after(async () => {
      torturer.close();
      await world.close();
    });
    for (const [rfc, messages] of collections) {
      for (const message of messages) {
        const expected = transport === 'UDP' ? message.udp : (message.tcp ?? message.udp);
        it(`${rfc} ${message.name}, ${message.about}: ${expected}`, async () => {
          assert.equal(await torturer.fateOf(message.bytes, expected), expected);
          assert.equal(world.endpoint.counts.failed, 0);
        });
      }
    }
  });
}

it('has all messages of both, and its table in the documentation is what is tested here', () => {
  assert.deepEqual([rfc4475.length, rfc5118.length], [49, 12]);
  tortureTable(collections).mustBeWritten();
});
