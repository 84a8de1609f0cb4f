// SPDX-License-Identifier: MIT
internal import Mustache

/// The templates of all pages, which are part of the program.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// Reads the templates that were built in.
    ///
    /// - Throws: ``ServerSetupError`` naming the template that is none.
    init() throws(ServerSetupError) {
        try self.init(texts: Self.builtIn.mapValues { String(decoding: $0, as: UTF8.self) })
    }

    /// Reads templates from their texts, by name.
    init(texts: [String: String]) throws(ServerSetupError) {
        MustacheContentTypes.register(PageEscaping(), named: PageEscaping.name)
        var library = MustacheLibrary()
        for (name, text) in texts {
            do {
                // Each template on its own decides how it escapes.
                try library.register("{{% CONTENT_TYPE:\(PageEscaping.name)}}\n" + text, named: name)
            } catch {
                throw .templateInvalid(name: name, reason: "\(error)")
            }
        }
        self.library = library
    }

    /// Names of the templates that were built in.
    static var names: [String] { builtIn.keys.sorted() }

    private static let builtIn: [String: [UInt8]] = [
        "alike": PackageResources.alike_mustache,
        "card": PackageResources.card_mustache,
        "cards": PackageResources.cards_mustache,
        "choice": PackageResources.choice_mustache,
        "choices": PackageResources.choices_mustache,
        "csrf": PackageResources.csrf_mustache,
        "days": PackageResources.days_mustache,
        "event": PackageResources.event_mustache,
        "filters": PackageResources.filters_mustache,
        "found": PackageResources.found_mustache,
        "history": PackageResources.history_mustache,
        "layout": PackageResources.layout_mustache,
        "login": PackageResources.login_mustache,
        "message": PackageResources.message_mustache,
        "results": PackageResources.results_mustache,
        "similar": PackageResources.similar_mustache,
        "status": PackageResources.status_mustache,
        "system": PackageResources.system_mustache,
        "timeline": PackageResources.timeline_mustache,
        "visitor": PackageResources.visitor_mustache,
        "visitors": PackageResources.visitors_mustache,
        "who": PackageResources.who_mustache,
    ]

    /// The template `name`, filled with `view`.
    func html(_ name: String, _ view: PageView) -> String {
        library.render(view, withTemplate: name) ?? ""
    }
}
