import './make-room.ts';
import '../elements/sylk-phone.ts';
import { calledAddress } from './call-link.ts';
import { ladderSession } from './ladder-link.ts';
import { speak } from './speak.ts';

const phone = document.querySelector('sylk-phone');
const session = ladderSession(location.pathname);
if (session !== undefined) {
  const { showLadder } = await import('../elements/ladder/show-ladder.ts');
  await showLadder(session);
} else if (phone !== null) {
  const address = calledAddress(location.pathname);
  if (address !== undefined) phone.text = address;
  await speak(phone, navigator.languages);
  if (address !== undefined) document.title = phone.messages.dial.reach(address);
}
