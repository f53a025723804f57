/** What a configuration is before it is checked: text, lists and mappings. */
export type Mapping = { [key: string]: Tree }
export type Tree = string | Tree[] | Mapping

/** Without a prototype, so that a key such as `__proto__` or `constructor` is a key like any other. */
export const emptyMapping = (): Mapping => Object.create(null) as Mapping

export const isMapping = (tree: Tree | undefined): tree is Mapping => typeof tree === 'object' && !Array.isArray(tree)
