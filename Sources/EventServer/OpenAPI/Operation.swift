// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import JSONValues

/// What the document says about one endpoint.
struct Operation: Sendable {
    /// One answer: status, what it means, and its body.
    struct Answer: Sendable {
        let status: Int
        let description: String
        let content: [(type: String, schema: JSONValue)]
        var headers: [(name: String, description: String)] = []

        /// An answer in JSON; without a schema it has no body.
        static func json(_ status: Int, _ description: String, _ schema: JSONValue? = nil) -> Answer {
            Answer(
                status: status, description: description,
                content: schema.map { [("application/json", $0)] } ?? [])
        }

        /// An error with `{"detail": …}`.
        static func problem(_ status: Int, _ description: String) -> Answer {
            json(status, description, Schema.reference(status == 422 ? "ValidationProblem" : "Problem"))
        }
    }

    let name: String
    let tag: String
    let summary: String
    var description: String?
    var query: [(name: String, schema: JSONValue, description: String)] = []
    var headers: [(name: String, schema: JSONValue, description: String)] = []
    /// Schemas of the parameters in the path, text where there is none.
    var path: [String: JSONValue] = [:]
    var body: (content: [(type: String, schema: JSONValue)], isRequired: Bool)?
    var answers: [Answer]

    /// The operation object of OpenAPI 3.1.
    func json(of endpoint: Endpoint, needsKey: Bool) -> JSONValue {
        var object: JSONObject = [
            "operationId": .string(name), "tags": [.string(tag)], "summary": .string(summary),
        ]
        if let description { object["description"] = .string(description) }
        let parameters =
            endpoint.template.parameters.map {
                Self.parameter($0, "path", path[$0] ?? Schema.string(), nil, isRequired: true)
            } + query.map { Self.parameter($0.name, "query", $0.schema, $0.description, isRequired: false) }
            + headers.map { Self.parameter($0.name, "header", $0.schema, $0.description, isRequired: false) }
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        if let body {
            object["requestBody"] = [
                "required": .bool(body.isRequired), "content": Self.content(body.content),
            ]
        }
        var responses = JSONObject()
        for answer in answers + commonAnswers(endpoint, needsKey)
        where responses[String(answer.status)] == nil {
            responses[String(answer.status)] = Self.response(answer)
        }
        object["responses"] = .object(responses)
        if let scope = endpoint.scope, needsKey {
            // The scope in the list of a scheme that is not OAuth: allowed since OpenAPI 3.1.
            object["security"] = .array(
                ["bearer", "apiKey", "session"].map { [$0: [.string(scope.rawValue)]] })
        }
        return .object(object)
    }

    private func commonAnswers(_ endpoint: Endpoint, _ needsKey: Bool) -> [Answer] {
        var answers: [Answer] = []
        if !endpoint.method.isSafe || (endpoint.scope != nil && needsKey) {
            answers.append(
                .problem(403, "The key has not the scope needed, or a browser sent this from another site."))
        }
        if endpoint.scope != nil, needsKey {
            var answer = Answer.problem(401, "An API key is needed, and the one sent is missing or wrong.")
            answer.headers = [("WWW-Authenticate", "Always Bearer.")]
            answers.append(answer)
        }
        if body != nil { answers.append(.problem(413, "The body is larger than the server takes.")) }
        if endpoint.access != .probe {
            answers.append(.problem(503, "The server is busy, or its database cannot be used now."))
        }
        return answers
    }

    private static func parameter(
        _ name: String, _ place: String, _ schema: JSONValue, _ description: String?, isRequired: Bool
    ) -> JSONValue {
        var object: JSONObject = [
            "name": .string(name), "in": .string(place), "required": .bool(isRequired), "schema": schema,
        ]
        if let description { object["description"] = .string(description) }
        return .object(object)
    }

    private static func content(_ content: [(type: String, schema: JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (type, schema) in content { object[type] = ["schema": schema] }
        return .object(object)
    }

    private static func response(_ answer: Answer) -> JSONValue {
        var object: JSONObject = ["description": .string(answer.description)]
        if !answer.content.isEmpty { object["content"] = content(answer.content) }
        if !answer.headers.isEmpty {
            var headers = JSONObject()
            for (name, description) in answer.headers {
                headers[name] = ["description": .string(description), "schema": ["type": "string"]]
            }
            object["headers"] = .object(headers)
        }
        return .object(object)
    }
}
