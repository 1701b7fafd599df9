// Packages of another Debian release, downloaded and unpacked beside the build: nothing is installed, and the machine's own
// package lists are not touched.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.mjs";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** The address of the Debian archive that this machine uses; undefined when there is none. */
export async function debianMirror() {
  const format = "$(CREATED_BY) $(RELEASE) $(REPO_URI)";
  const targets = await run("apt-get", ["indextargets", "--format", format]);
  const addresses = targets
    .split("\n")
    .map((line) => line.trim().split(" "))
    .filter(([kind, release, address]) => kind === "Packages" && address && !/[-/]/.test(release))
    .map(([, , address]) => address);
  return addresses.find((address) => /\/debian\/?$/.test(address)) ?? addresses[0];
}

/**
 * Prepares `folder` for packages of `suite`. Answers a function that runs apt-get there, on lists, a cache and a status of
 * its own: for it no package is installed.
 */
export async function openArchive(mirror, suite, folder) {
  for (const part of ["lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const signedBy = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  writeFileSync(join(folder, "sources.list"), `deb ${signedBy}${mirror} ${suite} main\n`);
  writeFileSync(join(folder, "status"), "");
  const settings = {
    "Dir::Etc::SourceList": join(folder, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
    "APT::Sandbox::User": "root",
    "Debug::NoLocking": "1",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const apt = (...words) => run("apt-get", [...options, "-q", "-y", ...words], { cwd: folder });
  await apt("update");
  return apt;
}

/** Unpacks every package in `from` into `to`. */
export async function unpackAll(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((one) => one.endsWith(".deb"))) {
    await run("dpkg-deb", ["-x", join(from, name), to]);
  }
}
