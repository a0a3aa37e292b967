import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userAgentOf } from './user-agent.ts';

test('browser and system are named with their versions, and the application after them', () => {
  const rows: [text: string, named: string][] = [
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
      'SylkRTC (Chrome 156.0.0.0 on Linux)',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'SylkRTC (Safari 18.1 on macOS 10.15.7)',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/155.0.0.0 Safari/537.36 Edg/155.0.1',
      'SylkRTC (Edge 155.0.1 on Windows 10.0)',
    ],
    ['Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0', 'SylkRTC (Firefox 153.0 on Android 15)'],
    ['', 'SylkRTC (unknown browser on unknown system)'],
  ];
  for (const [text, named] of rows) assert.equal(userAgentOf(text), named);
  assert.equal(userAgentOf('', { name: 'Shop', version: '2' }), 'SylkRTC (unknown browser on unknown system) - Shop 2');
});
