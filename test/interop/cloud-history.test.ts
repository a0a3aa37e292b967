import { after, before, describe, it } from 'node:test';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import type { Baresip } from '../peers/baresip.ts';
import { deskPhone, permanentAddress } from '../peers/desk-phone.ts';
import { opensHistory } from '../peers/kept-history.ts';

describe('the history of an account in the cloud', () => {
  let cloud: Cloud;
  let phone: Baresip | undefined;
  before(async () => {
    cloud = await startCloud();
  });
  after(async () => {
    await phone?.stop();
    await cloud?.stop();
  });

  it('is opened by the token that came to the phone of the account, and by no other', async () => {
    const [edge] = cloud.edges;
    if (edge === undefined) throw new Error('the cloud has no edge');
    const place = { origin: cloud.origin, sipPort: edge.sipPort };
    const alice = await permanentAddress(place, 'alice');
    phone = await deskPhone(place, alice, { isTraced: true });
    await phone.event('REGISTER_OK');
    await opensHistory(place, alice, phone);
  });
});
