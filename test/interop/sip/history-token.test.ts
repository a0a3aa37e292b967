import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import type { Baresip } from '../../peers/baresip.ts';
import { deskPhone, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { gets, page, SippFlow } from '../../peers/sipp-scenario.ts';

let gateway: Gateway;
let phone: Baresip | undefined;

before(async () => {
  gateway = await startGateway();
});

after(async () => {
  await phone?.stop();
  await gateway?.stop();
});

/** As SIPp writes it, of our domain. */
const asksForToken = (cseq: number, ...headers: string[]) =>
  page({ cseq, headers, from: '<sip:alice@sylk.test>', type: 'application/sylk-api-token', body: 'please' });

const plays = async (...steps: readonly string[]): Promise<void> => {
  const inOurDomain = steps.map((step) => step.replaceAll('gateway.test', 'sylk.test'));
  const sipp = await SippFlow.start(inOurDomain, `127.0.0.1:${gateway.sipPort}`);
  await sipp.succeeds();
  await sipp.stop();
};

describe('the token of a history', () => {
  it('token: asked for with the password, it comes to the phone of the account, and opens what was written', async () => {
    const alice = await permanentAddress(gateway, 'alice');
    phone = await deskPhone(gateway, alice, { isTraced: true });
    await phone.event('REGISTER_OK');
    await plays(page({ body: 'Kept for later' }), gets(202));
    await plays(
      asksForToken(1),
      gets(407, [], 'auth="true"'),
      asksForToken(2, `[authentication username=alice password=${alice.password}]`),
      gets(200),
    );
    const [, told = ''] = await phone.process.says(/(\{"token":"[^}]*\})/);
    const said: unknown = parseJson(told);
    assert.ok(isJsonObject(said));
    const { pathname } = new URL(String(said.url));
    const headers = { authorization: `Apikey ${said.token}` };
    const answered: unknown = await (await fetch(`${gateway.origin}${pathname}`, { headers })).json();
    const { account, messages } = Object(answered);
    assert.equal(account, alice.address);
    assert.deepEqual(
      messages.map(({ contact, content }: { contact: string; content: string }) => [contact, content.trim()]),
      [['bob@phones.example', 'Kept for later']],
    );
    const refused = await fetch(`${gateway.origin}${pathname}`, { headers: { authorization: 'Apikey of-nobody' } });
    assert.deepEqual([refused.status, await refused.text()], [401, 'Unauthorized']);
  });

  it('token: whoever does not show the password is challenged, and with a wrong one refused', async () => {
    const wrong = asksForToken(2, '[authentication username=alice password=guessed]');
    await plays(asksForToken(1), gets(407, [], 'auth="true"'), wrong, gets(403));
  });
});
