import { css, html, type TemplateResult } from 'lit';
import type { MediaOfSide, MediaStretch } from '../../store/call-course.ts';
import type { Messages } from '../messages/en.ts';

/** What one side's media came to over time: a row a stretch, with bars that make the course of the rates visible. */
export function mediaTable({ side, samples }: MediaOfSide, start: number, words: Messages['course']): TemplateResult {
  const most = Math.max(1, ...samples.flatMap(({ inKbps, outKbps }) => [inKbps, outKbps]));
  return html`<table part="ladder-media">
    <caption>${words.sides[side]}</caption>
    <thead><tr>
      <th scope="col">${words.time}</th>
      <th scope="col">${words.sends}</th><th scope="col">${words.lost}</th><th scope="col">${words.jitter}</th>
      <th scope="col">${words.gets}</th><th scope="col">${words.lost}</th>
    </tr></thead>
    <tbody>${samples.map((sample) => row(sample, start, most))}</tbody>
  </table>`;
}

const row = ({ at, inKbps, outKbps, inLoss, outLoss, jitterMs }: MediaStretch, start: number, most: number) =>
  html`<tr>
    <th scope="row">${secondsOf(at - start)}</th>
    ${rate(inKbps, most)}${loss(inLoss)}<td>${jitterMs === undefined ? '–' : jitterMs.toFixed(1)}</td>
    ${rate(outKbps, most)}${loss(outLoss)}
  </tr>`;

const rate = (kbps: number, most: number): TemplateResult =>
  html`<td class="rate" .style=${`--bar: ${Math.round((100 * kbps) / most)}%`}>${kbps}</td>`;

const loss = (share: number | undefined): TemplateResult =>
  share === undefined
    ? html`<td>–</td>`
    : html`<td class=${share >= audibleLoss ? 'bad' : ''}>${(100 * share).toFixed(1)} %</td>`;

const secondsOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** From here on people hear it. */
const audibleLoss = 0.02;

export const mediaStyle = css`
  h2 {
    margin: 24px 0 8px;
    font-size: 20px;
  }

  table {
    inline-size: 100%;
    margin-block-end: 16px;
    border-collapse: collapse;
    border-radius: var(--_radius);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  caption {
    padding: 8px;
    font-weight: 600;
    text-align: start;
  }

  td,
  th {
    padding: 6px 8px;
    border-block-start: 1px solid var(--_line);
    font-weight: 400;
    text-align: end;
  }

  thead th {
    border: 0;
    color: var(--_soft);
    vertical-align: bottom;
  }

  tbody {
    white-space: nowrap;
  }

  .rate {
    background: linear-gradient(to left, var(--_tint) var(--bar), transparent var(--bar));
  }

  .bad {
    color: var(--_danger-text);
    font-weight: 600;
  }

  @media (width < 640px) {
    td,
    th {
      padding-inline: 4px;
    }
  }
`;
