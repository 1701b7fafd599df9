// Sends a whole real database through Cloesce and back: npm run try:chinook -- <ChinookData.json>
//
// Compiles and migrates the models of src/ into a fresh local D1, serves them with wrangler dev, saves every row
// through the generated client, reads everything back through include trees and compares it value by value.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import cliProgress from "cli-progress";
import { prepareProject, serveProject } from "../../tests/support/project.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const dates = { Employee: ["BirthDate", "HireDate"], Invoice: ["InvoiceDate"] };

/** The key columns of each table, for pairing rows. */
const keys = {
  Genre: ["GenreId"],
  MediaType: ["MediaTypeId"],
  Artist: ["ArtistId"],
  Album: ["AlbumId"],
  Track: ["TrackId"],
  Employee: ["EmployeeId"],
  Customer: ["CustomerId"],
  Invoice: ["InvoiceId"],
  InvoiceLine: ["InvoiceLineId"],
  Playlist: ["PlaylistId"],
  PlaylistTrack: ["PlaylistId", "TrackId"],
};

async function main() {
  const file = process.argv[2];
  if (file === undefined) {
    console.error("usage: npm run try:chinook -- <ChinookData.json>");
    process.exitCode = 2;
    return;
  }
  const data = JSON.parse(await readFile(file, "utf8"));
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);

  const folder = await prepareProject(here, "chinook");
  console.log(`compiled and migrated ${Object.keys(keys).length} models (${seconds()} s)`);

  const { client, ...server } = await serveProject(folder);
  try {
    const sendingSince = performance.now();
    const sent = await send(client, data);
    const sending = (performance.now() - sendingSince) / 1000;
    console.log(
      `saved ${sent.rows} rows in ${sent.requests} requests, ${sending.toFixed(1)} s (${Math.round(sent.rows / sending)} rows/s)`,
    );

    const readingSince = performance.now();
    const read = await readBack(client);
    console.log(
      `read everything back through include trees in ${((performance.now() - readingSince) / 1000).toFixed(1)} s`,
    );
    compare(data, read);
    await spotChecks(client, data);
    console.log(`all ${sent.rows} rows are as in the file; ${seconds()} s in all`);
  } catch (error) {
    console.error(server.output());
    throw error;
  } finally {
    await server.stop();
  }
}

/** Saves every row: artists with their albums and tracks, customers with their invoices, playlists with their entries. */
async function send(client, data) {
  const tracksOfAlbum = groupBy(data.Track, "AlbumId");
  const albumsOfArtist = groupBy(data.Album, "ArtistId");
  const linesOfInvoice = groupBy(data.InvoiceLine, "InvoiceId");
  const invoicesOfCustomer = groupBy(data.Invoice, "CustomerId");
  const entriesOfPlaylist = groupBy(data.PlaylistTrack, "PlaylistId");

  const nestedArtist = (artist) => ({
    ...artist,
    Albums: (albumsOfArtist.get(artist.ArtistId) ?? []).map((album) => ({
      ...album,
      Tracks: tracksOfAlbum.get(album.AlbumId) ?? [],
    })),
  });
  const nestedCustomer = (customer) => ({
    ...customer,
    Invoices: (invoicesOfCustomer.get(customer.CustomerId) ?? []).map((invoice) => ({
      ...withDates("Invoice", invoice),
      Lines: linesOfInvoice.get(invoice.InvoiceId) ?? [],
    })),
  });
  const nestedPlaylist = (playlist) => ({
    ...playlist,
    Entries: entriesOfPlaylist.get(playlist.PlaylistId) ?? [],
  });

  const jobs = [
    ...data.Genre.map((row) => ["Genre", row, undefined]),
    ...data.MediaType.map((row) => ["MediaType", row, undefined]),
    ...data.Artist.map((row) => ["Artist", nestedArtist(row), "catalogue"]),
    ...data.Employee.map((row) => ["Employee", withDates("Employee", row), undefined]),
    ...data.Customer.map((row) => ["Customer", nestedCustomer(row), "history"]),
    ...data.Playlist.map((row) => ["Playlist", nestedPlaylist(row), "entries"]),
  ];
  const total = Object.values(data).reduce((sum, rows) => sum + rows.length, 0);
  const bar = new cliProgress.SingleBar(
    { format: "  saving [{bar}] {percentage}% {value}/{total} rows", noTTYOutput: false },
    cliProgress.Presets.legacy,
  );
  if (process.stdout.isTTY) bar.start(total, 0);
  let rows = 0;
  for (const [name, row, dataSource] of jobs) {
    const result = await client[name].save(row, dataSource);
    if (!result.ok) throw new Error(`saving a ${name} failed: ${result.status} ${result.message}`);
    rows += countRows(row);
    bar.update(rows);
  }
  bar.stop();
  if (rows !== total) throw new Error(`sent ${rows} rows of ${total}`);
  return { rows, requests: jobs.length };
}

