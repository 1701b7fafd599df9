// Tables of the names.
#include "compile/sema/builtin_types.h"

#include <array>

namespace cloesce::sema {
namespace {

// Whether a file has to import a name.
enum class Home : std::uint8_t { kCloesce, kPlatform };

struct Entry {
  std::string_view name;
  BuiltinType type;
  Home home;
};

constexpr std::array kTypes = {
    Entry{"Integer", BuiltinType::kInteger, Home::kCloesce},
    Entry{"number", BuiltinType::kReal, Home::kPlatform},
    Entry{"string", BuiltinType::kText, Home::kPlatform},
    Entry{"boolean", BuiltinType::kBoolean, Home::kPlatform},
    Entry{"Number", BuiltinType::kReal, Home::kPlatform},
    Entry{"String", BuiltinType::kText, Home::kPlatform},
    Entry{"Boolean", BuiltinType::kBoolean, Home::kPlatform},
    Entry{"Date", BuiltinType::kDate, Home::kPlatform},
    Entry{"Blob", BuiltinType::kBlob, Home::kPlatform},
    Entry{"Uint8Array", BuiltinType::kBlob, Home::kPlatform},
    Entry{"ArrayBuffer", BuiltinType::kBlob, Home::kPlatform},
    Entry{"Stream", BuiltinType::kStream, Home::kCloesce},
    Entry{"ReadableStream", BuiltinType::kStream, Home::kPlatform},
    Entry{"Json", BuiltinType::kJson, Home::kCloesce},
    Entry{"unknown", BuiltinType::kJson, Home::kPlatform},
    Entry{"any", BuiltinType::kJson, Home::kPlatform},
    Entry{"R2Object", BuiltinType::kR2Object, Home::kPlatform},
    Entry{"R2Download", BuiltinType::kR2Download, Home::kCloesce},
    Entry{"KValue", BuiltinType::kKvValue, Home::kCloesce},
    Entry{"Page", BuiltinType::kPage, Home::kCloesce},
    Entry{"HttpResult", BuiltinType::kHttpResult, Home::kCloesce},
    Entry{"Promise", BuiltinType::kPromise, Home::kPlatform},
    Entry{"Readonly", BuiltinType::kTransparent, Home::kPlatform},
    Entry{"DeepPartial", BuiltinType::kPartial, Home::kCloesce},
    Entry{"Partial", BuiltinType::kPartial, Home::kPlatform},
    Entry{"DataSourceOf", BuiltinType::kDataSource, Home::kCloesce},
    Entry{"IncludeTree", BuiltinType::kIncludeTree, Home::kCloesce},
    Entry{"void", BuiltinType::kVoid, Home::kPlatform},
    Entry{"null", BuiltinType::kNull, Home::kPlatform},
    Entry{"undefined", BuiltinType::kNull, Home::kPlatform},
    Entry{"D1Database", BuiltinType::kPlatform, Home::kPlatform},
    Entry{"KVNamespace", BuiltinType::kPlatform, Home::kPlatform},
    Entry{"R2Bucket", BuiltinType::kPlatform, Home::kPlatform},
    Entry{"Request", BuiltinType::kPlatform, Home::kPlatform},
    Entry{"ExecutionContext", BuiltinType::kPlatform, Home::kPlatform},
    Entry{"R2Endpoint", BuiltinType::kVariable, Home::kCloesce},
    Entry{"R2AccessKeyId", BuiltinType::kVariable, Home::kCloesce},
    Entry{"R2SecretAccessKey", BuiltinType::kVariable, Home::kCloesce},
};

constexpr std::array<std::string_view, 15> kValueTypes = {
    "Integer", "number",   "string",     "boolean", "Date", "Blob",       "Uint8Array",  "Stream",
    "Json",    "R2Object", "R2Download", "KValue",  "Page", "HttpResult", "DeepPartial",
};

constexpr std::array<std::string_view, 5> kPlatformTypes = {"D1Database", "KVNamespace", "R2Bucket",
                                                            "Request", "ExecutionContext"};

struct Advice {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array kAdvice = {
    Advice{"bigint", "write `Integer` for whole numbers up to 2^53 - 1, or `string` beyond"},
    Advice{"BigInt", "write `Integer` for whole numbers up to 2^53 - 1, or `string` beyond"},
    Advice{"int", "write `Integer`"},
    Advice{"float", "write `number`"},
    Advice{"double", "write `number`"},
    Advice{"object", "write `Json`, or declare a class with @PlainOldObject"},
    Advice{"Object", "write `Json`, or declare a class with @PlainOldObject"},
    Advice{"Record", "write `Json`, or declare a class with @PlainOldObject"},
    Advice{"Map", "write an array of a class with @PlainOldObject, or `Json`"},
    Advice{"Set", "write an array"},
    Advice{"Pick", "declare a class with @PlainOldObject, or write `DeepPartial<T>`"},
    Advice{"Omit", "declare a class with @PlainOldObject, or write `DeepPartial<T>`"},
    Advice{"Required", "name the class itself"},
    Advice{"Buffer", "write `Uint8Array`"},
    Advice{"File", "write `Blob`"},
    Advice{"FormData", "take the parts as parameters: `Blob` for files, the rest by their types"},
    Advice{"Response", "return `HttpResult<T>`, or `Stream` for raw bytes"},
    Advice{"Function", "functions cannot travel"},
    Advice{"never", "write the type of what is returned, or `void`"},
    Advice{"symbol", "write `string`"},
};

}  // namespace

std::optional<BuiltinType> builtin_type(std::string_view name) {
  for (const Entry& entry : kTypes) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
}

bool is_platform_type(std::string_view name) {
  for (const Entry& entry : kTypes) {
    if (entry.name == name) return entry.home == Home::kPlatform;
  }
  return false;
}

std::span<const std::string_view> value_type_names() { return kValueTypes; }

std::span<const std::string_view> platform_type_names() { return kPlatformTypes; }

std::string_view instead_of_type(std::string_view name) {
  for (const Advice& advice : kAdvice) {
    if (advice.name == name) return advice.instead;
  }
  return {};
}

}  // namespace cloesce::sema
