import ArgumentParsing

struct ServiceSystemd: ServiceCommand {
  static let name = "systemd"
  static let abstract = "Units that read every five minutes, or all the time."
  static let discussion = """
    A service that may read every file, write only beside the database, and little else; and its timer. With --follow \
    the service goes on ('ingest --follow') and needs none; 'systemctl reload' has it read the configuration again. They \
    use this program, this configuration and this database by their absolute paths. The database gets the group \
    adm, which may read it, unless --group says another.
    """
  static let options: [Option<Self>] =
    targetOptions + [
      everyOption(sets: \.period),
      .flag("follow", help: "A service that goes on, without a timer.", sets: \.isFollowing),
      .value(
        "group", nil, "NAME", help: "Whose members may read the database. (default: adm)",
        sets: \.group, parse: parseAccount),
    ]
  static let examples = [("logbook service systemd --install", "into /etc/systemd/system")]
  var nextStep: String? {
    "systemctl daemon-reload && systemctl enable --now logbook.\(isFollowing ? "service" : "timer")"
  }
  var target = ServiceTarget()
  var period = ServicePeriod(minutes: 5)
  var isFollowing = false
  var group = "adm"

  func files(_ service: ServiceContext) throws -> [ServiceFile] {
    let folder = service.databaseFolder
    let writable =
      folder == "/var/lib/logbook"
      ? "StateDirectory=logbook\nStateDirectoryMode=0750"
      : "ReadWritePaths=\"\(Self.escaped(folder))\""
    let words = (service.ingest + (isFollowing ? ["--follow"] : []))
      .map { "\"\(Self.escaped($0, in: .command))\"" }.joined(separator: " ")
    let runs =
      isFollowing
      ? """
      Type=notify
      ExecStart=\(words)
      ExecReload=/bin/kill -HUP $MAINPID
      Restart=on-failure
      RestartSec=30
      """
      : """
      Type=oneshot
      ExecStart=\(words)
      # Another run is at it: nothing is wrong.
      SuccessExitStatus=75
      """
    let unit = """
      [Unit]
      Description=Read what is new in log files
      After=local-fs.target

      [Service]
      \(runs)
      # SIGTERM ends it between two chunks.
      TimeoutStopSec=60
      Group=\(group)
      UMask=0027
      Nice=10
      IOSchedulingClass=best-effort
      IOSchedulingPriority=7

      # It reads every file, and writes beside its database only.
      \(writable)
      CapabilityBoundingSet=CAP_DAC_READ_SEARCH
      NoNewPrivileges=yes
      ProtectSystem=strict
      ProtectHome=read-only
      \(service.usesTemporaryFolders ? "# What it reads or writes is there.\nPrivateTmp=no" : "PrivateTmp=yes")
      PrivateDevices=yes
      ProtectClock=yes
      ProtectControlGroups=yes
      ProtectHostname=yes
      ProtectKernelLogs=yes
      ProtectKernelModules=yes
      ProtectKernelTunables=yes
      RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
      RestrictNamespaces=yes
      RestrictRealtime=yes
      RestrictSUIDSGID=yes
      LockPersonality=yes
      SystemCallArchitectures=native
      SystemCallFilter=@system-service
      \(isFollowing ? "\n[Install]\nWantedBy=multi-user.target\n" : "")
      """
    let file = ServiceFile(path: "/etc/systemd/system/logbook.service", text: unit)
    guard !isFollowing else { return [file] }
    let timer = """
      [Unit]
      Description=Read what is new in log files every \(period.text)

      [Timer]
      OnCalendar=\(period.calendar)
      RandomizedDelaySec=15
      AccuracySec=5

      [Install]
      WantedBy=timers.target

      """
    return [file, ServiceFile(path: "/etc/systemd/system/logbook.timer", text: timer)]
  }

  private enum Setting {
    case path
    /// Where `$` begins a variable.
    case command
  }

  /// Inside of double quotes, where `%` has a meaning of its own.
  private static func escaped(_ text: String, in setting: Setting = .path) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": result += "\\"
      case "%": result += "%"
      case "$": result += setting == .command ? "$" : ""
      default: break
      }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
