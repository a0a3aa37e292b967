import { after, before, describe, it } from 'node:test';
import type { Baresip } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { asksForToken, opensHistory, plays } from '../../peers/kept-history.ts';
import { gets } from '../../peers/sipp-scenario.ts';

let gateway: Gateway;
let alice: PermanentAddress;
let phone: Baresip | undefined;

before(async () => {
  gateway = await startGateway();
  alice = await permanentAddress(gateway, 'alice');
});

after(async () => {
  await phone?.stop();
  await gateway?.stop();
});

describe('the token of a history', () => {
  it('token: asked for with the password, it comes to the phone of the account, and opens what was written', async () => {
    phone = await deskPhone(gateway, alice, { isTraced: true });
    await phone.event('REGISTER_OK');
    await opensHistory(gateway, alice, phone);
  });

  it('token: whoever does not show the password is challenged, and with a wrong one refused', async () => {
    const wrong = asksForToken(2, '[authentication username=alice password=guessed]');
    await plays(gateway, alice, asksForToken(1), gets(407, [], 'auth="true"'), wrong, gets(403));
  });
});
