// The enumerations of the interface model, which the rooms that a Worker ships share with the
// compiler.
#pragma once

#include <cstdint>

namespace cloesce::cidl {

enum class TypeKind : std::uint8_t {
  kVoid,
  kInteger,  // JSON integer within +-(2^53 - 1)
  kReal,     // JSON number
  kText,
  kBoolean,
  kDateIso,     // ISO-8601 text on the wire and in storage, Date in TypeScript
  kBlob,        // buffered bytes
  kStream,      // unbuffered bytes
  kJsonValue,   // any JSON
  kR2Object,    // head metadata of an R2 object
  kR2Download,  // a signed URL with head metadata
  kObject,      // a model or plain object by name
  kPartial,     // DeepPartial of a model or plain object by name
  kArray,       // inner[0]
  kNullable,    // inner[0] or null
  kKvValue,     // a KV entry whose value is inner[0]
  kPage,        // {items: inner[0][], cursor: string | null}
  kHttpResult,  // inner[0] with status and headers
  kInject,      // from the DI container by name; never on the wire
  kDataSource,  // the caller's choice of a data source of the named model
};

/// What callers may do with a member. The Worker's own code reads and writes all of them.
enum class Access : std::uint8_t {
  kOpen,      // read it and give it
  kReadOnly,  // read it
  kHidden,    // neither
};

/// How the bytes of parameters or of a return value travel.
enum class MediaType : std::uint8_t { kJson, kOctet, kFormData };

enum class Verb : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete };

enum class MethodScope : std::uint8_t { kStatic, kInstance };

/// What runs the method: the user's code, or the core for `@CRUD` methods.
enum class Builtin : std::uint8_t { kNone, kSave, kGet, kList, kDelete, kHead, kPut };

/// Whether a method is one of the app's own.
[[nodiscard]] constexpr bool is_own(Builtin builtin) { return builtin == Builtin::kNone; }

enum class NavigationKind : std::uint8_t { kOneToOne, kOneToMany, kManyToMany };

/// Which table holds the foreign key columns of a one-to-one navigation. One-to-many: always the
/// target.
enum class KeyOwner : std::uint8_t { kSelf, kTarget };

enum class StoredKind : std::uint8_t { kKv, kR2, kR2Download };

/// How many values a stored field holds. List and page: those of all keys with the rendered
/// template as prefix, a page at most as many as its option `limit` says.
enum class StoredForm : std::uint8_t { kOne, kList, kPage };

/// What lets a ready-made SAVE write rows that are nested in its own.
enum class NestedWrites : std::uint8_t {
  kGranted,     // `Model::writes`, or SAVE of their own model
  kDataSource,  // the data source that the caller names
};

/// What a caller's save may do with rows that a relation leads to.
enum class WriteRight : std::uint8_t {
  kNone,   // name one by its key alone, where that goes into the row above; else nothing
  kOwned,  // add them, and change those that belong to the row above and to no other
  kFree,   // whatever a save of their own may do
};

/// Where the instances of a model are: see cidl::Model.
enum class StorageKind : std::uint8_t { kD1, kKv, kR2, kKeys };

}  // namespace cloesce::cidl
