import { NO_K8S, type K8sFacts } from '../facts.ts'
import { readHelm } from './helm.ts'
import { readKubectl } from './kubectl.ts'
import { splitWords } from './words.ts'

/** Reads a whole command line (`kubectl get pods -n x`, `helm list`) or only the words after `kubectl` (`get pods`). */
export function readK8sText(text: string): K8sFacts {
  const split = splitWords(text)
  return split.kind === 'words' ? readK8sWords(split.words) : { ...NO_K8S, present: true, error: split.error }
}

/** The same for words that nobody has to split, such as a list in the arguments of a tool. */
export function readK8sWords(words: readonly string[]): K8sFacts {
  const [first = '', ...rest] = words
  const read = first === 'helm' ? readHelm(rest) : readKubectl(first === 'kubectl' || first === 'oc' ? rest : words)
  return read.k8s ?? { ...NO_K8S, present: true, error: 'not a command of kubectl or helm' }
}
