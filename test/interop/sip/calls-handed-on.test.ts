/** Calls handed on at the real gateway, with media: baresip asks for it, and others take the place of a phone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import { phoneSdp } from '../../fakes/sip-text.ts';
import { Baresip } from '../../peers/baresip.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { RtpPeer } from '../../peers/rtp-peer.ts';
import { gets, replies, SippFlow } from '../../peers/sipp-scenario.ts';

let gateway: Gateway;
before(async () => {
  gateway = await startGateway({ SYLK_DOMAIN: 'gateway.test' });
});
after(() => gateway.stop());

const echo = () => `echo@127.0.0.1:${gateway.sipPort}`;

describe('baresip hands its call on', () => {
  it('to another phone: it is out, and the other one is heard and hears', async () => {
    const [bob, carol] = await Promise.all([Baresip.start(), Baresip.start({ user: 'carol', toneHz: 700 })]);
    try {
      bob.dial(echo());
      await bob.event('CALL_ESTABLISHED');
      bob.command('transfer', `sip:${carol.uri}`);
      await Promise.all([carol.event('CALL_ESTABLISHED'), bob.event('CALL_CLOSED')]);
      // What it hears is its own tone, which the echo gives back: there is nobody else in the call.
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      carol.command('hangup');
      await carol.event('CALL_CLOSED');
      const heardHz = await carol.heardHz();
      assert.ok(heardHz !== undefined && Math.abs(heardHz - 700) < 14, `heard ${heardHz} Hz`);
    } finally {
      await Promise.all([bob.stop(), carol.stop()]);
    }
  });

  it('to a phone that is busy: it is told so, and its call goes on', async () => {
    const carol = await SippFlow.start([gets('INVITE'), replies('486 Busy Here'), gets('ACK')]);
    const bob = await Baresip.start();
    try {
      bob.dial(echo());
      await bob.event('CALL_ESTABLISHED');
      bob.command('transfer', `sip:${carol.uri}`);
      await carol.succeeds();
      await bob.event('TRANSFER_FAILED');
      assert.equal(bob.events.filter(({ type }) => type === 'CALL_CLOSED').length, 0);
    } finally {
      await Promise.all([bob.stop(), carol.stop()]);
    }
  });
});

describe('an INVITE with Replaces (RFC 3891)', () => {
  it('takes the place of the phone that had the call, which is hung up; the caller is heard', async () => {
    const bob = await FakeSipPeer.listen({});
    const carol = await FakeSipPeer.listen({ user: 'carol' });
    const rtp = await RtpPeer.open();
    const there = { address: '127.0.0.1', port: gateway.sipPort };
    try {
      const first = bob.calls(echo());
      first.request('INVITE', there, { sdp: phoneSdp({ codecs: '0' }) });
      const ok = await bob.receives('200');
      first.learn(ok);
      first.request('ACK', there);
      const replaces = `Replaces: ${first.callId};to-tag=${ok.tag('To')};from-tag=${ok.tag('From')}`;
      const second = carol.calls(echo());
      second.request('INVITE', there, {
        sdp: phoneSdp({ codecs: '0', port: rtp.remote.port }),
        headers: ['Require: replaces', replaces],
      });
      const taken = await carol.receives('200');
      second.learn(taken);
      second.request('ACK', there);
      first.reply(200, 'OK', { to: await bob.receives('BYE') });
      const port = Number(/m=audio (\d+)/.exec(taken.body)?.[1]);
      rtp.play({ hz: 440, ssrc: 7, sequence: 1, timestamp: 0 }, { address: '127.0.0.1', port });
      const until = Date.now() + 5_000;
      while (rtp.heard.length < 20 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(rtp.heard.length >= 20, `heard ${rtp.heard.length} packets`);
      second.request('BYE', there);
      await carol.receives('200');
    } finally {
      rtp.close();
      await Promise.all([bob.close(), carol.close()]);
    }
  });

  it('of a call that there is not is refused with 481', async () => {
    const carol = await FakeSipPeer.listen({ user: 'carol' });
    try {
      const call = carol.calls(echo());
      const there = { address: '127.0.0.1', port: gateway.sipPort };
      const headers = ['Replaces: nobody@there;to-tag=1;from-tag=2'];
      call.request('INVITE', there, { sdp: phoneSdp({ codecs: '0' }), headers });
      await carol.receives('481');
      call.request('ACK', there, { sameBranch: true });
    } finally {
      await carol.close();
    }
  });
});
