import { expect, test } from 'vitest'
import { recordLocation } from '#stores/records/record-url.ts'

test.each([
  { place: '/var/lib/sluice/records.db', file: '/var/lib/sluice/records.db' },
  { place: 'data/records.db', file: 'data/records.db' },
  { place: 'file:///var/lib/sluice/my%20records.db', file: '/var/lib/sluice/my records.db' },
])('$place is a SQLite file', ({ place, file }) => {
  expect(recordLocation(place)).toEqual({ kind: 'sqlite', file })
})

test.each([
  { place: 'postgres://admin:hunter2@db/sluice', says: 'records in PostgreSQL are not supported by this version' },
  { place: 'PostgreSQL://db/sluice', says: 'records in PostgreSQL are not supported by this version' },
  { place: 'mysql://admin:hunter2@db/sluice', says: 'records cannot be kept at a mysql:// URL' },
  { place: '', says: 'the place of the records is empty' },
])('$place is refused in a sentence without repeating a password', ({ place, says }) => {
  expect(() => recordLocation(place)).toThrow(says)
  expect(() => recordLocation(place)).not.toThrow('hunter2')
})
