import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { systemClock } from '../../../media-edge/src/main/system-clock.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import type { IncomingInvite } from '../../../media-edge/src/ports/sip-endpoint.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../../../media-edge/src/sip/sip-endpoint.ts';
import type { Flow } from '../../../media-edge/src/sip/transport/flow.ts';
import { FakeSfu } from '../../fakes/fake-sfu.ts';
import { phoneSdp } from '../../fakes/sip-text.ts';
import { freePort } from '../../peers/ports.ts';
import { browserAnswer, pcmu } from '../../scenario/sip-world.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';
import { request, words } from './sip-texts.ts';

/** Between two messages of one conversation. */
const cut = '\n--\n';
/** Stands for the tag that we gave last, and for a Call-ID that no other input has. */
const tagMark = '@TAG@';
const idMark = '@ID@';

/**
 * Conversations with the whole SIP side: parser, sanity, transactions, dialogs, calls that are answered and refused.
 * Only its sockets and its media plane are not real.
 */
export async function sipStackTarget(): Promise<Target> {
  const stack = new Stack(
    await openSipEndpoint({
      addresses: ['127.0.0.1'],
      port: await freePort(),
      clock: systemClock,
      networks: peerNetworks(['127.0.0.0/8', '192.0.2.0/24']),
      isOurDomain: () => true,
      timers: { t1Ms: 1, t2Ms: 4, t4Ms: 4, noAnswerMs: 60, tryNextMs: 10, unreachedMs: 20, closeMs: 10 },
    }),
  );
  return {
    name: 'sip-stack',
    seeds: conversations.map((messages) => Buffer.from(messages.join(cut), 'latin1')),
    dictionary: [...words, cut, tagMark, idMark],
    maxBytes: 6 * 1024,
    run: (input) => stack.hold(Buffer.from(input).toString('latin1')),
    settle: () => stack.settle(),
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

class Stack {
  readonly #endpoint: GatewaySipEndpoint;
  readonly #sfu = new FakeSfu();
  #waiting: IncomingInvite[] = [];
  #legs: { end(): Promise<void> }[] = [];
  #tag = 'none';
  #count = 0;

  constructor(endpoint: GatewaySipEndpoint) {
    this.#endpoint = endpoint;
    endpoint.onInvite((invite) => this.#take(invite));
  }

  async hold(conversation: string): Promise<void> {
    const id = `fuzz-${++this.#count}`;
    for (const message of conversation.split(cut).slice(0, 8)) {
      const text = message.replaceAll(tagMark, this.#tag).replaceAll(idMark, id);
      this.#endpoint.receive(Buffer.from(text, 'latin1'), this.#flow);
      await turn();
    }
    must(this.#endpoint.counts.failed === this.#failed, 'a message could not be worked on');
  }

  /** Ends what is left, and lets the timers of transactions run out. */
  async settle(): Promise<void> {
    for (const invite of this.#waiting.splice(0)) invite.reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
    await Promise.all(this.#legs.splice(0).map((leg) => leg.end()));
    for (const router of this.#sfu.routers.splice(0)) router.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  get #failed(): number {
    return 0;
  }

  /** As a connection: answers come back by it, and none leaves by a real socket. */
  readonly #flow: Flow = {
    peer: { protocol: 'TCP', address: '127.0.0.1', port: 5060 },
    id: 'fuzz',
    identities: [],
    isOpen: true,
    send: (message) => {
      this.#tag = /^To:.*;tag=([^;\s]+)/m.exec(message.toString('latin1'))?.[1] ?? this.#tag;
      return Promise.resolve();
    },
  };

  #take(invite: IncomingInvite): void {
    if (this.#count % 4 === 0) return void this.#waiting.push(invite);
    if (this.#count % 4 === 1) return invite.reject({ code: 404, phrase: 'Not Found', by: 'gateway' });
    this.#answer(invite).catch((error: unknown) => {
      // The call may have ended in the meantime; a fault of ours is no refusal.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
    });
  }

  async #answer(invite: IncomingInvite): Promise<void> {
    const router = await this.#sfu.createRouter([pcmu]);
    const leg = invite.leg(router, () => undefined);
    this.#legs.push({ end: () => leg.end(normalEnd('callee')) });
    if (this.#count % 4 === 2) await leg.ring();
    await leg.accept(browserAnswer());
  }
}

const conversation = (method: string, more: readonly string[] = [], body = ''): string =>
  request(method, more, body)
    .toString('latin1')
    .replace(/^Call-ID: .*$/m, `Call-ID: ${idMark}`)
    .replace('branch=z9hG4bKa', `branch=z9hG4bK${idMark}${method}`);

const within = (message: string, cseq: number): string =>
  message.replace(/^(To: [^\r]*)/m, `$1;tag=${tagMark}`).replace(/^CSeq: \d+/m, `CSeq: ${cseq}`);

const sdp = phoneSdp({ address: '127.0.0.1' });
const withSdp = ['Content-Type: application/sdp', 'Supported: timer, 100rel'];
const invite = conversation('INVITE', withSdp, sdp);
const conversations: readonly (readonly string[])[] = [
  [invite, within(conversation('ACK'), 7), within(conversation('BYE'), 8)],
  [
    invite,
    within(conversation('ACK'), 7),
    within(conversation('INVITE', withSdp, phoneSdp({ version: 2, direction: 'sendonly' })), 8),
  ],
  [invite, within(conversation('ACK'), 7), within(conversation('UPDATE', withSdp, sdp), 8)],
  [
    invite,
    within(conversation('ACK'), 7),
    within(conversation('INFO', ['Content-Type: application/dtmf-relay'], 'Signal=5\r\n'), 8),
  ],
  [invite, conversation('CANCEL').replace(`${idMark}CANCEL`, `${idMark}INVITE`)],
  [conversation('INVITE'), within(conversation('ACK', withSdp, sdp), 7)],
  [conversation('OPTIONS'), conversation('REGISTER', ['Expires: 60']), conversation('SUBSCRIBE', ['Event: presence'])],
  [
    invite,
    within(conversation('PRACK', ['RAck: 1 7 INVITE']), 8),
    within(conversation('REFER', ['Refer-To: <sip:c@d>']), 9),
  ],
];
