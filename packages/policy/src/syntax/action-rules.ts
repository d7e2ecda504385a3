import { trimAction } from '../evaluate/action.ts'
import type { TextDocument } from './document.ts'
import { Fault } from './fault.ts'

const VENDOR = /^[A-Za-z0-9.-]+$/

/** @throws Fault */
export function checkAction(action: TextDocument): void {
  const text = trimAction(action.text)
  if (text === '*') return
  const parts = text.split(':', 3)
  if (parts.length === 1) {
    throw new Fault('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', action.place)
  }
  if (parts.length > 2) throw new Fault('Actions/Condition can contain only one colon.', action.place)
  const vendor = parts[0] ?? ''
  if (!VENDOR.test(vendor)) throw new Fault(`Vendor ${vendor} is not valid`, action.place)
}

/** A trust policy speaks about becoming its role, and about nothing else. @throws Fault */
export function checkTrustAction(action: TextDocument): void {
  if (trimAction(action.text).toLowerCase().startsWith('sts:')) return
  throw new Fault('AssumeRole policy may only specify STS AssumeRole actions.', action.place)
}
