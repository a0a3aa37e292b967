import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstBanMs, longestBanMs, longestForgeableBanMs, strikesPerWindow } from '@sylk/protocol/limits.ts';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { SourceBans } from './source-bans.ts';

const udp = { protocol: 'UDP', address: '198.51.100.1', port: 5060 } as const;
const tcp = { ...udp, protocol: 'TCP' } as const;

const fails = (bans: SourceBans, peer: typeof udp | typeof tcp, times: number): void => {
  for (let time = 0; time < times; time++) bans.strike(peer);
};

test('a source that fails too often within a window is banned for a while, and then heard again', async () => {
  const clock = new FakeClock();
  const bans = new SourceBans(clock, () => false);
  fails(bans, udp, strikesPerWindow - 1);
  assert.equal(bans.isBanned(udp), false);
  assert.equal(bans.strike(udp), true);
  assert.equal(bans.isBanned(udp), true);
  assert.equal(bans.isBanned({ ...udp, port: 1, address: '198.51.100.2' }), false);
  await clock.advance(firstBanMs + 1);
  assert.equal(bans.isBanned(udp), false);
});

test('the same failures over a longer time ban nobody', async () => {
  const clock = new FakeClock();
  const bans = new SourceBans(clock, () => false);
  for (let minute = 0; minute < 10; minute++) {
    fails(bans, udp, strikesPerWindow - 1);
    await clock.advance(61_000);
  }
  assert.equal(bans.isBanned(udp), false);
});

for (const [peer, longest] of [
  [udp, longestForgeableBanMs],
  [tcp, longestBanMs],
] as const) {
  test(`each ban by ${peer.protocol} is twice as long as the one before, up to ${longest / 60_000} min`, async () => {
    const clock = new FakeClock();
    const bans = new SourceBans(clock, () => false);
    for (let length = firstBanMs, time = 0; time < 13; time++, length = Math.min(2 * length, longest)) {
      bans.strike(peer, strikesPerWindow);
      await clock.advance(length - 1);
      assert.equal(bans.isBanned(peer), true, `ban ${time}`);
      await clock.advance(2);
      assert.equal(bans.isBanned(peer), false, `ban ${time}`);
    }
  });
}

test('what came by UDP may be forged, and bans nobody who connects; a connection bans on every transport', () => {
  const bans = new SourceBans(new FakeClock(), () => false);
  bans.strike(udp, strikesPerWindow);
  assert.deepEqual([bans.isBanned(udp), bans.isBanned(tcp)], [true, false]);
  const other = { ...tcp, address: '198.51.100.7' };
  bans.strike(other, strikesPerWindow);
  assert.deepEqual([bans.isBanned(other), bans.isBanned({ ...other, protocol: 'UDP' })], [true, true]);
});

test('whoever is known is never banned, also when it became so during a ban', () => {
  const known = new Set<string>();
  const bans = new SourceBans(new FakeClock(), (address) => known.has(address));
  bans.strike(udp, strikesPerWindow);
  known.add(udp.address);
  assert.equal(bans.isBanned(udp), false);
  assert.equal(bans.strike(udp, strikesPerWindow), false);
});

test('a day without failures is forgiven, and a flood from everywhere is forgotten', async () => {
  const clock = new FakeClock();
  const bans = new SourceBans(clock, () => false);
  for (let time = 0; time < 4; time++) {
    bans.strike(udp, strikesPerWindow);
    await clock.advance(longestForgeableBanMs);
  }
  await clock.advance(25 * 60 * 60_000);
  bans.strike(udp, strikesPerWindow);
  await clock.advance(firstBanMs + 1);
  assert.equal(bans.isBanned(udp), false);
  for (let host = 0; host < 30_000; host++) bans.strike({ ...udp, address: `10.0.${host >> 8}.${host & 255}` });
  assert.equal(bans.size, 20_000);
});
