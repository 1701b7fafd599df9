// CodeWriter: indented source text, line by line. What every TypeScript emitter prints through.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloesce::emit {

/// Appends lines at the current indentation (two spaces a level). Lines are given without their
/// end.
class CodeWriter {
 public:
  /// Lines longer than this are broken where the writer is told how.
  static constexpr std::size_t kLineWidth = 100;

  /// A line made of the given texts, put side by side.
  template <class... Parts>
  void line(const Parts&... parts) {
    begin_line();
    (text_.append(std::string_view(parts)), ...);
    text_.push_back('\n');
  }

  /// A line after which the text is indented by one level, until `close` prints the line that ends
  /// it.
  template <class... Parts>
  void open(const Parts&... parts) {
    line(parts...);
    ++level_;
  }
  void close(std::string_view text);
  /// Indents what follows, when the opening line is printed already.
  void indent() { ++level_; }

  /// An empty line; at the start of a block or of the file it is left out, and so is a second one.
  void blank();

  /// `prefix`, the items separated by commas, `suffix`: on one line when they fit, else an item a
  /// line. `padding` goes between the brackets and the items of a single line (a space for braces).
  void list(std::string_view prefix, const std::vector<std::string>& items, std::string_view suffix,
            std::string_view padding = {});

  /// A documentation comment; nothing when `text` is empty. An end of comment in it is disarmed.
  void documentation(std::string_view text);

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  void begin_line() { text_.append(level_ * 2, ' '); }

  std::string text_;
  std::size_t level_ = 0;
};

/// The items with `separator` between them.
[[nodiscard]] std::string join(const std::vector<std::string>& items, std::string_view separator);

}  // namespace cloesce::emit
