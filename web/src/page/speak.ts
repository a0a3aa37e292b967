import { loadMessages, pickLanguage } from '../elements/messages/languages.ts';

/** How long nothing is shown rather than something in another language, in ms. */
const patienceMs = 500;

/**
 * Lets a phone speak the language that the person likes best of those that it can.
 *
 * @param wanted BCP 47 tags, the best first
 */
export async function speak(phone: HTMLElementTagNameMap['sylk-phone'], wanted: readonly string[]): Promise<void> {
  const language = pickLanguage(wanted);
  if (language === 'en') return;
  const show = () => {
    document.body.hidden = false;
  };
  document.body.hidden = true;
  const timer = setTimeout(show, patienceMs);
  try {
    phone.messages = await loadMessages(language);
    document.documentElement.lang = language;
    await phone.updateComplete;
  } catch (error) {
    // The file could not be fetched: the page works in English.
    if (!(error instanceof TypeError)) throw error;
  } finally {
    clearTimeout(timer);
    show();
  }
}
