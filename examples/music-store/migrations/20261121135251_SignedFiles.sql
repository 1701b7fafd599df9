-- Migration 20261121135251_SignedFiles of the D1 database db.
-- Written by cloesce migrate, and edited: the key of a cover takes the place of its version.

ALTER TABLE "Album" RENAME COLUMN "coverVersion" TO "coverKey";
-- Covers had this key while there was one place for each album.
UPDATE "Album" SET "coverKey" = 'covers/' || "id" WHERE "coverKey" IS NOT NULL;
ALTER TABLE "Track" ADD COLUMN "previewKey" TEXT;