function countRows(row) {
  let rows = 1;
  for (const value of Object.values(row)) {
    if (Array.isArray(value)) for (const child of value) rows += countRows(child);
  }
  return rows;
}

/** Everything, flattened back into tables. */
async function readBack(client) {
  const list = async (name, dataSource) => {
    const result = await client[name].list(dataSource);
    if (!result.ok) throw new Error(`listing ${name} failed: ${result.status} ${result.message}`);
    return result.data;
  };
  const artists = await list("Artist", "catalogue");
  const albums = artists.flatMap((artist) => artist.Albums);
  const customers = await list("Customer", "history");
  const invoices = customers.flatMap((customer) => customer.Invoices);
  const playlists = await list("Playlist", "entries");
  return {
    Genre: await list("Genre"),
    MediaType: await list("MediaType"),
    Artist: artists,
    Album: albums,
    Track: albums.flatMap((album) => album.Tracks),
    Employee: await list("Employee"),
    Customer: customers,
    Invoice: invoices,
    InvoiceLine: invoices.flatMap((invoice) => invoice.Lines),
    Playlist: playlists,
    PlaylistTrack: playlists.flatMap((playlist) => playlist.Entries),
  };
}

/** Throws at the first value that differs; prints what was compared. */
function compare(data, read) {
  let values = 0;
  for (const [table, key] of Object.entries(keys)) {
    const keyOf = (row) => key.map((column) => row[column]).join("/");
    const found = new Map(read[table].map((row) => [keyOf(row), row]));
    if (found.size !== data[table].length || read[table].length !== data[table].length) {
      throw new Error(
        `${table}: ${read[table].length} rows read back, ${data[table].length} in the file`,
      );
    }
    for (const expected of data[table]) {
      const row = found.get(keyOf(expected));
      if (row === undefined) throw new Error(`${table} ${keyOf(expected)} is missing`);
      for (const [column, value] of Object.entries(expected)) {
        const actual = dates[table]?.includes(column)
          ? row[column].toISOString().slice(0, 19)
          : row[column];
        if (!isDeepStrictEqual(actual, value)) {
          throw new Error(
            `${table} ${keyOf(expected)}.${column}: ${JSON.stringify(actual)} instead of ${JSON.stringify(value)}`,
          );
        }
        values++;
      }
    }
    console.log(`  ${table}: ${data[table].length} rows equal`);
  }
  console.log(`compared ${values} values`);

  const total = read.Invoice.reduce((sum, invoice) => sum + invoice.Total, 0);
  check("412 invoices", read.Invoice.length === 412);
  check("their totals add up to 2328.60", total.toFixed(2) === "2328.60");
  check("3,503 tracks", read.Track.length === 3503);
  check("8,715 playlist links", read.PlaylistTrack.length === 8715);
}

/** Trees that run the other way, and self references. */
async function spotChecks(client, data) {
  const track = await client.Track.get(1, "described");
  const album = data.Album.find((row) => row.AlbumId === data.Track[0].AlbumId);
  check(
    "a track leads to its album and artist",
    track.data?.Album?.Title === album.Title &&
      track.data.Album.Artist?.ArtistId === album.ArtistId,
  );

  const manager = await client.Employee.get(1, "team");
  const reports = data.Employee.filter((row) => row.ReportsTo === 1);
  check(
    "a manager leads to their reports and theirs",
    manager.data?.Reports.length === reports.length &&
      manager.data.Reports.some((report) => report.Reports.length > 0),
  );
  check(
    "the general manager has no manager",
    manager.data?.Manager === undefined && manager.data?.ReportsTo === null,
  );

  const entry = await client.PlaylistTrack.get(1, data.PlaylistTrack[0].TrackId);
  check("a composite key finds its row", entry.data?.TrackId === data.PlaylistTrack[0].TrackId);
}

function check(what, holds) {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(`  ok: ${what}`);
}

function groupBy(rows, column) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group === undefined) groups.set(row[column], [row]);
    else group.push(row);
  }
  return groups;
}

function withDates(table, row) {
  const changed = { ...row };
  for (const column of dates[table] ?? []) changed[column] = new Date(`${row[column]}Z`);
  return changed;
}

await main();
