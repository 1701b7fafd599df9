-- Migration 20261120150216_Initial of the D1 database db.
-- Written by cloesce migrate. You may edit it until it is applied.

CREATE TABLE "Artist" (
  "id" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "origin" TEXT,
  "since" INTEGER,
  "about" TEXT
);

CREATE TABLE "Genre" (
  "id" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "parentId" INTEGER,
  FOREIGN KEY ("parentId") REFERENCES "Genre" ("id") ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE UNIQUE INDEX "Genre.name.unique" ON "Genre" ("name");
CREATE INDEX "Genre.parentId.index" ON "Genre" ("parentId");

CREATE TABLE "Album" (
  "id" INTEGER PRIMARY KEY,
  "title" TEXT NOT NULL,
  "released" TEXT NOT NULL,
  "priceCents" INTEGER NOT NULL,
  "artistId" INTEGER NOT NULL,
  "genreId" INTEGER NOT NULL,
  FOREIGN KEY ("artistId") REFERENCES "Artist" ("id") ON UPDATE CASCADE ON DELETE RESTRICT,
  FOREIGN KEY ("genreId") REFERENCES "Genre" ("id") ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Album.artistId.index" ON "Album" ("artistId");
CREATE INDEX "Album.genreId.index" ON "Album" ("genreId");

CREATE TABLE "AlbumNotes" (
  "albumId" INTEGER PRIMARY KEY,
  "text" TEXT NOT NULL,
  FOREIGN KEY ("albumId") REFERENCES "Album" ("id") ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE TABLE "Playlist" (
  "id" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "about" TEXT
);
CREATE UNIQUE INDEX "Playlist.name.unique" ON "Playlist" ("name");

CREATE TABLE "Review" (
  "id" INTEGER PRIMARY KEY,
  "albumId" INTEGER NOT NULL,
  "author" TEXT NOT NULL,
  "stars" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  "written" TEXT NOT NULL,
  FOREIGN KEY ("albumId") REFERENCES "Album" ("id") ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Review.albumId.index" ON "Review" ("albumId");

CREATE TABLE "Track" (
  "id" INTEGER PRIMARY KEY,
  "albumId" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "seconds" INTEGER NOT NULL,
  FOREIGN KEY ("albumId") REFERENCES "Album" ("id") ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Track.albumId.index" ON "Track" ("albumId");

CREATE TABLE "PlaylistTracks" (
  "Playlist_id" INTEGER NOT NULL,
  "Track_id" INTEGER NOT NULL,
  PRIMARY KEY ("Playlist_id", "Track_id"),
  FOREIGN KEY ("Playlist_id") REFERENCES "Playlist" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY ("Track_id") REFERENCES "Track" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "PlaylistTracks.Track_id.index" ON "PlaylistTracks" ("Track_id");
