import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeImdn, parseImdn } from './imdn.ts';
import { encodeComposing, parseComposing } from './is-composing.ts';
import { parseXml } from './xml.ts';

describe('IMDN', () => {
  it('reads each kind of notification', () => {
    const imdn = (kind: string, status: string) =>
      parseImdn(
        `<?xml version="1.0"?><a:imdn xmlns:a='urn:ietf:params:xml:ns:imdn'><a:message-id> 34&amp;j </a:message-id>
        <a:datetime>2026-01-02T10:00:00Z</a:datetime><!-- <x> --><a:${kind}><a:status><a:${status}/></a:status></a:${kind}></a:imdn>`,
      );
    assert.deepEqual(imdn('delivery-notification', 'delivered'), {
      messageId: '34&j',
      disposition: 'delivered',
      at: Date.UTC(2026, 0, 2, 10),
    });
    assert.equal(imdn('display-notification', 'displayed').disposition, 'displayed');
    assert.equal(imdn('delivery-notification', 'failed').disposition, 'failed');
    assert.equal(imdn('processing-notification', 'stored').disposition, 'stored');
    assert.throws(() => imdn('display-notification', 'delivered'), /without a status/);
    assert.throws(() => imdn('x', 'delivered'), /without a status/);
  });

  it('is read again as it was written', () => {
    const at = 1_767_348_000_000;
    const text = encodeImdn({ messageId: '<id>&"', disposition: 'displayed', at, recipient: 'sip:a@b.example' });
    assert.deepEqual(parseImdn(text), { messageId: '<id>&"', disposition: 'displayed', at });
  });

  it('needs the id of a message', () => {
    assert.throws(() => parseImdn('<imdn/>'), /without message-id/);
    assert.throws(() => parseImdn('<other><message-id>1</message-id></other>'), /without message-id/);
  });
});

describe('is-composing', () => {
  const composing = (inner: string) =>
    parseComposing(`<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">${inner}</isComposing>`);

  it('reads state, content type and refresh, within bounds', () => {
    assert.deepEqual(composing('<state>active</state><contenttype>text/html</contenttype><refresh>90</refresh>'), {
      state: 'active',
      contentType: 'text/html',
      refreshSec: 90,
    });
    assert.equal(composing('<state>active</state><refresh>999999</refresh>').refreshSec, 600);
    assert.equal(composing('<state>active</state><refresh>-5</refresh>').refreshSec, 120);
    assert.deepEqual(composing('<state>dreaming</state>'), { state: 'idle', refreshSec: 120 });
    assert.throws(() => composing(''), /without state/);
  });

  it('is read again as it was written', () => {
    const active = { state: 'active', contentType: 'text/plain', refreshSec: 60 } as const;
    assert.deepEqual(parseComposing(encodeComposing(active)), active);
    assert.equal(parseComposing(encodeComposing({ state: 'idle', refreshSec: 60 })).state, 'idle');
  });
});

describe('hostile XML', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['an external entity', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['an entity that is not known', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>&</a>'],
    ['a character beyond Unicode', '<a>&#x110000;</a>'],
    ['a zero', '<a>&#0;</a>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['a processing instruction', '<?php x ?><a/>'],
    ['an element that does not end', '<a>'],
    ['elements that cross', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text beside the root', 'x<a/>'],
    ['an end without a beginning', '</a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['nothing', ''],
    ['depth', `${'<a>'.repeat(9)}${'</a>'.repeat(9)}`],
    ['very many elements', `<a>${'<b/>'.repeat(100)}</a>`],
    ['size', `<a>${'x'.repeat(17_000)}</a>`],
    ['a comment that does not end', `<a>${'<!--'.repeat(3_000)}`],
    ['white space', `<a ${' '.repeat(16_000)}`],
    ['half attributes', `<a ${'a="" '.repeat(3_000)}`],
  ];
  for (const [title, text] of cases) {
    it(`is refused: ${title}`, () => {
      const before = performance.now();
      assert.throws(() => parseXml(text), { name: 'UnreadableBody' });
      // No more than a bound against a pattern that never ends.
      assert.ok(performance.now() - before < 2_000);
    });
  }
});
