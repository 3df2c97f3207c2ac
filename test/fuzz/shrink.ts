/**
 * Makes a CIB that shows a difference small: takes away elements and attributes as long as the difference stays.
 *
 * What is taken away takes with it what refers to it, so that the rest stays valid. Greedy and deterministic: larger parts first,
 * again until nothing more can go or the budget of attempts is spent.
 */
import { type Tree, walk, withChildren } from './tree.ts'

/** True where the difference still shows. */
export type StillDiffers = (tree: Tree) => boolean

/** The smallest tree that was found, after at most `attempts` trials. */
export function shrinkTree(tree: Tree, differs: StillDiffers, attempts: number): Tree {
  const budget = { left: attempts }
  const tries: StillDiffers = (candidate) => {
    if (budget.left <= 0) return false
    budget.left--
    return differs(candidate)
  }
  let current = tree
  for (;;) {
    const smaller = withoutAttributes(withoutElements(withoutRuns(current, tries), tries), tries)
    if (sizeOf(smaller) === sizeOf(current) || budget.left <= 0) return smaller
    current = smaller
  }
}

/** The smallest list of options that was found. */
export function shrinkList<T>(list: readonly T[], differs: (list: readonly T[]) => boolean): readonly T[] {
  let current = list
  for (let at = current.length - 1; 0 <= at; at--) {
    const smaller = current.toSpliced(at, 1)
    if (differs(smaller)) current = smaller
  }
  return current
}

function sizeOf(tree: Tree): number {
  let size = 0
  walk(tree, ({ attributes }) => {
    size += 1 + attributes.size
  })
  return size
}

/** Places from the root to an element. */
type Path = readonly number[]

function pathsOf(tree: Tree, path: Path = []): readonly Path[] {
  const below = tree.children.flatMap((child, at) => pathsOf(child, [...path, at]))
  return path.length === 0 ? below : [path, ...below]
}

function elementAt(tree: Tree, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((element, at) => element?.children[at], tree)
}

function replaced(tree: Tree, [at, ...rest]: Path, replace: (tree: Tree) => Tree | undefined): Tree {
  if (at === undefined) return tree
  const children = tree.children.flatMap((child, place) => {
    if (place !== at) return [child]
    const changed = rest.length === 0 ? replace(child) : replaced(child, rest, replace)
    return changed === undefined ? [] : [changed]
  })
  return withChildren(tree, children)
}

/** Takes away neighbours together, half of them, a quarter and so on: large CIBs become small quickly. */
function withoutRuns(tree: Tree, differs: StillDiffers): Tree {
  let current = tree
  for (let depth = 1; depth < 8; depth++) {
    for (const path of [[], ...pathsOf(current)].filter(({ length }) => length === depth).toReversed()) {
      const count = elementAt(current, path)?.children.length ?? 0
      for (let size = count >> 1; 1 < size; size >>= 1) current = withoutRunsOf(current, path, size, differs)
    }
  }
  return current
}

function withoutRunsOf(tree: Tree, path: Path, size: number, differs: StillDiffers): Tree {
  let current = tree
  for (let at = elementAt(tree, path)!.children.length - size; 0 <= at; at -= size) {
    const gone = elementAt(current, path)!.children.slice(at, at + size)
    const fewer = replaced(current, path, (found) => withChildren(found, found.children.toSpliced(at, size)))
    const candidate = withoutReferences(fewer, new Set(gone.flatMap((element) => [...idsIn(element)])))
    if (elementAt(candidate, path)?.children.length === elementAt(fewer, path)?.children.length && differs(candidate)) {
      current = candidate
    }
  }
  return current
}

function withoutElements(tree: Tree, differs: StillDiffers): Tree {
  let current = tree
  // From the last element to the first, shallow ones first: paths before the removed one stay as they are.
  for (let depth = 2; depth < 12; depth++) {
    const paths = pathsOf(current).filter(({ length }) => length === depth)
    for (const path of paths.toReversed()) {
      const element = elementAt(current, path)
      if (element === undefined) continue
      const candidate = withoutReferences(
        replaced(current, path, () => undefined),
        idsIn(element),
      )
      if (differs(candidate)) current = candidate
    }
  }
  return current
}

function idsIn(tree: Tree): ReadonlySet<string> {
  const ids = new Set<string>()
  walk(tree, ({ name, attributes }) => {
    const id = attributes.get('id')
    if (id !== undefined && ['primitive', 'group', 'clone', 'master', 'bundle', 'tag', 'template'].includes(name))
      ids.add(id)
  })
  return ids
}

const REFERENCES = ['rsc', 'with-rsc', 'first', 'then'] as const

/** Takes away what names an id that is gone: constraints, members of sets, then sets and constraints that became empty. */
function withoutReferences(tree: Tree, ids: ReadonlySet<string>): Tree {
  if (ids.size === 0) return tree
  const children = tree.children.flatMap((child) => {
    if (REFERENCES.some((name) => ids.has(child.attributes.get(name) ?? ''))) return []
    const isReference = child.name === 'resource_ref' || child.name === 'obj_ref' || child.name === 'lrm_resource'
    if (isReference && ids.has(child.attributes.get('id') ?? '')) return []
    const rest = withoutReferences(child, ids)
    const mustHold = child.name === 'resource_set' || child.name === 'tag' || child.name.startsWith('rsc_')
    return mustHold && child.children.length > 0 && rest.children.length === 0 ? [] : [rest]
  })
  return withChildren(tree, children)
}

const KEPT = new Set([
  'class',
  'provider',
  'type',
  'id',
  'crm_feature_set',
  'validate-with',
  'epoch',
  'num_updates',
  'admin_epoch',
])

function withoutAttributes(tree: Tree, differs: StillDiffers): Tree {
  let current = tree
  for (const path of pathsOf(tree)) {
    for (const name of elementAt(current, path)!.attributes.keys()) {
      if (KEPT.has(name)) continue
      const candidate = replaced(current, path, (element) => {
        const attributes = new Map(element.attributes)
        attributes.delete(name)
        return { ...element, attributes }
      })
      if (differs(candidate)) current = candidate
    }
  }
  return current
}
