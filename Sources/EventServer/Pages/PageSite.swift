// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import NIOCore
internal import TemporalContext

/// What all pages share: where their content comes from, and the frame around it.
struct PageSite: Sendable {
    /// The pages that the navigation names.
    enum Place: String, Sendable {
        case timeline, visitors, system, none
    }

    let templates: PageTemplates
    let assets = PageAssets()
    let processor: EventProcessor
    let likeness: LikenessSearch
    let bodies: BodyReader
    let board: StatusBoard
    let version: String

    var store: EventStore { processor.store }
    var timeZone: TimeZone { processor.options.timeZone }
    var answers: EventAnswer { EventAnswer(thumbnails: processor.thumbnails) }
    var cards: EventCards { EventCards(answers: answers, timeZone: timeZone) }

    /// What a page needs besides its own content.
    struct Frame {
        var title: String
        var place = Place.none
        var terms = SearchTerms()
        var flash: PageView?
        var status = HTTPResponse.Status.ok
    }

    /// A whole page.
    func page(
        _ template: String, _ content: PageView, _ frame: Frame, _ context: APIContext
    ) async -> Response {
        let board = await board.latest()
        // Cameras and counts are nobody's business who has not signed in.
        let maySee = context.session?.admits(.read) == true
        var view = content
        view["title"] = frame.title
        view["active"] = frame.place.rawValue
        view["atTimeline"] = frame.place == .timeline
        view["atVisitors"] = frame.place == .visitors
        view["atSystem"] = frame.place == .system
        view["showsNavigation"] = maySee
        view["mayWrite"] = context.session?.admits(.write) == true
        view["csrfToken"] = context.session?.csrfToken
        view["isSignedIn"] = context.session?.isSignedIn == true
        view["query"] = frame.terms.text
        view["suggestions"] = maySee ? board.suggestions : []
        view["banners"] = maySee ? board.banners(on: frame.place) : []
        view["flash"] = frame.flash
        view["timeZone"] = timeZone.identifier
        view["version"] = version
        view["uploadLimit"] = bodies.limit
        view["iconURL"] = assets.url("icon.svg")
        view["styleURL"] = assets.url("page.css")
        view["scriptURL"] = assets.url("page.js")
        return Self.response(templates.html(template, view), status: frame.status)
    }

    /// A part of a page, for the script to put in its place.
    func part(_ template: String, _ content: PageView, _ context: APIContext) -> Response {
        var view = content
        view["csrfToken"] = context.session?.csrfToken
        view["mayWrite"] = context.session?.admits(.write) == true
        return Self.response(templates.html(template, view), status: .ok)
    }

    private static func response(_ html: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: contentSecurityPolicy,
                // A page may be shown again by the back button; nobody else may keep it.
                .cacheControl: "private, no-cache",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    private static let contentSecurityPolicy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    /// A page that says why there is none.
    func page(for problem: Problem, _ context: APIContext) async -> Response {
        let view: PageView = [
            "heading": problem.status == .notFound ? "Not found" : problem.status.reasonPhrase,
            "text": problem.text,
        ]
        return await page(
            "message", view, Frame(title: problem.status.reasonPhrase, status: problem.status), context)
    }

    /// An endpoint that answers with a page also where something is wrong.
    ///
    /// It needs a key with `scope`; without one, reading needs `read` and everything else `write`.
    func endpoint(
        _ method: HTTPRequest.Method, _ path: String, scope: AccessScope? = nil,
        answer: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, access: .page(scope ?? (method.isSafe ? .read : .write)), nil) {
            request, context in
            do {
                return try await answer(request, context)
            } catch let problem as Problem {
                return await page(for: problem, context)
            } catch let error as StorageError {
                return await page(for: Problem(error), context)
            }
        }
    }

    /// Carries out a decision of the owner, or says why it cannot be.
    @discardableResult
    func decide<Value: Sendable>(
        _ decision: @Sendable (EventStore) async throws(EntityDecisionError) -> Value
    ) async throws(Problem) -> Value {
        try await EntitiesController.checked { () throws(EntityDecisionError) in
            try await processor.decide(decision)
        }
    }

    /// Goes to another page after a change.
    static func redirect(to location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}

extension Problem {
    /// What is wrong, for people.
    var text: String {
        switch detail {
        case .string(let text): text
        case .array(let issues):
            // The words that clients of the Python system look for are none for people.
            issues.compactMap { $0["msg"]?.stringValue?.replacing("Value error, ", with: "") }
                .joined(separator: " ")
        default: status.reasonPhrase
        }
    }
}
