import '../elements/sylk-phone.ts';
import { calledAddress } from './call-link.ts';

const phone = document.querySelector('sylk-phone');
const address = calledAddress(location.pathname);
if (phone !== null && address !== undefined) {
  phone.text = address;
  document.title = `Call ${address}`;
}
