import type { SqlVerb } from '../../facts.ts'

/**
 * What each kind of statement does, as an allow list: a kind that is not here is `unknown`, also one that a later version
 * adds. DISCARD, LISTEN and SET CONSTRAINTS are left out on purpose: nobody who reads needs them.
 */
export const STATEMENTS: ReadonlyMap<string, readonly SqlVerb[]> = new Map([
  ...all(['read'], 'SelectStmt VariableShowStmt'),
  ...all(['write'], 'InsertStmt UpdateStmt DeleteStmt MergeStmt NotifyStmt'),
  ...all(['tx'], 'TransactionStmt'),
  ...all(['lock'], 'LockStmt'),
  ...all(['session'], 'VariableSetStmt PrepareStmt DeallocateStmt DeclareCursorStmt ClosePortalStmt FetchStmt'),
  ...all(['code'], 'DoStmt CallStmt ExecuteStmt'),
  ...all(['ddl', 'code'], 'CreateFunctionStmt'),
  // What these do is said by their parts alone.
  ...all([], 'CopyStmt ExplainStmt ReturnStmt'),
  ...all(
    ['ddl'],
    `CreateStmt CreateTableAsStmt CreateSchemaStmt CreateSeqStmt CreateDomainStmt CreateEnumStmt CreateRangeStmt
    CompositeTypeStmt CreateTrigStmt CreatePolicyStmt CreateStatsStmt CreateCastStmt CreateConversionStmt
    CreateOpClassStmt CreateOpFamilyStmt CreateTransformStmt CreateForeignTableStmt DefineStmt IndexStmt ViewStmt RuleStmt
    AlterTableStmt AlterSeqStmt AlterDomainStmt AlterEnumStmt AlterTypeStmt AlterPolicyStmt AlterStatsStmt
    AlterCollationStmt AlterFunctionStmt AlterObjectDependsStmt AlterObjectSchemaStmt AlterOperatorStmt AlterOpFamilyStmt
    AlterTSDictionaryStmt AlterTSConfigurationStmt AlterTableMoveAllStmt RenameStmt CommentStmt DropStmt TruncateStmt
    ReindexStmt RefreshMatViewStmt ImportForeignSchemaStmt ClusterStmt VacuumStmt`,
  ),
  ...all(
    ['admin'],
    `GrantStmt GrantRoleStmt CreateRoleStmt AlterRoleStmt AlterRoleSetStmt DropRoleStmt AlterDefaultPrivilegesStmt
    AlterSystemStmt CreatedbStmt AlterDatabaseStmt AlterDatabaseSetStmt AlterDatabaseRefreshCollStmt DropdbStmt
    CreateExtensionStmt AlterExtensionStmt AlterExtensionContentsStmt AlterOwnerStmt DropOwnedStmt ReassignOwnedStmt
    CreateSubscriptionStmt AlterSubscriptionStmt DropSubscriptionStmt CreatePublicationStmt AlterPublicationStmt LoadStmt
    CheckPointStmt CreateFdwStmt AlterFdwStmt CreateForeignServerStmt AlterForeignServerStmt CreateUserMappingStmt
    AlterUserMappingStmt DropUserMappingStmt CreateEventTrigStmt AlterEventTrigStmt CreatePLangStmt CreateAmStmt
    CreateTableSpaceStmt DropTableSpaceStmt AlterTableSpaceOptionsStmt SecLabelStmt`,
  ),
])

/** Statements whose own tables are changed by them; tables of a query inside are read. */
const CHANGING: ReadonlySet<SqlVerb> = new Set(['ddl', 'admin', 'lock'])

export function changesItsTables(verbs: readonly SqlVerb[]): boolean {
  return verbs.some((verb) => CHANGING.has(verb))
}

/**
 * Parts of statements that do nothing of their own: what they hold is looked at, and what calls code (functions,
 * operators, sampling methods) has a rule of its own. A part that is not here makes the text `unknown`.
 */
export const PARTS: ReadonlySet<string> = new Set(
  words(`A_ArrayExpr A_Const A_Expr A_Indices A_Indirection A_Star Alias BitString BoolExpr Boolean BooleanTest CaseExpr
    CaseWhen CoalesceExpr CollateClause ColumnRef CommonTableExpr CTECycleClause CTESearchClause CurrentOfExpr DefElem
    Float FuncCall GroupingFunc GroupingSet Integer IntoClause JoinExpr List LockingClause MergeSupportFunc MinMaxExpr
    MultiAssignRef NamedArgExpr NullTest OnConflictClause InferClause ParamRef RangeFunction RangeSubselect RangeTableFunc
    RangeTableFuncCol RangeTableSample RangeVar ResTarget ReturningClause ReturningOption RowExpr SetToDefault SortBy
    SQLValueFunction String SubLink TypeCast TypeName WindowDef WithClause XmlExpr XmlSerialize
    JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonFormat
    JsonFuncExpr JsonIsPredicate JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning
    JsonScalarExpr JsonSerializeExpr JsonTable JsonTableColumn JsonTablePathSpec JsonValueExpr
    AccessPriv AlterTableCmd ATAlterConstraint ColumnDef Constraint CreateOpClassItem FunctionParameter IndexElem
    MergeWhenClause ObjectWithArgs PartitionBoundSpec PartitionCmd PartitionElem PartitionRangeDatum PartitionSpec
    PublicationObjSpec PublicationTable ReplicaIdentityStmt RoleSpec StatsElem TableLikeClause TriggerTransition
    VacuumRelation`),
)

function all(verbs: readonly SqlVerb[], kinds: string): [string, readonly SqlVerb[]][] {
  return words(kinds).map((kind) => [kind, verbs])
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
