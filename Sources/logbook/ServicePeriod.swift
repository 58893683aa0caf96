import ArgumentParsing

/// How often a service runs: a number of minutes that divides an hour, or of hours that divides a day.
///
/// Of others neither cron nor a calendar of systemd keeps the distance: `*/45` is at 0, 45 and 60 minutes.
struct ServicePeriod {
  let minutes: Int

  /// What a cron table has before the user.
  var cron: String {
    if minutes < 60 { return "*/\(minutes) * * * *" }
    return minutes == 1440 ? "0 0 * * *" : "0 */\(minutes / 60) * * *"
  }

  /// What a timer has as `OnCalendar=`.
  var calendar: String {
    minutes < 60 ? "*:0/\(minutes)" : minutes == 1440 ? "daily" : "0/\(minutes / 60):00"
  }

  var text: String {
    switch minutes {
    case 1: "minute"
    case ..<60: "\(minutes) minutes"
    case 60: "hour"
    default: "\(minutes / 60) hours"
    }
  }

  init(minutes: Int) { self.minutes = minutes }

  @Sendable static func parse(_ text: String) throws(InvalidValue) -> Self {
    guard let minutes = Int(text), minutes > 0, 60 % minutes == 0 || minutes % 60 == 0,
      1440 % minutes == 0
    else {
      throw InvalidValue(
        expected: "minutes that divide an hour, such as 5 or 30, or a day into hours, such as 120")
    }
    return Self(minutes: minutes)
  }
}

extension ServiceCommand {
  static func everyOption(
    sets target: any WritableKeyPath<Self, ServicePeriod> & Sendable
  ) -> Option<Self> {
    .value(
      "every", nil, "MINUTES", help: "How often. (default: 5)", sets: target,
      parse: ServicePeriod.parse)
  }
}
