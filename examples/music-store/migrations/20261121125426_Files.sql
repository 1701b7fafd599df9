-- Migration 20261121125426_Files of the D1 database db.
-- Written by cloesce migrate. You may edit it until it is applied.

ALTER TABLE "Album" ADD COLUMN "coverVersion" TEXT;
ALTER TABLE "Track" ADD COLUMN "masterName" TEXT;
ALTER TABLE "Track" ADD COLUMN "masterBytes" INTEGER;
