// The manifest: what a host must know of an opened app to run its methods.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/list.h"
#include "base/string.h"
#include "cidl/find.h"
#include "cidl/model.h"
#include "compile/image/routes.h"

namespace cloesce::image {

/// Shape of a value that is plain JSON.
inline constexpr std::int32_t kPlainShape = -1;

/// What JSON text cannot say of a type: which values are dates, bytes, or instances of a class.
struct Shape {
  static constexpr bool kRelocatable = true;

  enum class Kind : std::uint8_t {
    kDate,
    kBlob,
    kStream,
    kR2Object,  // a download too
    kArray,
    kObject
  } kind = Kind::kDate;
  std::int32_t of = kPlainShape;  // kArray
  std::string_view
      class_name;  // of the interface. kObject; of kBlob the TypeScript type, empty for Uint8Array
  List<std::pair<std::string_view, std::int32_t>> fields;  // kObject: members that are not plain
  List<std::string_view> hidden = {};  // kObject: members that no answer may hold
  List<std::string_view> lists = {};   // kObject of a class: members that are [] when absent
  List<std::string_view> stored = {};  // kObject of a class: members that KV and R2 hold
  // kArray, kObject: whether there are any hidden ones, at whatever depth.
  bool conceals = false;
};

/// The shapes of an interface, which is borrowed; each type once. Recursive models refer to
/// themselves by number.
class ShapeTable {
 public:
  explicit ShapeTable(const cidl::Interface& interface, const cidl::NameIndex& names);

  /// kPlainShape, or the number of the type's shape.
  [[nodiscard]] std::int32_t shape_of(const cidl::Type& type);
  [[nodiscard]] std::int32_t shape_of_object(std::string_view class_name);
  [[nodiscard]] const List<Shape>& shapes() const { return shapes_; }
  /// Finds out which shapes lead to hidden members, once all are there.
  void mark_concealing();

 private:
  [[nodiscard]] std::int32_t shape_of_list(std::int32_t of);
  // An object of no class with one member that is not plain.
  [[nodiscard]] std::int32_t shape_of_member(std::string_view name, std::int32_t of);
  [[nodiscard]] std::int32_t shape_of_stored(const cidl::StoredField& field);
  [[nodiscard]] std::int32_t find_or_add(const Shape& shape);

  const cidl::Interface* interface_;
  const cidl::NameIndex* names_;
  List<Shape> shapes_;
};

/// The manifest as JSON, in the form of docs/internals/abi.md, but without its first member
/// `routePrefix`, which the runtime puts in front. `shapes` has the shape of every model
/// afterwards.
[[nodiscard]] String render_manifest(const cidl::Interface& interface,
                                     const std::vector<RouteSource>& routes, ShapeTable& shapes);

}  // namespace cloesce::image
