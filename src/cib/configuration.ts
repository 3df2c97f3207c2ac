/**
 * A cluster's configuration as it stands in the CIB: what an administrator wrote, not yet what it means at an instant.
 *
 * Layout: everything is plain, immutable, structured-cloneable data in document order. Texts stay texts where their meaning
 * depends on something else (scores: the health words; rules: the time), so reading a configuration needs neither. References
 * within the file are already followed: `id-ref` of sets, pairs, rules, operations and resource sets, and `template` of primitives.
 * Every element keeps the line and column of its start tag (counted from 1; 0 for elements that Quorate made itself).
 *
 * An attribute that is absent is `undefined`, never ''. Nothing here is XML but
 * `document`, which a cluster's daemons carry to change it; the tree it came from is not kept.
 *
 * Source: spec; B-4, B-6, B-7; C-13 for constraints.
 */

import type { XmlElement } from './xml.ts'

/** Where an element's start tag stands in the input. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One `nvpair`, its `id-ref` followed. */
export interface NvPair extends Place {
  readonly id: string | undefined
  readonly name: string
  readonly value: string
}

/** One set of name-value pairs (`meta_attributes`, `instance_attributes`, `utilization`, `cluster_property_set`). */
export interface NvSet extends Place {
  readonly id: string | undefined
  readonly score: string | undefined
  readonly rules: readonly Rule[]
  readonly pairs: readonly NvPair[]
}

/** A rule: a condition, and in location constraints a score and a role. */
export interface Rule extends Place {
  readonly kind: 'rule'
  readonly id: string | undefined
  readonly booleanOp: string | undefined
  readonly role: string | undefined
  readonly score: string | undefined
  readonly scoreAttribute: string | undefined
  readonly children: readonly Expression[]
}

/** What a rule is made of. */
export type Expression = Rule | AttributeExpression | DateExpression | ResourceExpression | OperationExpression

/** `expression`: compares a node attribute (also `#uname`, `#kind`, `#id`) or, for `#role`, the role. */
export interface AttributeExpression extends Place {
  readonly kind: 'attribute'
  readonly id: string | undefined
  readonly attribute: string | undefined
  readonly operation: string | undefined
  readonly value: string | undefined
  readonly valueSource: string | undefined
  readonly type: string | undefined
}

/** `date_expression`. */
export interface DateExpression extends Place {
  readonly kind: 'date'
  readonly id: string | undefined
  readonly operation: string | undefined
  readonly start: string | undefined
  readonly end: string | undefined
  /** The `duration` child's attributes but its id, if there is such a child. */
  readonly duration: readonly (readonly [name: string, value: string])[] | undefined
  /** The `date_spec` child's attributes but its id, if there is such a child. */
  readonly spec: readonly (readonly [name: string, value: string])[] | undefined
}

/** `rsc_expression`. */
export interface ResourceExpression extends Place {
  readonly kind: 'resource'
  readonly id: string | undefined
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
}

/** `op_expression`. */
export interface OperationExpression extends Place {
  readonly kind: 'operation'
  readonly id: string | undefined
  readonly name: string | undefined
  readonly interval: string | undefined
}

/** One `node` of the `nodes` section. */
export interface NodeConfig extends Place {
  readonly id: string
  readonly uname: string | undefined
  readonly type: string | undefined
  readonly score: string | undefined
  readonly attributes: readonly NvSet[]
  readonly utilization: readonly NvSet[]
}

