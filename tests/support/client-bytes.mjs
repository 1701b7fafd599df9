// What the generated client of tests/e2e/projects/media does with bytes, tried out by Web APIs alone: the same file
// runs in Node, in a page and in a Worker. Everything is compared byte for byte.

const mebibyte = 1024 * 1024;

/** Bytes from nothing to 20 MiB, with sizes around the edges of base64 and of chunks. */
export const sizes = [0, 1, 2, 3, 64, 4095, 65_537, mebibyte + 1, 20 * mebibyte];

function random(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
  }
  return bytes;
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function value(result) {
  if (!result.ok) throw new Error(`${result.status} ${result.message}`);
  return result.data;
}

function check(condition, what) {
  if (!condition) throw new Error(what);
}

async function checkBytes(received, sent, what) {
  check(received instanceof Uint8Array, `${what}: not a Uint8Array`);
  check((await digest(received)) === (await digest(sent)), `${what}: other bytes`);
}

async function readAll(stream) {
  check(stream instanceof ReadableStream, "not a ReadableStream");
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A stream of `bytes` in uneven pieces. */
function streamOf(bytes) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      const end = Math.min(bytes.byteLength, at + 40_000);
      controller.enqueue(bytes.slice(at, end));
      at = end;
    },
  });
}

/** Each way of giving bytes, and each of receiving them. Answers the names of what was tried. */
export async function exerciseBytes(client, withUploadProgress) {
  const { Book, MediaService, Page, Photo } = client;
  const tried = [];
  const attempt = async (name, act) => {
    try {
      await act();
    } catch (error) {
      throw new Error(`${name}: ${error?.message ?? error}`, { cause: error });
    }
    tried.push(name);
  };

  for (const size of sizes) {
    const bytes = random(size);
    const given = {
      Uint8Array: bytes,
      "a view of a larger buffer": new Uint8Array([9, ...bytes.slice(0, 5), 9]).subarray(1, -1),
      ArrayBuffer: bytes.buffer,
      Blob: new Blob([bytes]),
      File: new File([bytes], "bytes.bin", { type: "application/x-bytes" }),
    };
    for (const [kind, source] of Object.entries(given)) {
      await attempt(`${size} bytes as ${kind}`, async () => {
        const sent = kind.startsWith("a view") ? source : bytes;
        await checkBytes(value(await MediaService.bytes(source)), sent, "octet");
      });
    }
    await attempt(`${size} bytes, a Blob received`, async () => {
      const blob = value(await MediaService.blob(bytes));
      check(blob instanceof Blob, "not a Blob");
      await checkBytes(new Uint8Array(await blob.arrayBuffer()), bytes, "Blob");
    });
    await attempt(`${size} bytes as a ReadableStream, received as one`, async () => {
      check(value(await MediaService.count(streamOf(bytes))) === size, "another length");
      await checkBytes(
        await readAll(value(await MediaService.echo(streamOf(bytes)))),
        bytes,
        "echo",
      );
    });
    await attempt(`${size} bytes as a Blob for a stream`, async () => {
      await checkBytes(
        await readAll(value(await MediaService.echo(given.File))),
        bytes,
        "echo of a File",
      );
    });
    await attempt(`${size} bytes in a form, received as JSON`, async () => {
      // All of it is in the Worker's memory at a time, so the largest bytes are there once.
      const large = size > 2 * mebibyte;
      const small = large ? new Uint8Array([7]) : bytes;
      const book = Object.assign(new Book(), {
        title: "t",
        cover: large ? null : new Blob([bytes], { type: "image/png" }),
        pages: [Object.assign(new Page(), { text: "ü", scan: bytes })],
        extra: [new Uint8Array([1, 2])],
      });
      const echoed = value(await MediaService.book(book, small, small.buffer));
      check(echoed instanceof Book && echoed.pages[0] instanceof Page, "not revived");
      if (!large) {
        check(echoed.cover instanceof Blob, "the cover is no Blob");
        await checkBytes(new Uint8Array(await echoed.cover.arrayBuffer()), bytes, "cover");
      }
      await checkBytes(echoed.pages[0].scan, bytes, "scan");
      await checkBytes(echoed.extra[0], new Uint8Array([1, 2]), "extra");
      await checkBytes(echoed.extra[1], small, "twice");
      await checkBytes(echoed.extra[2], small, "again");
    });
  }

  await attempt("a File keeps its name and type in a form", async () => {
    const file = new File(["hello"], "grüße.txt", { type: "text/plain" });
    const facts = value(await MediaService.fileFacts("note", file));
    check(facts === "note grüße.txt text/plain 5", facts);
  });
  await attempt("columns, as base64 in JSON", async () => {
    const pixels = random(100_000);
    const saved = value(await Photo.save({ title: "p", pixels, thumbnail: new Blob(["x"]) }));
    await checkBytes(saved.pixels, pixels, "saved");
    await checkBytes(value(await Photo.get(saved.id)).pixels, pixels, "read");
    await checkBytes(value(await saved.raw()), pixels, "raw");
    value(await saved.delete());
  });
  await attempt("progress of an upload", async () => {
    const bytes = random(3 * mebibyte);
    for (const [source, known] of [
      [new Blob([bytes]), true],
      [streamOf(bytes), false],
    ]) {
      const reports = [];
      const fetchImpl = withUploadProgress((progress) => reports.push(progress));
      check(value(await MediaService.count(source, fetchImpl)) === bytes.length, "another length");
      const last = reports.at(-1);
      check(last?.sent === bytes.length, `ended at ${last?.sent}`);
      check(!known || last.total === bytes.length, `of ${last?.total}`);
      check(
        reports.every(({ sent }, at) => at === 0 || sent >= reports[at - 1].sent),
        "went back",
      );
    }
  });
  return tried;
}
