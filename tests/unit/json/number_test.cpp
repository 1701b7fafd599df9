// What the digits of a number say, compared with what the C library makes of them.
#include "json/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace cloesce::json {
namespace {

TEST(NumberForm, RefusesWhatIsNoNumber) {
  for (const char* text : {"",     "-",   "+1",    "01",    "-01",   "00",  ".5",       "1.",
                           "1.e3", "1e",  "1e+",   "1E-",   "0x10",  " 1",  "1 ",       "1_0",
                           "1a",   "--1", "1.2.3", "1e2e3", "1e2.5", "NaN", "Infinity", "true"}) {
    EXPECT_EQ(number_form(text), NumberForm::kMalformed) << text;
  }
}

TEST(NumberForm, AgreesWithTheCLibraryOnWhatIsInfinite) {
  const std::string zeros(400, '0');
  const std::vector<std::string> texts = {
      "0",
      "-0",
      "0.0",
      "0e999999999999999999999",
      "1",
      "-12.5e-3",
      "1E+2",
      "123456789012345678901234567890",
      "1e308",
      "-1e308",
      "1.7976931348623157e308",
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "17976931348623157e292",
      "17976931348623159e292",
      "0.00017976931348623157e312",
      "0.00017976931348623159e312",
      "1.8e308",
      "9e307",
      "1e309",
      "-1e309",
      "1e999",
      "1e-999",
      "1e-99999999999999999999",
      "1e99999999999999999999",
      "0." + zeros + "1e401",
      "0." + zeros + "1e709",
      "0." + zeros + "1e710",
      "1" + zeros,
      "1" + zeros + "e-100",
      "1" + zeros + "e-91",
      "1" + zeros + "e-92",
      "17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797"
      "75872070963302864166928879109465555478519404026306574886715058206819089020007083836762738548"
      "45817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711"
      "559699508093042880",
  };
  for (const std::string& text : texts) {
    const bool infinite = std::isinf(std::strtod(text.c_str(), nullptr));
    EXPECT_EQ(number_form(text), infinite ? NumberForm::kTooLarge : NumberForm::kFinite) << text;
  }
}

TEST(IntegerForm, KnowsTheSafeRange) {
  for (const char* text : {"0", "-0", "7", "-7", "10", "9007199254740991", "-9007199254740991"}) {
    EXPECT_EQ(integer_form(text), IntegerForm::kSafe) << text;
  }
  for (const char* text : {"9007199254740992", "-9007199254740992", "9999999999999999",
                           "10000000000000000", "123456789012345678901234567890"}) {
    EXPECT_EQ(integer_form(text), IntegerForm::kUnsafe) << text;
  }
  for (const char* text : {"", "-", "+1", "01", "-01", "1.0", "1e3", " 1", "1 ", "0x1", "1n"}) {
    EXPECT_EQ(integer_form(text), IntegerForm::kMalformed) << text;
  }
}

}  // namespace
}  // namespace cloesce::json
