import { html, type TemplateResult } from 'lit';

/** Our mark where a site puts none of its own: two waves that meet. */
export function brand(): TemplateResult {
  return html`<svg class="brand" part="brand" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect class="ground" width="32" height="32" rx="9"></rect>
    <path class="figure" d="M8.5 18.5c2.5-7 5-7 7.5-2.5s5 4.5 7.5-2.5M11 24c1.7 1 3.3 1.5 5 1.5s3.3-.5 5-1.5"></path>
  </svg>`;
}
