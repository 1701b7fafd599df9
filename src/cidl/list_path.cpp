// Names with dots between them.
#include "cidl/list_path.h"

#include "cidl/find.h"

namespace cloesce::cidl {

PathTarget follow_path(const Model& model, std::string_view path,
                       const std::function<const Model*(std::string_view)>& find) {
  PathTarget target;
  target.model = &model;
  for (;;) {
    const std::size_t dot = path.find('.');
    target.name = path.substr(0, dot);
    if (dot == std::string_view::npos) {
      target.column = find_column(*target.model, target.name);
      return target;
    }
    const Navigation* navigation = find_navigation(*target.model, target.name);
    const Model* const next = navigation == nullptr ? nullptr : find(navigation->model);
    if (next == nullptr) return target;
    target.through.push_back(navigation);
    target.model = next;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace cloesce::cidl
