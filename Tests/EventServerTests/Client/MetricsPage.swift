// SPDX-License-Identifier: MIT
import Testing

/// `/metrics`, read by the rules of Prometheus' text format 0.0.4.
struct MetricsPage: Sendable {
    /// One line of values.
    struct Sample: Sendable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    let text: String
    let contentType: String?
    let samples: [Sample]
    /// `# TYPE` by metric.
    let types: [String: String]
    /// `# HELP` by metric.
    let helps: [String: String]
    /// Lines that are no valid exposition.
    let malformed: [String]

    /// Reads the page of a server.
    init(_ client: HTTPClient) async throws {
        let answer = try await client.send("GET", "/metrics")
        try #require(answer.status == 200)
        self.init(answer.text, contentType: answer.header("Content-Type"))
    }

    init(_ text: String, contentType: String?) {
        self.text = text
        self.contentType = contentType
        let line = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)(?: [0-9]+)?/#
        let allLabels = #/(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*"(?:,|$))*/#
        let label = #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/#
        let comment = #/# (TYPE|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)/#
        var samples: [Sample] = []
        var types: [String: String] = [:]
        var helps: [String: String] = [:]
        var malformed: [String] = []
        for row in text.split(separator: "\n") {
            if let match = row.wholeMatch(of: comment) {
                if match.output.1 == "TYPE" {
                    types[String(match.output.2)] = String(match.output.3)
                } else {
                    helps[String(match.output.2)] = String(match.output.3)
                }
            } else if row.hasPrefix("#") {
                continue
            } else if let match = row.wholeMatch(of: line), let value = Self.number(match.output.3),
                (match.output.2 ?? "").wholeMatch(of: allLabels) != nil
            {
                let labels = (match.output.2 ?? "").matches(of: label).map {
                    (String($0.output.1), String($0.output.2))
                }
                samples.append(
                    Sample(name: String(match.output.1), labels: Dictionary(labels) { $1 }, value: value))
            } else {
                malformed.append(String(row))
            }
        }
        self.samples = samples
        self.types = types
        self.helps = helps
        self.malformed = malformed
    }

    /// Names of all samples.
    var names: Set<String> { Set(samples.map(\.name)) }

    /// Every name with its labels.
    var series: Set<String> {
        Set(samples.map { $0.name + $0.labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined() })
    }

    func samples(of name: String) -> [Sample] { samples.filter { $0.name == name } }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(text)
        }
    }
}
