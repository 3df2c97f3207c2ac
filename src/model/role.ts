/** The roles a resource instance can have, in Pacemaker's current words; older words are translated where they are read. */

export type Role = 'Promoted' | 'Started' | 'Stopped' | 'Unpromoted'
