import { loadMessages, pickLanguage } from '../messages/languages.ts';
import '../sylk-ladder.ts';
import { readAddresses } from '../../store/address-memory.ts';
import { GatewayApi } from '../../store/gateway-api.ts';
import { Sentence } from '../../store/sentence.ts';
import { webBrowser } from '../../store/web-browser.ts';

/** Shows the course of a call in place of the phone; for whoever has an address here that had the call. */
export async function showLadder(session: string): Promise<void> {
  const messages = await loadMessages(pickLanguage(navigator.languages));
  const browser = webBrowser();
  const api = new GatewayApi(browser, location.origin, messages.store);
  const ladder = document.createElement('sylk-ladder');
  ladder.messages = messages;
  document.body.prepend(ladder);
  document.title = messages.course.title;
  document.documentElement.lang = messages.locale;
  const { own, former } = readAddresses(browser.memory);
  ladder.problem = messages.store.error.noLadder;
  for (const { address, ha1 } of [...(own ? [own] : []), ...former]) {
    const credentials = { address, password: ha1 };
    try {
      const [course, text] = await Promise.all([api.course(session, credentials), api.ladder(session, credentials)]);
      return void Object.assign(ladder, { course, text, problem: undefined });
    } catch (error) {
      // Another address of this browser may have had it.
      if (!(error instanceof Sentence)) throw error;
      ladder.problem = error.message;
    }
  }
}
