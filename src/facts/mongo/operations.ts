import type { MongoVerb } from '../facts.ts'

/** Names of commands, methods of drivers and tools, in lower case, without what separates their words. */
const NAMES: Readonly<Record<Exclude<MongoVerb, 'unknown'>, string>> = {
  read: `find findone finddocuments findmany query count countdocuments estimateddocumentcount distinct aggregate
    aggregatedb listcollections listdatabases showcollections showdatabases getcollections getdatabases listcollectionnames
    collectionschema getschema schema describecollection inferschema collectionindexes listindexes getindexes indexes
    indexinformation collectionstoragesize dbstats collstats collectionstats databasestats stats explain explainquery ping
    hello ismaster buildinfo serverstatus serverinfo hostinfo connectionstatus datasize sample`,
  write: `insert insertone insertmany insertdocument insertdocuments update updateone updatemany updatedocument
    updatedocuments replaceone replace delete deleteone deletemany deletedocument deletedocuments remove findandmodify
    findoneandupdate findoneandreplace findoneanddelete findoneandremove bulkwrite bulk save upsert`,
  ddl: `createcollection create createindex createindexes ensureindex dropindex dropindexes dropcollection drop
    dropdatabase renamecollection collmod converttocapped createview reindex compact createsearchindex dropsearchindex
    updatesearchindex createsearchindexes shardcollection enablesharding clonecollection truncate`,
  admin: `createuser updateuser dropuser dropallusersfromdatabase grantrolestouser revokerolesfromuser createrole
    updaterole droprole grantprivilegestorole revokeprivilegesfromrole grantrolestorole revokerolesfromrole shutdown
    setparameter setfeaturecompatibilityversion killop killcursors killsessions killallsessions fsync fsyncunlock
    replsetreconfig replsetstepdown replsetinitiate logrotate setprofilinglevel profile addshard removeshard movechunk
    connect switchconnection logout authenticate applyops setindexcommitquorum usersinfo rolesinfo currentop getlog
    getparameter getcmdlineopts`,
  code: 'mapreduce eval group evaluate runscript javascript',
}

export const OPERATIONS: ReadonlyMap<string, MongoVerb> = new Map(
  Object.entries(NAMES).flatMap(([verb, names]) =>
    names.split(/\s+/).map((name): [string, MongoVerb] => [name, isVerb(verb) ? verb : 'unknown']),
  ),
)

function isVerb(text: string): text is MongoVerb {
  return ['read', 'write', 'ddl', 'admin', 'code'].includes(text)
}

/** Tools that take a command, and so do what it does. */
export const RUNNERS: ReadonlySet<string> = new Set([
  'runcommand',
  'command',
  'dbcommand',
  'admincommand',
  'executecommand',
  'rundbcommand',
])

/** `mongodb_insert-Many` is `insertmany`. */
export function plainName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return plain.replace(/^(?:mcp)?(?:mongodb|mongo)/, '')
}

/** Changes documents that a filter chooses. */
export function takesFilter(name: string): boolean {
  return (
    /^(?:update|delete|remove|replace|findandmodify|findoneand|bulk|upsert)/.test(name) && !/user|role|index/.test(name)
  )
}
