// Single tables of an app image, for tests of the rooms that use them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "cidl/model.h"
#include "compile/image/routes.h"
#include "compile/image/schema.h"
#include "compile/image/types.h"
#include "compile/image/writer.h"

namespace cloesce::image::testing {

/// A table with the bytes it lies in.
template <class Table>
class Built {
 public:
  template <class Write>
  explicit Built(const Write& write) : place_(writer_.add<Table>()) {
    write(writer_, place_);
    writer_.pad();
    table_ = &writer_[place_];
  }
  Built(Built&&) = default;
  Built& operator=(Built&&) = default;

  const Table& operator*() const { return *table_; }
  const Table* operator->() const { return table_; }

 private:
  Writer writer_;
  Place<Table> place_;
  const Table* table_ = nullptr;
};

inline Built<validate::TypeTable> built_types(const cidl::Interface& interface) {
  return Built<validate::TypeTable>([&](Writer& writer, Place<validate::TypeTable> place) {
    (void)write_types(writer, place, interface);
  });
}

/// The shape of the parameters of a service's method.
inline validate::ShapeId parameters_of_service(const cidl::Interface& interface,
                                               std::size_t service, std::uint32_t method) {
  Writer writer;
  const auto shapes = write_types(writer, writer.add<validate::TypeTable>(), interface);
  return validate::ShapeId{shapes.of_services[service] + method};
}

inline Built<route::RouteTable> built_routes(const cidl::Interface& interface) {
  return Built<route::RouteTable>([&](Writer& writer, Place<route::RouteTable> place) {
    write_routes(writer, place, routes_of(interface));
  });
}

/// `failure` gets the message when the interface is refused.
inline Built<orm::Schema> built_schema(const cidl::Interface& interface,
                                       std::string* failure = nullptr) {
  return Built<orm::Schema>([&](Writer& writer, Place<orm::Schema> place) {
    const auto written = write_schema(writer, place, interface);
    if (!written.ok() && failure != nullptr) *failure = render(written.error());
  });
}

inline Built<orm::DataSource> built_data_source(const cidl::IncludeTree& tree) {
  return Built<orm::DataSource>([&](Writer& writer, Place<orm::DataSource> place) {
    write_data_source(writer, place, {"tested", tree});
  });
}

}  // namespace cloesce::image::testing
