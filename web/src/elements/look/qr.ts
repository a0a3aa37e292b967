import { html, svg, type TemplateResult } from 'lit';
import { encode } from 'uqr';

/**
 * A QR code as inline SVG: dark on white in both schemes, since many readers cannot read the inverse.
 *
 * @param name what it is, for those who cannot see it
 */
export function qrCode(text: string, name: string): TemplateResult {
  const code = encode(text, { ecc: 'M', border: 2 });
  const path = code.data.map((row, y) => rowPath(row, y)).join('');
  return html`<svg class="qr" part="qr" role="img" aria-label=${name} viewBox="0 0 ${code.size} ${code.size}" shape-rendering="crispEdges">
    ${svg`<rect width=${code.size} height=${code.size} fill="#fff"></rect><path d=${path} fill="#11141b"></path>`}
  </svg>`;
}

/** One rectangle for each run of dark modules in a row. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== true || row[x - 1] === true) continue;
    let length = 1;
    while (row[x + length] === true) length += 1;
    path += `M${x} ${y}h${length}v1h-${length}z`;
  }
  return path;
}
