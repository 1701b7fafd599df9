// What local storage throws beside the platform's own errors: things on this machine that somebody must put right.

/** Something about the files of a store. The message names the file and says what to do. */
export class LocalStorageError extends Error {
  override readonly name = "LocalStorageError";
  /** The file or folder it is about. */
  readonly path: string;

  constructor(path: string, what: string, toDo: string, cause?: unknown) {
    super(`${path}: ${what}. ${toDo}`, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}

/** The failure of a system call on `path` in words; others as they are. */
export function onFile(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const toDo = typeof code === "string" ? advice[code] : undefined;
  if (toDo === undefined) return error;
  return new LocalStorageError(path, toDo[0], toDo[1], error);
}

const advice: Record<string, readonly [string, string]> = {
  EACCES: ["this process may not use it", "Change its owner or mode, or choose another root"],
  EPERM: ["this process may not use it", "Change its owner or mode, or choose another root"],
  EROFS: ["it is on a file system that is read-only", "Choose another root"],
  ENOSPC: ["the disk is full", "Nothing of this write was stored; make room and write again"],
  EDQUOT: [
    "the disk quota is used up",
    "Nothing of this write was stored; make room and write again",
  ],
  EIO: ["the disk failed to read or write", "Check the disk; nothing of this operation was stored"],
  EMFILE: [
    "too many files are open",
    "Raise the limit of open files, or read fewer bodies at a time",
  ],
  EEXIST: ["a file has this name", "Choose another root, or move the file away"],
  ENOTDIR: ["a part of the path is no folder", "Choose another root, or move the file away"],
};
