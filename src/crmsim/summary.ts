/** The Transition Summary, which the living cluster's log shows too: it stands with the scheduler. Source: spec D-6. */
export { type ResourceItem, type SummaryItem, summaryItems, summaryTexts } from '../scheduler/summary-items.ts'
