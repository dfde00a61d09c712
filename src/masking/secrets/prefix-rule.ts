/**
 * A family of secrets that carry a vendor's mark: its name (that of gitleaks where it has one), its shape, and what more must
 * hold. Formats are those that the vendors document or that public scanners agree on.
 */
export type PrefixRule = readonly [rule: string, shape: string, more?: PrefixRuleMore]

export interface PrefixRuleMore {
  /** Bits for each character that it must have: for marks that ordinary text and place-holders have too. */
  readonly entropy?: number
  /** No digit or underscore before it either: for marks that occur inside of ids. */
  readonly alone?: true
  /** No dash before it either: for marks so short that one may repeat in a row. */
  readonly apart?: true
  /** Letters and digits after the mark: for marks that code and prose have too (`s.`, `re_`). */
  readonly mixed?: true
  /** The mark stands inside of an address, which is the secret: scheme and host before it belong to it. */
  readonly address?: true
}
