// Indexes a log and says how far it is, until it is killed.
import { indexLog } from '../../src/store/search/index-log.ts'

const [folder = ''] = process.argv.slice(2)
await indexLog(folder, (seq) => process.stdout.write(`${seq}\n`))
process.stdout.write('done\n')
