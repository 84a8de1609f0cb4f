// SPDX-License-Identifier: MIT
import JSONValues
import Testing

@Suite("Errors in words")
struct ErrorTextTests {
    @Test("Every reason has its own code and sentence")
    func reasons() {
        let errors = ["", "[", "]", "1 1", "[[", "[0", "01", "1e999", "\"\n\"", #""\x""#, #""\udc00""#].map {
            text in
            #expect(throws: JSONError.self) {
                try JSONValue.parse(Array(text.utf8), maximumDepth: 1, maximumValues: text == "[0" ? 1 : 9)
            }
        }
        let invalidUTF8 = #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xFF, 0x22]) }
        let found = (errors + [invalidUTF8]).compactMap(\.self)
        #expect(Set(found.map(\.reason)) == Set(JSONError.Reason.allCases))
        #expect(Set(found.map(\.code)).count == found.count)
        #expect(Set(found.map(\.description)).count == found.count)
        #expect(found.allSatisfy { $0.description.hasPrefix("Expected ") && $0.description.hasSuffix(".") })
    }

    @Test("Every error of forms has its own code and sentence")
    func multipart() {
        let errors: [MultipartError] = [
            .invalidBoundary, .missingOpeningDelimiter, .missingClosingDelimiter, .tooManyParts(limit: 16),
            .headerTooLong(limit: 4096), .malformedHeader(part: 0), .missingName(part: 0),
            .unsupportedTransferEncoding(part: 0),
        ]
        #expect(Set(errors.map(\.code)).count == errors.count)
        #expect(Set(errors.map(\.description)).count == errors.count)
        #expect(MultipartError.missingName(part: 0).description.contains("part 1"))
    }
}
