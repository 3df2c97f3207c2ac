/**
 * What injections and the executed transition did, item by item as data, and the text of each.
 *
 * An item is what the XML output will need; texts are made only here. `info` lines of the text output are never indented.
 * Source: spec D-7.6, D-7.8, D-8.1, D-8.4, D-12.
 */

/** One thing that was done to the working CIB on request. */
export type Modification =
  | { readonly kind: 'quorum'; readonly value: string }
  | { readonly kind: 'watchdog'; readonly value: string }
  | { readonly kind: 'node'; readonly action: 'Online' | 'Offline' | 'Failing'; readonly node: string }
  | { readonly kind: 'ticket'; readonly action: TicketAction; readonly ticket: string }
  | { readonly kind: 'operation'; readonly spec: string }
  | InjectedAttribute

/** What can be done to a ticket. */
export type TicketAction = 'Granting' | 'Revoking' | 'Standby' | 'Activating'

/** A transient attribute that counts a failure. */
export interface InjectedAttribute {
  readonly kind: 'attribute'
  readonly name: string
  readonly value: string
  /** XPath within a copy of the node state that stands alone. */
  readonly path: string
  /** The id of the node state, if it has one. */
  readonly node: string | undefined
}

/** One step of the executed transition. */
export type TransitionItem =
  | {
      readonly kind: 'resource'
      readonly resource: string
      readonly operation: string
      readonly node: string
      readonly intervalMs: number
    }
  | { readonly kind: 'pseudo'; readonly task: string; readonly node: string | undefined }
  | { readonly kind: 'cluster'; readonly task: string; readonly node: string; readonly id: string | undefined }
  | { readonly kind: 'fencing'; readonly target: string; readonly operation: string }
  | { readonly kind: 'pretended'; readonly action: number; readonly rc: number }
  | InjectedAttribute

/** An item as the text output shows it: an item of the list, or a line of its own. */
export interface ItemText {
  readonly text: string
  readonly isInfo: boolean
}

/** The text of a step of the transition. Source: spec D-7.6, D-7.8. */
export function transitionText(item: TransitionItem): ItemText {
  const isInfo = item.kind === 'pretended'
  return { text: transitionWords(item), isInfo }
}

function transitionWords(item: TransitionItem): string {
  switch (item.kind) {
    case 'resource': {
      const interval = item.intervalMs === 0 ? '' : `=${item.intervalMs}`
      return `Resource action: ${item.resource.padEnd(15)} ${item.operation}${interval} on ${item.node}`
    }
    case 'pseudo':
      return `Pseudo action:   ${item.task}${item.node === undefined ? '' : ` on ${item.node}`}`
    case 'cluster':
      return `Cluster action:  ${item.task}${item.id === undefined ? '' : ` for ${item.id}`} on ${item.node}`
    case 'fencing':
      return `Fencing ${item.target} (${item.operation})`
    case 'pretended':
      return `Pretending action ${item.action} failed with rc=${item.rc}`
    case 'attribute':
      return attributeWords(item)
  }
}

const NODE_WORDS = {
  Online: (node: string) => `Bringing node ${node} online`,
  Offline: (node: string) => `Taking node ${node} offline`,
  Failing: (node: string) => `Failing node ${node}`,
} as const

const TICKET_WORDS = {
  Granting: (ticket: string) => `Granting ticket ${ticket}`,
  Revoking: (ticket: string) => `Revoking ticket ${ticket}`,
  Standby: (ticket: string) => `Making ticket ${ticket} standby`,
  Activating: (ticket: string) => `Activating ticket ${ticket}`,
} as const

/** The text of a modification. Source: spec D-8.1, D-8.4. */
export function modificationText(item: Modification): string {
  switch (item.kind) {
    case 'quorum':
      return `Setting quorum: ${item.value}`
    case 'watchdog':
      return `Setting watchdog: ${item.value}`
    case 'node':
      return NODE_WORDS[item.action](item.node)
    case 'ticket':
      return TICKET_WORDS[item.action](item.ticket)
    case 'operation':
      return `Injecting ${item.spec} into the configuration`
    case 'attribute':
      return attributeWords(item)
  }
}

function attributeWords({ name, value, path, node }: InjectedAttribute): string {
  return `Injecting attribute ${name}=${value} into ${path} '${node ?? '(null)'}'`
}
