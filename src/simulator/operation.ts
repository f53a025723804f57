/** What a GraphQL request asks for, read from its text alone: so that it can be counted even where it is refused. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'

export interface Operation {
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
  readonly rootFields: readonly string[]
  /** The operation's own name, if it has one, and its root fields. */
  readonly names: readonly string[]
  readonly complexity: number
}

/** Costs of root fields as their reference pages give them. */
const COSTS: Readonly<Record<string, number>> = {
  flexPlannedDispatches: 3,
  completedDispatches: 3,
  setDevicePreferences: 6,
  updateDeviceSmartControl: 6,
  updateBoostCharge: 5,
}

/** `null` where the document has no such operation. Throws graphql's own error where it cannot be read at all. */
export function readOperation(query: string, operationName?: string): Operation | null {
  const document = parse(query)
  const definition = getOperationAST(document, operationName)
  if (definition === null || definition === undefined) return null
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
  }
  const rootFields = fieldsOf(definition.selectionSet, fragments).map(field => field.name)
  const name = definition.name?.value
  return {
    document,
    definition,
    rootFields,
    names: name === undefined ? rootFields : [name, ...rootFields],
    complexity: complexityOf(definition.selectionSet, fragments),
  }
}

/** The fields of a selection, fragments opened; each fragment once, since a document may not be valid yet. */
function fieldsOf(
  selection: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  opened: ReadonlySet<string> = new Set(),
): { readonly name: string; readonly selection: SelectionSetNode | undefined; readonly opened: ReadonlySet<string> }[] {
  return selection.selections.flatMap(node => {
    if (node.kind === Kind.FIELD) return [{ name: node.name.value, selection: node.selectionSet, opened }]
    if (node.kind === Kind.INLINE_FRAGMENT) return fieldsOf(node.selectionSet, fragments, opened)
    const fragment = fragments.get(node.name.value)
    if (fragment === undefined || opened.has(node.name.value)) return []
    return fieldsOf(fragment.selectionSet, fragments, new Set([...opened, node.name.value]))
  })
}

/**
 * assumption: a field with fields of its own costs one unless its page says otherwise, a plain value nothing; the header
 * X-Kraken-Query-Complexity on a live request would settle it.
 */
function complexityOf(
  selection: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  opened: ReadonlySet<string> = new Set(),
): number {
  return fieldsOf(selection, fragments, opened)
    .map(field => {
      if (field.selection === undefined) return 0
      return (COSTS[field.name] ?? 1) + complexityOf(field.selection, fragments, field.opened)
    })
    .reduce((sum, each) => sum + each, 0)
}
