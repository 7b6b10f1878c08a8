import type { ConfigurationIssue } from '../errors/wechat-pay-configuration.error.js';

/** What an option or a public key id may be called. A name of 32 characters is rather an APIv2 key. */
const OPTION_NAME = /^(?:[A-Za-z0-9_]{1,24}|PUB_KEY_ID_[0-9A-Za-z]{1,64})$/;

/** Collects the faults of the options while they are read, each under the path of its option. */
export class OptionReport {
  /** @param issues - shared by all places of one reading */
  constructor(
    private readonly path = '',
    readonly issues: ConfigurationIssue[] = [],
  ) {}

  /** The place of a nested option: a name, or an index of an array. A name that may be a key in the wrong place is not repeated. */
  at(given: string | number): OptionReport {
    const key = typeof given === 'number' || OPTION_NAME.test(given) ? given : `(a name of ${given.length} characters)`;
    const path = typeof key === 'number' ? `${this.path}[${key}]` : this.path === '' ? key : `${this.path}.${key}`;
    return new OptionReport(path, this.issues);
  }

  /**
   * Notes a fault here.
   *
   * @param problem - continues a sentence that begins with the option's name: "is …; …"
   * @returns `undefined`, so that a reader can end with `return report.fault(…)`
   */
  fault(problem: string): undefined {
    this.issues.push({ option: this.path || 'the options', problem });
    return undefined;
  }

  /**
   * Notes every name that is no option, which is most often one that is misspelt.
   *
   * @param options - what stands here
   * @param known - the names that exist
   */
  refuseUnknown(options: object, known: readonly string[]): void {
    for (const name of Object.keys(options)) {
      if (!known.includes(name)) this.at(name).fault(`is no option; there are ${known.join(', ')}`);
    }
  }

  /** Takes over a fault that was thrown as an {@link OptionFault}; anything else is thrown on. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof OptionFault) return this.fault(error.message);
      throw error;
    }
  }
}

/** A fault of one option, thrown by a reader that does not know the option's place. */
export class OptionFault extends Error {
  override readonly name = 'OptionFault';
}
