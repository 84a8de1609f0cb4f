// SPDX-License-Identifier: MIT
import Testing

@testable import EventServer

@Suite("Templates")
struct PageTemplateTests {
    @Test("that are built in can all be read, and render without any value")
    func builtIn() throws {
        let templates = try PageTemplates()
        for name in PageTemplates.names { _ = templates.html(name, [:]) }
        #expect(templates.html("message", ["heading": "Not here"]).contains("Not here"))
    }

    @Test("that are none are named")
    func broken() {
        #expect {
            _ = try PageTemplates(texts: ["good": "x", "bad": "{{#open}}"])
        } throws: { error in
            guard case .templateInvalid(let name, _) = error as? ServerSetupError else { return false }
            return name == "bad"
        }
    }

    @Test(
        "escape values byte by byte, in text, attributes and partials",
        arguments: [
            ("<b>", "&lt;b&gt;"), ("\"", "&quot;"), ("'", "&#39;"), ("&amp;", "&amp;amp;"),
            // One character to people, two to a browser.
            ("\"\u{301}", "&quot;\u{301}"), ("<\u{338}", "&lt;\u{338}"),
            ("'\u{200D}\"", "&#39;\u{200D}&quot;"),
            ("{{name}}", "{{name}}"), ("plain ü", "plain ü"),
        ])
    func escaping(value: String, expected: String) throws {
        let templates = try PageTemplates(texts: [
            "outer": "<i title=\"{{name}}\">{{name}}</i>{{#list}}{{.}}{{/list}}{{>inner}}",
            "inner": "[{{name}}]",
        ])
        let html = templates.html("outer", ["name": value, "list": [value]])
        #expect(
            html.utf8.elementsEqual("<i title=\"\(expected)\">\(expected)</i>\(expected)[\(expected)]".utf8))
    }

    @Test("show nothing for an absent value, not what has its name further out")
    func absent() throws {
        let templates = try PageTemplates(texts: ["t": "{{#inner}}{{#name}}{{.}}{{/name}}{{/inner}}"])
        let inner: PageView = ["name": nil as String?]
        #expect(templates.html("t", ["name": "outer", "inner": inner]).isEmpty)
    }
}
