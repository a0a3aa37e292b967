import assert from 'node:assert/strict';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import type { Baresip } from './baresip.ts';
import type { PermanentAddress } from './desk-phone.ts';
import type { Gateway } from './gateway.ts';
import { gets, page, SippFlow, type Step } from './sipp-scenario.ts';

/** Where an account is: the page's host, and an edge of its domain. */
export type Place = Pick<Gateway, 'origin' | 'sipPort'>;

/** SIPp asks for the token of alice's history, as one of her own. */
export const asksForToken = (cseq: number, ...headers: string[]): Step =>
  page({ cseq, headers, from: '<sip:alice@gateway.test>', type: 'application/sylk-api-token', body: 'please' });

/** SIPp does these steps towards alice, in her domain. */
export const plays = async (
  { sipPort }: Pick<Place, 'sipPort'>,
  alice: PermanentAddress,
  ...steps: readonly Step[]
): Promise<void> => {
  const domain = alice.address.split('@')[1] ?? '';
  const inHerDomain = steps.map((step) => step.replaceAll('gateway.test', domain));
  const sipp = await SippFlow.start(inHerDomain, `127.0.0.1:${sipPort}`);
  await sipp.succeeds();
  await sipp.stop();
};

/** A text comes for alice, she asks for her token, her phone gets it, and it opens the history, as no other does. */
export const opensHistory = async (place: Place, alice: PermanentAddress, phone: Baresip): Promise<void> => {
  await plays(place, alice, page({ body: 'Kept for later' }), gets(202));
  await plays(
    place,
    alice,
    asksForToken(1),
    gets(407, [], 'auth="true"'),
    asksForToken(2, `[authentication username=alice password=${alice.password}]`),
    gets(200),
  );
  const [, told = ''] = await phone.process.says(/(\{"token":"[^}]*\})/);
  const said: unknown = parseJson(told);
  assert.ok(isJsonObject(said));
  const { pathname } = new URL(String(said.url));
  const read = (token: unknown) =>
    fetch(`${place.origin}${pathname}`, { headers: { authorization: `Apikey ${token}` } });
  const { account, messages } = Object(await (await read(said.token)).json());
  assert.equal(account, alice.address);
  assert.deepEqual(
    messages.map(({ contact, content }: { contact: string; content: string }) => [contact, content.trim()]),
    [['bob@phones.example', 'Kept for later']],
  );
  const refused = await read('of-nobody');
  assert.deepEqual([refused.status, await refused.text()], [401, 'Unauthorized']);
};
