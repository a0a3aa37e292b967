/**
 * HTML of a stranger as HTML that only formats text: scripts, styles, forms, pictures and everything unknown are gone,
 * and of links only those that a person would follow.
 *
 * @returns nothing but text, the tags below without attributes, and `a` with a safe `href`
 */
export function sanitizeHtml(html: string): string {
  const holder = document.implementation.createHTMLDocument('').createElement('div');
  holder.append(sanitizedNodes(html, holder.ownerDocument));
  return holder.innerHTML;
}

/**
 * The same as nodes of this document, so that nothing has to be parsed a second time.
 *
 * @param owner the document that the nodes are made for
 */
export function sanitizedNodes(html: string, owner: Document = document): DocumentFragment {
  // What is in a template belongs to no page: nothing in it runs, is fetched or is drawn.
  const template = document.createElement('template');
  template.innerHTML = html.slice(0, longestHtml);
  const safe = owner.createDocumentFragment();
  copyChildren(template.content, safe, owner, 0);
  return safe;
}

/** Made anew node by node: what is not known to be harmless has no way into the copy. */
function copyChildren(from: Node, to: Node, owner: Document, depth: number): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(owner.createTextNode(child.textContent ?? ''));
    if (isElement(child)) copyElement(child, to, owner, depth);
  }
}

function copyElement(element: Element, to: Node, owner: Document, depth: number): void {
  const tag = element.localName;
  if (dropped.has(tag)) return;
  const isKept = allowed.has(tag) && element.namespaceURI === htmlNamespace && depth < deepest;
  if (!isKept) return copyChildren(element, to, owner, depth);
  const copy = owner.createElement(tag);
  if (tag === 'a') copyLink(element, copy);
  to.appendChild(copy);
  copyChildren(element, copy, owner, depth + 1);
}

function copyLink(element: Element, copy: HTMLElement): void {
  const href = safeLink(element.getAttribute('href') ?? '');
  if (href === undefined) return;
  copy.setAttribute('href', href);
  copy.setAttribute('target', '_blank');
  copy.setAttribute('rel', 'noopener noreferrer nofollow');
}

/** @returns the whole address when it is one that may be opened from a message */
export function safeLink(href: string): string | undefined {
  if (!/^(https?|mailto|sips?|tel|xmpp):/i.test(href.trim())) return undefined;
  return URL.canParse(href) ? new URL(href).href : undefined;
}

/** Nodes of another document are no instances of this window's classes. */
const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE;

const htmlNamespace = 'http://www.w3.org/1999/xhtml';
const allowed = new Set(
  'a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins li ol p pre q s small span strong sub sup table tbody td th thead tr u ul'.split(
    ' ',
  ),
);
/** Gone with all that is in them; of other unknown elements the text stays. */
const dropped = new Set(
  'script style template noscript iframe object embed svg math title head meta link base form input button select option textarea audio video canvas frameset frame xmp plaintext'.split(
    ' ',
  ),
);
/** Deeper than people write and shallower than what exhausts a stack. */
const deepest = 64;
const longestHtml = 256 * 1024;
