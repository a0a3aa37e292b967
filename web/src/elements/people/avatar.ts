import { html, type TemplateResult } from 'lit';
import { icon } from '../look/icons.ts';
import { initials, type Person, tintOf } from './person.ts';

/** The picture of a person: initials on a tint of their own, or a figure. Screen readers get the name elsewhere. */
export function avatar(person: Person, size: 'small' | 'big' = 'small'): TemplateResult {
  const letters = initials(person);
  return html`<span class="avatar ${size} tint-${tintOf(person.uri)}" part="avatar" aria-hidden="true"
    >${letters === '' ? icon('person') : letters}</span
  >`;
}
