// Secrets of upstreams. At rest they are encrypted with a key that is not in the database; in memory they are boxed; they
// are read in one place, where a request is made, and nobody can ask to see one again. The client's own token is not
// among them and never goes upstream.
import { Sealed } from '../base/sealed.ts'

/** The value of a credential. Prints its label. */
export class Secret extends Sealed<string> {
  get label(): string {
    return '[secret]'
  }
}