/** One `op` of a resource. */
export interface OpConfig extends Place {
  readonly id: string | undefined
  readonly name: string
  /** As written; undefined means 0. */
  readonly interval: string | undefined
  readonly intervalMs: number
  /** Every XML attribute in document order, `id` and `name` included. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly meta: readonly NvSet[]
  readonly instance: readonly NvSet[]
}

/** What all resources have in common. */
export interface ResourceConfigBase extends Place {
  readonly id: string
  /** Every XML attribute of the (effective) element in document order. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly meta: readonly NvSet[]
  readonly instance: readonly NvSet[]
  readonly utilization: readonly NvSet[]
  readonly ops: readonly OpConfig[]
}

/** A primitive with its template merged in. `class`, `provider` and `type` are those of the template where there is one. */
export interface PrimitiveConfig extends ResourceConfigBase {
  readonly kind: 'primitive'
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
  readonly template: string | undefined
}

/** A group and its members in order. */
export interface GroupConfig extends ResourceConfigBase {
  readonly kind: 'group'
  readonly members: readonly PrimitiveConfig[]
}

/** A clone; `element` is `master` in the old spelling of a promotable clone. `child` is absent when the element is empty. */
export interface CloneConfig extends ResourceConfigBase {
  readonly kind: 'clone'
  readonly element: 'clone' | 'master'
  readonly child: PrimitiveConfig | GroupConfig | undefined
}

/** A bundle. Numbers stay as written; bundles.ts makes the implicit resources. */
export interface BundleConfig extends ResourceConfigBase {
  readonly kind: 'bundle'
  /** The container element: its name is the technology, its attributes are as written; absent when there is none. */
  readonly container: BundleContainer | undefined
  readonly network: BundleNetwork | undefined
  readonly ports: readonly BundlePort[]
  readonly mounts: readonly BundleMount[]
  readonly child: PrimitiveConfig | undefined
}

/** `docker`, `podman` or `rkt` of a bundle. */
export interface BundleContainer extends Place {
  readonly technology: 'docker' | 'rkt' | 'podman'
  readonly image: string | undefined
  readonly replicas: string | undefined
  readonly replicasPerHost: string | undefined
  readonly promotedMax: string | undefined
  readonly network: string | undefined
  readonly options: string | undefined
  readonly runCommand: string | undefined
}

/** `network` of a bundle. */
export interface BundleNetwork extends Place {
  readonly ipRangeStart: string | undefined
  readonly hostNetmask: string | undefined
  readonly hostInterface: string | undefined
  readonly controlPort: string | undefined
  readonly addHost: string | undefined
}

/** `port-mapping` of a bundle. */
export interface BundlePort extends Place {
  readonly port: string | undefined
  readonly internalPort: string | undefined
  readonly range: string | undefined
}

/** `storage-mapping` of a bundle. */
export interface BundleMount extends Place {
  readonly sourceDir: string | undefined
  readonly sourceDirRoot: string | undefined
  readonly targetDir: string | undefined
  readonly options: string | undefined
}

/** A resource of the configuration. */
export type ResourceConfig = PrimitiveConfig | GroupConfig | CloneConfig | BundleConfig

/** One `resource_set` of a constraint, `id-ref` followed; attributes as written. */
export interface ResourceSet extends Place {
  readonly id: string | undefined
  readonly sequential: string | undefined
  readonly symmetrical: string | undefined
  readonly requireAll: string | undefined
  readonly ordering: string | undefined
  readonly action: string | undefined
  readonly role: string | undefined
  readonly score: string | undefined
  readonly kind: string | undefined
  readonly members: readonly string[]
}

/** What all constraints have in common. Constraints without an id are not kept (spec B-1.3). */
export interface ConstraintBase extends Place {
  readonly id: string
  /** The rules of a `lifetime` child, if there is one: none in effect switches the constraint off. */
  readonly lifetime: readonly Rule[] | undefined
  readonly sets: readonly ResourceSet[]
}

/** `rsc_location`, attributes as written. */
export interface LocationConfig extends ConstraintBase {
  readonly kind: 'location'
  readonly rsc: string | undefined
  readonly rscPattern: string | undefined
  readonly node: string | undefined
  readonly score: string | undefined
  readonly role: string | undefined
  readonly resourceDiscovery: string | undefined
  readonly rules: readonly Rule[]
}

/** `rsc_colocation`, attributes as written. */
export interface ColocationConfig extends ConstraintBase {
  readonly kind: 'colocation'
  readonly rsc: string | undefined
  readonly withRsc: string | undefined
  readonly score: string | undefined
  readonly rscRole: string | undefined
  readonly withRscRole: string | undefined
  readonly nodeAttribute: string | undefined
  readonly influence: string | undefined
  readonly rscInstance: string | undefined
  readonly withRscInstance: string | undefined
}

/** `rsc_order`, attributes as written. */
export interface OrderConfig extends ConstraintBase {
  readonly kind: 'order'
  readonly firstResource: string | undefined
  readonly thenResource: string | undefined
  readonly firstAction: string | undefined
  readonly thenAction: string | undefined
  readonly firstInstance: string | undefined
  readonly thenInstance: string | undefined
  readonly orderKind: string | undefined
  readonly score: string | undefined
  readonly symmetrical: string | undefined
  readonly requireAll: string | undefined
}

/** `rsc_ticket`, attributes as written. */
export interface TicketConfig extends ConstraintBase {
  readonly kind: 'ticket'
  readonly ticket: string | undefined
  readonly rsc: string | undefined
  readonly rscRole: string | undefined
  readonly lossPolicy: string | undefined
}

/** A constraint, in the words of the file. The scheduler gives it its meaning. */
export type Constraint = LocationConfig | ColocationConfig | OrderConfig | TicketConfig

/** An element that brings a node of its name along. */
export interface ConnectionConfig {
  readonly id: string
  readonly line: number
  readonly column: number
}

/** The whole `configuration` element. */
export interface Configuration {
  /** Root attributes of the CIB, as written. */
  readonly root: CibRoot
  readonly properties: readonly NvSet[]
  readonly nodes: readonly NodeConfig[]
  readonly resources: readonly ResourceConfig[]
  /** What stands for a remote node or a guest, by its own attributes: templates too, but not what they make (probed). */
  readonly connections: readonly ConnectionConfig[]
  /** Ids of all templates, used or not, in document order. */
  readonly templates: readonly string[]
  readonly constraints: readonly Constraint[]
  /** Tag id → ids of what it names, in order, without repeats. */
  readonly tags: ReadonlyMap<string, readonly string[]>
  readonly resourceMetaDefaults: readonly NvSet[]
  readonly resourceInstanceDefaults: readonly NvSet[]
  readonly opMetaDefaults: readonly NvSet[]
  /** `fencing-level` elements; the scheduler never reads them, the fencer of a running cluster does. */
  readonly fencingTopology: readonly FencingLevel[]
  /** Some nvpair named `provides` or `requires` says `unfencing` (spec: whatever its rules say). */
  readonly unfencing: boolean
  /** The text that it was read from and what was changed since; absent where nobody changes it. */
  readonly document?: CibDocument
}

/** One change of a document: an element with what to do with it. Source: cibadmin(8). */
export interface CibEdit {
  readonly operation: 'create' | 'delete' | 'modify' | 'replace'
  readonly element: XmlElement
  /** The section that a created element comes into; absent: by its tag. */
  readonly section?: string | undefined
}

/** A CIB's text and what was changed since. */
export interface CibDocument {
  readonly text: string
  readonly edits: readonly CibEdit[]
}

/** Attributes of the `cib` element that matter. */
export interface CibRoot {
  readonly validateWith: string | undefined
  readonly featureSet: string | undefined
  readonly haveQuorum: string | undefined
  readonly dcUuid: string | undefined
  readonly executionDate: string | undefined
  readonly noQuorumPanic: string | undefined
}

/** One `fencing-level`. */
export interface FencingLevel extends Place {
  readonly id: string | undefined
  readonly index: number
  readonly target: string | undefined
  readonly targetPattern: string | undefined
  readonly targetAttribute: string | undefined
  readonly targetValue: string | undefined
  readonly devices: readonly string[]
}
