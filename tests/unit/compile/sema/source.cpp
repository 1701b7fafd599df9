// A reader of types and short cuts for nodes.
#include "compile/sema/source.h"

#include <cstddef>

namespace cloesce::sema {
namespace {

// type = array ("|" array)*; array = name ["<" type ("," type)* ">"] "[]"*
class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : text_(text) {}

  pre::TypeNode read() {
    pre::TypeNode first = read_array();
    if (!take('|')) return first;
    pre::TypeNode all;
    all.form = pre::TypeForm::kUnion;
    all.inner.push_back(std::move(first));
    do {
      all.inner.push_back(read_array());
    } while (take('|'));
    return all;
  }

 private:
  bool take(char character) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ == text_.size() || text_[at_] != character) return false;
    ++at_;
    return true;
  }

  pre::TypeNode read_array() {
    pre::TypeNode node;
    if (take('(')) {
      node = read();
      take(')');
    } else {
      while (at_ < text_.size() && text_[at_] == ' ') ++at_;
      const std::size_t end = text_.find_first_of(" <>[]|,()", at_);
      node.text = text_.substr(at_, end - at_);
      at_ += node.text.size();
      if (take('<')) {
        do {
          node.inner.push_back(read());
        } while (take(','));
        take('>');
      }
    }
    while (take('[')) {
      take(']');
      pre::TypeNode array;
      array.form = pre::TypeForm::kArray;
      array.inner.push_back(std::move(node));
      node = std::move(array);
    }
    return node;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

pre::TypeNode type_node(std::string_view text) { return TypeReader(text).read(); }

pre::ValueNode text_value(std::string text) {
  pre::ValueNode node;
  node.form = pre::ValueForm::kString;
  node.text = std::move(text);
  return node;
}

pre::ValueNode number_value(std::string text) {
  pre::ValueNode node;
  node.form = pre::ValueForm::kNumber;
  node.text = std::move(text);
  return node;
}

pre::ValueNode name_value(std::string name) {
  pre::ValueNode node;
  node.form = pre::ValueForm::kName;
  node.text = std::move(name);
  return node;
}

pre::ValueNode list_value(std::vector<pre::ValueNode> items) {
  pre::ValueNode node;
  node.form = pre::ValueForm::kArray;
  node.items = std::move(items);
  return node;
}

pre::ValueNode tree_value(std::vector<std::pair<std::string, pre::ValueNode>> entries) {
  pre::ValueNode node;
  node.form = pre::ValueForm::kObject;
  for (auto& [key, value] : entries) node.entries.push_back({key, {}, std::move(value)});
  return node;
}

pre::DecoratorNode mark(std::string name, std::vector<pre::ValueNode> arguments) {
  return {std::move(name), {}, {}, std::move(arguments)};
}

pre::DecoratorNode foreign_key(std::string model, std::string key) {
  pre::ValueNode arrow;
  arrow.form = pre::ValueForm::kArrow;
  arrow.text = "other";
  arrow.path = {std::move(key)};
  pre::DecoratorNode node = mark("ForeignKey", {arrow});
  node.type_arguments.push_back(type_node(model));
  return node;
}

pre::PropertyNode property(std::string name, std::string_view type,
                           std::vector<pre::DecoratorNode> decorators) {
  pre::PropertyNode node;
  node.name = std::move(name);
  if (!type.empty()) node.type = type_node(type);
  node.decorators = std::move(decorators);
  return node;
}

pre::PropertyNode data_source(std::string name, pre::ValueNode tree) {
  pre::PropertyNode node = property(std::move(name), {}, {mark("DataSource")});
  node.placement = pre::Placement::kStatic;
  node.initializer = std::move(tree);
  return node;
}

pre::ParameterNode parameter(std::string name, std::string_view type,
                             std::vector<pre::DecoratorNode> decorators) {
  pre::ParameterNode node;
  node.name = std::move(name);
  if (!type.empty()) node.type = type_node(type);
  node.decorators = std::move(decorators);
  return node;
}

pre::MethodNode method(std::string verb, std::string name,
                       std::vector<pre::ParameterNode> parameters, std::string_view returns) {
  pre::MethodNode node;
  node.name = std::move(name);
  node.decorators = {mark(std::move(verb))};
  node.parameters = std::move(parameters);
  if (!returns.empty()) node.returns = type_node(returns);
  return node;
}

pre::MethodNode static_method(std::string verb, std::string name,
                              std::vector<pre::ParameterNode> parameters,
                              std::string_view returns) {
  pre::MethodNode node = method(std::move(verb), std::move(name), std::move(parameters), returns);
  node.placement = pre::Placement::kStatic;
  return node;
}

pre::ClassNode class_node(std::string decorator, std::string name,
                          std::vector<pre::PropertyNode> properties,
                          std::vector<pre::MethodNode> methods) {
  pre::ClassNode node;
  node.name = std::move(name);
  node.export_name = node.name;
  node.exported = true;
  node.decorators = {mark(std::move(decorator))};
  node.properties = std::move(properties);
  node.methods = std::move(methods);
  return node;
}

pre::Project project_of(std::vector<pre::ClassNode> classes) {
  pre::Project project;
  project.name = "app";
  project.workers_url = "http://localhost:8787/api";
  project.files = {"src/app.cloesce.ts"};
  project.out_dir = ".generated";
  project.classes = std::move(classes);
  project.classes.push_back(
      class_node("WranglerEnv", "Env",
                 {property("db", "D1Database"), property("archive", "D1Database"),
                  property("cache", "KVNamespace"), property("films", "KVNamespace"),
                  property("pictures", "R2Bucket"), property("endpoint", "R2Endpoint"),
                  property("id", "R2AccessKeyId"), property("secret", "R2SecretAccessKey")}));
  return project;
}

}  // namespace cloesce::sema
