// The source of aklomp/base64, on Debian, where no package carries it as such: it is inside the package
// python3-mypy of Debian's next release. The package is downloaded and unpacked beside the build; nothing is
// installed, and the machine's own package lists are not touched.
import { cpSync, existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { debianMirror, openArchive, unpackAll } from "./debian-archive.mjs";
import { isDebian } from "./packages.mjs";
import { at } from "./paths.mjs";
import { Skipped } from "./stage.mjs";

const target = at("build", "deps", "base64");
const carrier = "python3-mypy";
const inside = join("usr", "lib", "python3", "dist-packages", "mypyc", "lib-rt", "base64");
/** Releases that may carry it, the steadier first. */
const suites = ["forky", "sid"];

/** Whether there is nothing to fetch. */
export function haveBase64() {
  return existsSync(join(target, "libbase64.h"));
}

/**
 * Fetches the source to build/deps/base64.
 * @throws Skipped where it cannot be had this way; CMake then downloads the upstream release.
 */
export async function fetchBase64() {
  if (!isDebian()) throw new Skipped("not Debian, CMake will download it");
  const mirror = await debianMirror();
  if (mirror === undefined) throw new Skipped("no Debian mirror is set up, CMake will download it");
  for (const suite of suites) {
    const folder = at("build", "deps", `apt-${suite}`);
    try {
      const unpacked = await unpackCarrier(mirror, suite, folder);
      if (unpacked !== undefined) {
        takeSource(unpacked);
        return `from ${carrier} of ${suite}`;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new Skipped(`no ${carrier} with it on the mirror, CMake will download it`);
}

/** Downloads and unpacks the carrier; answers the folder of the source, or undefined when it has none. */
async function unpackCarrier(mirror, suite, folder) {
  const apt = await openArchive(mirror, suite, folder);
  await apt("download", carrier);
  await unpackAll(folder, join(folder, "unpacked"));
  const source = join(folder, "unpacked", inside);
  return existsSync(join(source, "libbase64.h")) ? source : undefined;
}

/** Copies the library without the carrier's own files: its Python binding and its config.h. */
function takeSource(source) {
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(source, fresh, {
    recursive: true,
    filter: (path) => !/^(config\.h|librt_.*)$/.test(basename(path)),
  });
  rmSync(target, { recursive: true, force: true });
  cpSync(fresh, target, { recursive: true });
  rmSync(fresh, { recursive: true, force: true });
}
