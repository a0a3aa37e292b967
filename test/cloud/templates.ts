import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@sylk/protocol/json.ts';
import { isJsonObject } from '@sylk/protocol/json.ts';
import { at, objectAt, textAt } from './json-path.ts';
import { attributeOf, pseudoParameters, refOf } from './physical-names.ts';

/** One resource of a template. */
export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  /** `Ref` of it. */
  readonly ref: string;
  /** With all references resolved. @throws Error for a reference to nothing */
  readonly properties: JsonObject;
}

interface Stack {
  readonly name: string;
  readonly resources: JsonObject;
  readonly outputs: JsonObject;
}

/** The templates of all stacks of a deployment, as `npm run synth` writes them. */
export class Templates {
  readonly #stacks: readonly Stack[];

  /** @param templates JSON of each template, by the name of its stack */
  constructor(templates: Readonly<Record<string, unknown>>) {
    this.#stacks = Object.entries(templates).map(([name, template]) => ({
      name,
      resources: objectAt(template, 'Resources'),
      outputs: objectAt(template, 'Outputs'),
    }));
  }

  /** @throws Error when there is no template in the folder */
  static read(folder: string): Templates {
    const suffix = '.template.json';
    const files = readdirSync(folder).filter((name) => name.endsWith(suffix));
    if (files.length === 0) throw new Error(`no template in ${folder}, make them with: npm run synth`);
    const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return new Templates(Object.fromEntries(files.map((file) => [file.slice(0, -suffix.length), read(file)])));
  }

  /** All resources of a type, in all stacks. */
  all(type: string): readonly Resource[] {
    return this.#stacks.flatMap((stack) =>
      Object.entries(stack.resources)
        .filter(([, resource]) => at(resource, 'Type') === type)
        .map(([id, resource]) => this.#resource(stack, id, resource)),
    );
  }

  /** @throws Error unless there is exactly one */
  only(type: string): Resource {
    const [first, ...more] = this.all(type);
    if (first === undefined || more.length > 0) throw new Error(`expected one ${type}, found ${this.all(type).length}`);
    return first;
  }

  #resource(stack: Stack, id: string, resource: unknown): Resource {
    const type = textAt(resource, 'Type');
    const resolved = () => objectAt({ all: this.#resolve(stack, objectAt(resource, 'Properties')) }, 'all');
    return {
      stack: stack.name,
      id,
      type,
      ref: refOf(type, id),
      get properties() {
        return resolved();
      },
    };
  }

  #resolve(stack: Stack, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#resolve(stack, item));
    if (!isJsonObject(value)) return value;
    const [name, argument] = Object.entries(value)[0] ?? [];
    if (name === 'Ref' || name?.startsWith('Fn::')) return this.#intrinsic(stack, name, argument);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#resolve(stack, inner)]));
  }

  #intrinsic(stack: Stack, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(stack, String(argument));
      case 'Fn::GetAtt':
        return this.#attribute(stack, Array.isArray(argument) ? argument.join('.') : String(argument));
      case 'Fn::Join':
        return this.#texts(stack, at(argument, 1)).join(textAt(argument, 0));
      case 'Fn::Sub':
        return this.#substituted(stack, argument);
      case 'Fn::ImportValue':
        return this.#imported(String(this.#resolve(stack, argument)));
      default:
        throw new Error(`${stack.name} uses ${name}, which the emulation does not know`);
    }
  }

  #ref(stack: Stack, id: string): string {
    return pseudoParameters[id] ?? refOf(this.#typeOf(stack, id), id);
  }

  #attribute(stack: Stack, path: string): string {
    const [id = '', ...attribute] = path.split('.');
    return attributeOf(this.#typeOf(stack, id), id, attribute.join('.'));
  }

  #typeOf(stack: Stack, id: string): string {
    if (stack.resources[id] === undefined) throw new Error(`${stack.name} refers to ${id}, which it does not have`);
    return textAt(stack.resources[id], 'Type');
  }

  #texts(stack: Stack, list: unknown): readonly string[] {
    const resolved = this.#resolve(stack, list);
    return Array.isArray(resolved) ? resolved.map(String) : [];
  }

  #substituted(stack: Stack, argument: unknown): string {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return String(text).replace(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (isJsonObject(variables) && name in variables) return String(this.#resolve(stack, variables[name]));
      return name.includes('.') ? this.#attribute(stack, name) : this.#ref(stack, name);
    });
  }

  #imported(name: string): unknown {
    for (const stack of this.#stacks)
      for (const output of Object.values(stack.outputs))
        if (at(output, 'Export', 'Name') === name) return this.#resolve(stack, at(output, 'Value'));
    throw new Error(`no stack exports ${name}`);
  }
}
