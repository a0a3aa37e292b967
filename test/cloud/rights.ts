import { at, listAt } from './json-path.ts';
import type { Templates } from './templates.ts';

interface Statement {
  readonly isAllowing: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Who may do what: the policies of the roles in the templates, read as IAM reads them. */
export class Rights {
  readonly #byRole = new Map<string, Statement[]>();
  readonly #invokers: readonly { readonly target: string; readonly principal: string; readonly source: string }[];

  constructor(templates: Templates) {
    for (const { properties } of templates.all('AWS::IAM::Policy'))
      for (const role of listAt(properties, 'Roles')) this.#add(String(role), at(properties, 'PolicyDocument'));
    for (const { ref, properties } of templates.all('AWS::IAM::Role'))
      for (const policy of listAt(properties, 'Policies')) this.#add(ref, at(policy, 'PolicyDocument'));
    this.#invokers = templates.all('AWS::Lambda::Permission').map(({ properties }) => ({
      target: String(properties.FunctionName),
      principal: String(properties.Principal),
      source: String(properties.SourceArn ?? '*'),
    }));
  }

  /**
   * @param role its name
   * @param action such as `dynamodb:GetItem`
   * @param resource an ARN
   */
  mayDo(role: string, action: string, resource: string): boolean {
    const fitting = (this.#byRole.get(role) ?? []).filter(
      ({ actions, resources }) =>
        actions.some((pattern) => fits(pattern, action)) && resources.some((pattern) => fits(pattern, resource)),
    );
    return fitting.length > 0 && fitting.every(({ isAllowing }) => isAllowing);
  }

  /** Whether a service may call a function. @param source ARN of what the service calls it for */
  mayInvoke(principal: string, functionArn: string, source: string): boolean {
    return this.#invokers.some(
      (one) => one.target === functionArn && one.principal === principal && fits(one.source, source),
    );
  }

  #add(role: string, document: unknown): void {
    const known = this.#byRole.get(role) ?? [];
    const statements = listAt(document, 'Statement').map((statement) => ({
      isAllowing: at(statement, 'Effect') === 'Allow',
      actions: listAt(statement, 'Action').map(String),
      resources: listAt(statement, 'Resource').map(String),
    }));
    this.#byRole.set(role, [...known, ...statements]);
  }
}

/** `*` stands for any text, `?` for one letter. */
const fits = (pattern: string, text: string): boolean => {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(text);
};
