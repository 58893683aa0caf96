/// What is measured of a host; the raw value is the metric's name.
package enum HostMetric: String, Sendable, CaseIterable {
  case cpuPercent = "system.cpu_percent"
  case coreCPUPercent = "system.cpu_core_percent"
  case loadAverage = "system.load_average"

  case memoryPercent = "system.memory_percent"
  case memoryTotal = "system.memory_total_mb"
  case memoryUsed = "system.memory_used_mb"
  case memoryAvailable = "system.memory_available_mb"
  case memoryBuffers = "system.memory_buffers_mb"
  case memoryCached = "system.memory_cached_mb"
  case swapPercent = "system.swap_percent"
  case swapTotal = "system.swap_total_mb"
  case swapUsed = "system.swap_used_mb"

  case diskUsagePercent = "system.disk_usage_percent"
  case diskTotal = "system.disk_total_gb"
  case diskUsed = "system.disk_used_gb"
  case diskFree = "system.disk_free_gb"
  case diskInodesPercent = "system.disk_inodes_used_percent"
  case diskReads = "system.disk_reads_rate"
  case diskWrites = "system.disk_writes_rate"
  case diskBytesRead = "system.disk_bytes_read_rate"
  case diskBytesWritten = "system.disk_bytes_written_rate"
  case diskBusyPercent = "system.disk_busy_percent"

  case bytesSent = "system.network_bytes_sent_rate"
  case bytesReceived = "system.network_bytes_recv_rate"
  case packetsSent = "system.network_packets_sent_rate"
  case packetsReceived = "system.network_packets_recv_rate"
  case networkErrors = "system.network_errors_rate"
  case networkDrops = "system.network_drops_rate"

  case processCount = "system.process_count"
  case processesRunning = "system.process_running_count"
  case processesBlocked = "system.process_blocked_count"
  case uptime = "system.uptime_seconds"

  case ownMemory = "logbook.memory_mb"
  case ownPeakMemory = "logbook.memory_peak_mb"
  case ownCPU = "logbook.cpu_seconds"
  case ownThreads = "logbook.threads"
  case ownFiles = "logbook.open_files"

  /// The name of the label that tells its series apart; nil where there is one only.
  package var label: String? {
    switch self {
    case .coreCPUPercent: "cpu"
    case .loadAverage: "minutes"
    case .diskUsagePercent, .diskTotal, .diskUsed, .diskFree, .diskInodesPercent: "path"
    case .diskReads, .diskWrites, .diskBytesRead, .diskBytesWritten, .diskBusyPercent: "device"
    case .bytesSent, .bytesReceived, .packetsSent, .packetsReceived, .networkErrors,
      .networkDrops:
      "interface"
    default: nil
    }
  }

  /// What its counter says is multiplied by this to be the rate's unit by the second.
  var scale: Double {
    switch self {
    // Milliseconds in a second, and a hundred.
    case .diskBusyPercent: 0.1
    // What the kernel calls a sector has 512 bytes on every disk.
    case .diskBytesRead, .diskBytesWritten: 512
    default: 1
    }
  }

  /// What it means, and its unit.
  package var help: String {
    switch self {
    case .cpuPercent: "time of all processors that is not idle, in percent"
    case .coreCPUPercent: "time of one processor that is not idle, in percent"
    case .loadAverage: "tasks that run or wait, on average"
    case .memoryPercent: "memory that is not available, in percent of all"
    case .memoryTotal: "memory, in MiB"
    case .memoryUsed: "memory that is not available, in MiB"
    case .memoryAvailable: "memory that programs can have without swapping, in MiB"
    case .memoryBuffers: "memory in buffers of block devices, in MiB"
    case .memoryCached: "memory in the page cache, in MiB"
    case .swapPercent: "swap in use, in percent"
    case .swapTotal: "swap, in MiB"
    case .swapUsed: "swap in use, in MiB"
    case .diskUsagePercent: "space in use, in percent of what programs can have"
    case .diskTotal: "size of the file system, in GiB"
    case .diskUsed: "space in use, in GiB"
    case .diskFree: "space that programs can have, in GiB"
    case .diskInodesPercent: "inodes in use, in percent"
    case .diskReads: "reads by the second"
    case .diskWrites: "writes by the second"
    case .diskBytesRead: "bytes read by the second"
    case .diskBytesWritten: "bytes written by the second"
    case .diskBusyPercent: "time in which the device had something to do, in percent"
    case .bytesSent: "bytes sent by the second"
    case .bytesReceived: "bytes received by the second"
    case .packetsSent: "packets sent by the second"
    case .packetsReceived: "packets received by the second"
    case .networkErrors: "packets with errors by the second, both ways"
    case .networkDrops: "packets dropped by the second, both ways"
    case .processCount: "processes"
    case .processesRunning: "tasks that run or could"
    case .processesBlocked: "tasks that wait for a device"
    case .uptime: "time since the host was started, in seconds"
    case .ownMemory: "memory of this logbook, in MiB"
    case .ownPeakMemory: "the most memory that this logbook has had, in MiB"
    case .ownCPU: "processor time of this logbook, in seconds"
    case .ownThreads: "threads of this logbook"
    case .ownFiles: "files that this logbook has open"
    }
  }
}
