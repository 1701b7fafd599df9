// The database of the benchmark's project: authors, each with as many books and awards.

export const authors = 100;
const children = 5;
export const profiles = 20;

const numbers = (count) =>
  `(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ${count}) SELECT value FROM n)`;

/** Statements that make and fill the tables. */
export const librarySchema = [
  "CREATE TABLE Author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, born TEXT)",
  "CREATE TABLE Book (id INTEGER PRIMARY KEY, title TEXT NOT NULL, pages INTEGER NOT NULL, price REAL NOT NULL, authorId INTEGER NOT NULL REFERENCES Author (id))",
  "CREATE TABLE Award (id INTEGER PRIMARY KEY, title TEXT NOT NULL, year INTEGER NOT NULL, authorId INTEGER NOT NULL REFERENCES Author (id))",
  "CREATE TABLE Profile (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
  "CREATE INDEX book_author ON Book (authorId)",
  "CREATE INDEX award_author ON Award (authorId)",
  `INSERT INTO Author SELECT value, 'Author ' || value, 'London', '1815-12-10T00:00:00.000Z' FROM ${numbers(authors)}`,
  `INSERT INTO Book SELECT value, 'The title of book ' || value, 200 + value % 300, 12.5 + value, (value - 1) / ${children} + 1 FROM ${numbers(authors * children)}`,
  `INSERT INTO Profile SELECT value, 'Profile ' || value FROM ${numbers(profiles)}`,
  `INSERT INTO Award SELECT value, 'Award ' || value, 1900 + value % 100, (value - 1) / ${children} + 1 FROM ${numbers(authors * children)}`,
];

/** The entries in KV of the profiles. */
export const profileFacts = Array.from({ length: profiles }, (_, profile) =>
  Array.from({ length: 20 }, (__, fact) => {
    const name = `f${String(fact + 1).padStart(2, "0")}`;
    return [`profiles/${profile + 1}/${name}`, `The fact ${name} of profile ${profile + 1}`];
  }),
).flat();
