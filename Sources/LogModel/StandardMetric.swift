/// What is counted in lines without a rule of the user; the number is its rule's in the store.
package enum StandardMetric: Int64, Sendable, CaseIterable {
  // Of access logs.
  case routeRequests = -1
  case routeBytes = -2
  case routeDuration = -3

  // Of structured events.
  case eventDuration = -4
  case apiRequest = -5
  case apiDuration = -6
  case databaseOperation = -7
  case databaseRows = -8
  case databaseDuration = -9
  case taskStart = -10
  case taskComplete = -11
  case taskError = -12
  case taskDuration = -13
  case queueOperation = -14
  case businessEvent = -15
  case performance = -16
  case operationStart = -17
  case operationComplete = -18
  case operationError = -19

  package static let hour: Int64 = 3_600_000_000
  private static let minute: Int64 = 60_000_000

  /// Where the bucket begins that an instant is in.
  package func bucket(_ time: Int64) -> Int64 {
    let step = isOfRoutes ? Self.hour : Self.minute
    return floorDivide(time, step).0 * step
  }

  package var isOfRoutes: Bool { rawValue >= Self.routeDuration.rawValue }

  package init?(name: String) {
    guard let known = Self.allCases.first(where: { $0.rule.name == name }) else { return nil }
    self = known
  }

  /// As the store has it; lines are not counted by it, but by what knows their formats.
  package var rule: MetricRule {
    let (name, function, help) = definition
    var rule = MetricRule(name: name)
    rule.function = function
    rule.help = help
    rule.step = isOfRoutes ? Self.hour : Self.minute
    return rule
  }

  private var definition: (name: String, function: MetricRule.Function, help: String) {
    switch self {
    case .routeRequests: ("route_requests", .count, "requests in access logs")
    case .routeBytes: ("route_bytes", .sum, "bytes of answers in access logs")
    case .routeDuration: ("route_duration_ms", .histogram, "how long requests in access logs took")
    case .eventDuration: ("event_duration_ms", .histogram, "how long what a record is about took")
    case .apiRequest: ("api_request", .count, "requests to an API")
    case .apiDuration: ("api_request_duration_ms", .histogram, "how long requests to an API took")
    case .databaseOperation: ("database_operation", .count, "operations on tables")
    case .databaseRows: ("database_affected_rows", .sum, "rows that operations were about")
    case .databaseDuration:
      ("database_operation_duration_ms", .histogram, "how long operations on tables took")
    case .taskStart: ("task_start", .count, "tasks that began")
    case .taskComplete: ("task_complete", .count, "tasks that were done")
    case .taskError: ("task_error", .count, "tasks that failed")
    case .taskDuration: ("task_duration_seconds", .histogram, "how long tasks took that were done")
    case .queueOperation: ("queue_operation", .count, "operations on queues")
    case .businessEvent: ("business_event", .count, "what happened, by its name")
    case .performance: ("performance_metric", .histogram, "values that a program measured")
    case .operationStart: ("operation_start", .count, "operations that began")
    case .operationComplete: ("operation_complete", .count, "operations that were done")
    case .operationError: ("operation_error", .count, "operations that failed")
    }
  }
}
