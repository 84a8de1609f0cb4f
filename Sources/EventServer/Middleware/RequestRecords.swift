// SPDX-License-Identifier: MIT
internal import CoreMetrics
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import PrometheusMetrics

/// Counts and times every request under its route's template, and logs it.
struct RequestRecords: RouterMiddleware {
    typealias Context = APIContext

    private let counters: [String: Counter]
    private let timers: [String: CoreMetrics.Timer]
    private static let classes = ["2xx", "3xx", "4xx", "5xx"]
    private static let elsewhere = "other"

    init(_ registry: MetricsRegistry, endpoints: [Endpoint]) {
        let routes = endpoints.map { "\($0.method.rawValue) \($0.path)" } + [Self.elsewhere]
        registry.declareCounter(
            "afterimage_http_requests_total", help: "Requests answered, by route and class of status.",
            labels: routes.flatMap { route in Self.classes.map { [("route", route), ("code", $0)] } })
        registry.declareHistogram(
            "afterimage_http_request_duration_seconds", help: "Time to answer a request, by route.",
            buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5, 30],
            labels: routes.map { [("route", $0)] })
        var counters: [String: Counter] = [:]
        var timers: [String: CoreMetrics.Timer] = [:]
        for route in routes {
            for statusClass in Self.classes {
                counters["\(route) \(statusClass)"] = Counter(
                    label: "afterimage_http_requests_total",
                    dimensions: [("route", route), ("code", statusClass)], factory: registry)
            }
            timers[route] = CoreMetrics.Timer(
                label: "afterimage_http_request_duration_seconds", dimensions: [("route", route)],
                factory: registry)
        }
        self.counters = counters
        self.timers = timers
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = start.duration(to: .now)
        record(request, context, response.status, duration)
        return response
    }

    private func record(
        _ request: Request, _ context: APIContext, _ status: HTTPResponse.Status, _ duration: Duration
    ) {
        let method = request.method == .head ? "GET" : request.method.rawValue
        var route = "\(method) \(context.endpointPath ?? "")"
        if timers[route] == nil { route = Self.elsewhere }
        counters["\(route) \(status.code / 100)xx"]?.increment()
        timers[route]?.recordNanoseconds(Int64(duration / .nanoseconds(1)))
        context.logger.debug(
            "request answered",
            metadata: [
                "http.route": .string(route), "http.status": .stringConvertible(status.code),
                "http.milliseconds": .stringConvertible(Int(duration / .milliseconds(1))),
            ])
    }
}
