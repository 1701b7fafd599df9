// Closure over injected services. Interface::services is in topological order already.
#include "compile/image/service_order.h"

#include <string_view>

#include "base/concat.h"
#include "base/name_table.h"

namespace cloesce::image {
namespace {

class Closure {
 public:
  explicit Closure(const cidl::Interface& interface) : interface_(interface) {
    for (std::size_t index = 0; index < interface.services.size(); ++index) {
      numbers_.insert(interface.services[index].name, index);
    }
  }

  // Marks the named service and what it is made of.
  void add(List<char>& reached, std::string_view name) const {
    List<std::string_view> open{name};
    while (!open.empty()) {
      const std::uint32_t number = numbers_.find(open.back());
      open.pop_back();
      if (number == NameTable::kNone || reached[number] != 0) continue;
      reached[number] = 1;
      const cidl::Service& service = interface_.services[number];
      for (const cidl::Attribute& attribute : service.attributes) open.push_back(attribute.inject);
      if (!service.initializer) continue;
      for (const cidl::Parameter& parameter : *service.initializer) {
        open.push_back(parameter.type.name);
      }
    }
  }

  [[nodiscard]] String render(const List<char>& reached) const {
    String text;
    for (std::size_t index = 0; index < reached.size(); ++index) {
      if (reached[index] == 0 || !interface_.services[index].initializer) continue;
      text += concat({text.empty() ? "[" : ",", decimal(index)});
    }
    if (!text.empty()) text += ']';
    return text;
  }

 private:
  const cidl::Interface& interface_;
  NameTable numbers_;
};

}  // namespace

std::string services_of(const cidl::Interface& interface, const RouteSource& route) {
  const Closure closure(interface);
  List<char> reached(interface.services.size(), 0);
  if (route.service != nullptr && route.method->scope == cidl::MethodScope::kInstance) {
    closure.add(reached, route.service->name);
  }
  for (const cidl::Parameter& parameter : route.method->parameters) {
    if (parameter.type.kind == cidl::TypeKind::kInject) closure.add(reached, parameter.type.name);
  }
  return closure.render(reached);
}

std::string all_services(const cidl::Interface& interface) {
  return Closure(interface).render(List<char>(interface.services.size(), 1));
}

}  // namespace cloesce::image
