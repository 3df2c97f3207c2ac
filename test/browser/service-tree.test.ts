/** A service of RGManager's on the page: its tree, the clocks of its status depths, what counts towards its limits, and its machine. */
import { describe, expect, it } from 'vitest'
import { executablePath, usePage } from '../support/page.ts'

describe.skipIf(executablePath === undefined)('the service tree', () => {
  const { errors, open, page, seriousProblems } = usePage()

  const openService = async (fragment: string): Promise<void> => {
    await open(`${fragment}&tab=service&seed=1`)
    await page().waitForSelector('.service')
  }
  const row = (id: string) =>
    page()
      .locator('.tree-row', { has: page().getByRole('button', { name: id, exact: true }) })
      .first()

  it('nests resources as cluster.conf does, with the orders of start and stop', async () => {
    await openService('s=rgmanager/s11-non-critical&at=110000')
    expect(await row('script:exporter').innerText()).toMatch(/▲6\s*▼1/)
    const nested = page().locator('.service-tree li li li', { hasText: 'script:exporter' })
    expect(await nested.count()).toBe(1)
    expect(await row('fs:dbfs').innerText()).toContain('started n1')
  })

  it('moves its clocks with the cursor', async () => {
    await openService('s=rgmanager/s03-three-failures&at=190000')
    const clocks = (): Promise<readonly string[]> => row('ip:192.0.2.50').locator('.when').allInnerTexts()
    expect(await clocks()).toEqual(['in 19s', 'in 59s'])
    await openService('s=rgmanager/s03-three-failures&at=200000')
    expect(await clocks()).toEqual(['in 9s', 'in 49s'])
  })

  it('counts restarts of the service in their window, and of a part in place', async () => {
    await openService('s=rgmanager/s03-three-failures&at=190000')
    expect(await page().locator('.service-head .counted').innerText()).toMatch(
      /2 of 2 restarts in 5m: the 3rd failure moves it/,
    )
    await openService('s=rgmanager/s11-non-critical&at=250000')
    expect(await row('script:exporter').locator('.counted').innerText()).toContain('2 of 3 restarts in place in 10m')
    await openService('s=rgmanager/s11-non-critical&at=400000')
    expect(await row('script:exporter').locator('.tree-held').innerText()).toContain('stopped for good')
  })

  it('lights the state of the service and tells its last moves', async () => {
    await openService('s=rgmanager/s06-stop-fails&at=200000')
    expect(await page().locator('.service-machine .state.lit').textContent()).toBe('failed')
    expect(await page().locator('.moves li').first().innerText()).toMatch(/—failed→ failed/)
    expect(await page().locator('.service-machine .edge.before').count()).toBeGreaterThan(1)
  })

  it('chooses a service, and a resource for the inspector', async () => {
    await openService('s=rgmanager/s11-non-critical&at=250000')
    await page().getByRole('button', { name: 'service:app', exact: true }).first().click()
    await page().waitForFunction(() => document.querySelector('.service-tree')?.textContent?.includes('script:appsrv'))
    await page().locator('.tree-row').getByRole('button', { name: 'script:appsrv' }).click()
    expect(await page().locator('.inspector h2').innerText()).toBe('script:appsrv')
  })

  it.each(['light', 'dark'] as const)('has no serious accessibility problem in %s colours', async (colorScheme) => {
    await page().emulateMedia({ colorScheme })
    await openService('s=rgmanager/s11-non-critical&at=250000')
    expect(await seriousProblems()).toEqual([])
  })

  it('says why a service moves, with the fault behind it and the lines of cluster.conf', async () => {
    await open('s=rgmanager/s03-three-failures&at=260000&node=n1&resource=script:httpd')
    const why = page().getByRole('region', { name: 'Why' })
    expect(await why.innerText()).toMatch(/script:httpd ends by itself[\s\S]*n2 starts service:web[\s\S]*max_restarts/)
    await why.getByRole('button', { name: /<service name="web"/ }).click()
    expect(await page().locator('.config-scroll li[aria-current="true"]').innerText()).toContain('<service name="web"')
  })

  it('stacks on a narrow screen without a sideways scroll', async () => {
    await page().setViewportSize({ width: 390, height: 844 })
    await openService('s=rgmanager/s11-non-critical&at=250000')
    expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page().setViewportSize({ width: 1440, height: 900 })
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
