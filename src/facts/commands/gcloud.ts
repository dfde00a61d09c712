import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { GCLOUD_GROUPS, GCLOUD_OPTIONS, GCLOUD_PATHS } from './gcloud-table.ts'
import { leafOf } from './leaf.ts'
import { has, options, scan, valueOf } from './options.ts'
import { cloudOf, reading, type CommandReading } from './reading.ts'
import { commandTable, descend, does, effectOf, nameFlag, pathOf, reads, withFlags, type Entry } from './table.ts'

const IMPERSONATION = options('--impersonate-service-account=')
const READS =
  /^(?:list|describe|search|lookup|info|list-[a-z-]+|get-(?:iam-policy|ancestors|health|server-config|guest-attributes|serial-port-output|named-ports|effective-firewalls|nat-mapping-info|status|value|ancestors-iam-policy|parent)|test-iam-permissions|search-all-(?:resources|iam-policies))$/

/** Reads the words after `gcloud`. */
export function readGcloud(words: readonly Word[]): CommandReading {
  const leaf = leafOf(words, {
    globals: new Map([...GCLOUD_OPTIONS, ...IMPERSONATION]),
    groups: GCLOUD_GROUPS,
    paths: GCLOUD_PATHS,
    reads: READS,
  })
  const verbs: ShellVerb[] = [...leaf.verbs]
  const flags: string[] = [...leaf.flags]
  if (leaf.scanned.found.some(({ name }) => IMPERSONATION.has(name))) {
    verbs.push('admin')
    flags.push('impersonation')
  }
  const isQuestion =
    leaf.path === '' && leaf.scanned.strange.length === 0 && has(leaf.scanned, '--version', '-v', '--help', '-h')
  const read = reading({ verbs: isQuestion ? ['read'] : verbs, flags: [...flags, ...nameFlag('gcloud', leaf.path)] })
  const parts = leaf.path.split(' ')
  const region = valueOf(leaf.scanned, '--region', '--zone', '--location')
  const service = parts.slice(0, -1).join(' ')
  return {
    ...read,
    cloud: cloudOf(read, {
      provider: 'gcloud',
      service,
      action: parts.at(-1) ?? '',
      profile: valueOf(leaf.scanned, '--project'),
      region,
    }),
  }
}

const GSUTIL: Readonly<Record<string, Entry>> = {
  ls: reads('-l -L -a -b -d -h -p= -r -R -e'),
  du: reads('-0 -a -c -e= -h -s -X='),
  'stat | version | help': reads('-l'),
  cat: does('read', '-h -r='),
  'iam get | acl get | defacl get | cors get | lifecycle get | logging get | versioning get | label get | website get | ubla get | bucketpolicyonly get | retention get | rpo get | defstorageclass get | notification list | hmac list':
    reads('-l -a -u='),
  'cp | rsync | compose | rewrite | setmeta': does('network write'),
  mv: does('network write delete'),
  'rm | rb | notification delete | hmac delete': does('delete'),
  'mb | cors set | lifecycle set | logging set | versioning set | label set | label ch | website set | defstorageclass set':
    does('write'),
  'iam set | iam ch | acl set | acl ch | defacl set | defacl ch | hmac create | hmac update | config':
    does('admin write'),
  signurl: withFlags(does('admin'), 'secrets'),
}
const GSUTIL_TABLE = commandTable(GSUTIL)

/** Reads the words after `gsutil`. */
export function readGsutil(words: readonly Word[]): CommandReading {
  return simple('gsutil', words, { table: GSUTIL_TABLE, globals: options('-m -q') })
}

const BQ_LIST =
  '--format= --max_results= -n= -a --all -j -p -d --datasets --jobs --models --routines --filter= --dataset_id= --start_index='
const BQ: Readonly<Record<string, Entry>> = {
  'ls | list': reads(BQ_LIST),
  show: reads(
    BQ_LIST,
    '--schema --view --job --model --routine --encryption_service_account --reservation --transfer_config',
  ),
  head: reads(BQ_LIST, '-s= --selected_fields= -t --table -j --job'),
  'version | info | help | get-iam-policy': reads(BQ_LIST),
  query: does('sql_unknown network'),
  'load | extract | mk | cp | update | insert | set-iam-policy | add-iam-policy-binding | undelete | partition | truncate':
    does('write network'),
  'rm | cancel | remove-iam-policy-binding': does('delete'),
}
const BQ_TABLE = commandTable(BQ)

/** Reads the words after `bq`; the SQL of `bq query` is not read here. */
export function readBq(words: readonly Word[]): CommandReading {
  return simple('bq', words, {
    table: BQ_TABLE,
    globals: options('--project_id= --location= --format= --dataset_id= -q --quiet --headless'),
  })
}

type Simple = Pick<Parameters<typeof descend>[2], 'globals'> & { readonly table: Parameters<typeof descend>[1] }

function simple(program: string, words: readonly Word[], { table, globals }: Simple): CommandReading {
  const place = descend(words, table, { globals })
  const own = scan(words, place.entry === undefined ? [] : [place.entry.options, globals], { from: place.at })
  const effect = effectOf(place.entry, {
    ...own,
    strange: [...place.before.strange, ...own.strange],
    dynamic: place.before.dynamic || own.dynamic,
  })
  const path = pathOf(place, words)
  const urls = own.words.filter((word) => word.startsWith('gs://') || word.startsWith('http'))
  const read = reading({
    verbs: effect.verbs,
    flags: [...effect.flags, ...nameFlag(program, path)],
    urls,
  })
  return { ...read, cloud: cloudOf(read, { provider: 'gcloud', service: program, action: path }) }
}
