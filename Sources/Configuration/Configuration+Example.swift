extension Configuration {
  /// A document that shows every key with what it means; `Examples/logbook.yaml` is the same text.
  package static let example = #"""
    # Configuration of logbook. It is found as --config FILE, $LOGBOOK_CONFIG, ./logbook.yaml or
    # /etc/logbook/logbook.yaml, in this order. `logbook config check` checks it, `logbook config show` prints it
    # with all defaults filled in.
    #
    # Durations are a whole number and a unit: 500ms, 30s, 10m, 4h, 30d, 2w. Sizes: 4096, 64KiB, 50MB, 2GiB.

    # The file that keeps everything. --db and $LOGBOOK_DB come before it. Default: ./logbook.db
    database: /var/lib/logbook/logbook.db

    # Permissions of that file and of those that SQLite puts beside it, in octal. Default: '0640'
    mode: '0640'

    # What one run of `logbook ingest` may do. All of it has defaults; --max-bytes and --max-seconds come before it.
    ingest:
      # A run stops at the end of a record when it has read this much log text; the next one goes on. All families of
      # files get an equal part, the oldest lines first; what one does not need goes to the others. Default: no limit
      max_bytes: 500MB
      # The same by time. Default: no limit
      max_seconds: 60
      # When a file is gone of which no line is stored (a copy, an empty one), it is remembered so long. Default: 400d
      forget_after: 400d

    # How long what was read is kept. Every `logbook ingest` removes what is older, and so does
    # `logbook prune`. Default: everything is kept.
    # retention:
    #   # A chunk of up to 4,096 lines goes when all of them are older, by their own times and the clock. Default: keep all
    #   lines: 30d
    #   # The oldest lines go until the file is no larger. Default: no limit
    #   size: 10GiB
    #   # Counts by minute and hour (volume, patterns, anomalies) can outlive their lines. Default: keep all
    #   rollups: 400d
    #   # Turns of language models, and so sessions and costs. Default: as rollups
    #   sessions: 400d
    #   # Events of errors (which line showed which error, and when), and samples of metrics. Default: as rollups
    #   errors: 400d
    #   metrics: 400d
    #   # Whether lines of level error and up stay when the others go. Default: false
    #   keep_errors: true

    # What `logbook ingest` reads.
    sources:
      # A source needs a name, unique here, and a path: a file, a folder or a glob. The glob also takes the
      # rotated and compressed files, so that nothing is lost when a rotation comes before a run.
      - name: gateway
        path: /var/log/proxy/access.log*

      # All other keys have defaults. These are set to something else, to show them.
      - name: app
        # One text or a list.
        path: [/var/log/app/*.log*, /srv/app/log/*.log*]
        # Files that the globs find and that are not to be read. Default: none
        exclude: ['*/debug.log*']
        # The format of the lines. Default: auto, which looks at the first lines. `logbook formats` lists the names.
        format: auto
        # The zone of times that do not name one. Default: the machine's
        timezone: Asia/Shanghai
        # How lines are joined into records: auto (stack traces and indented lines belong to the line before),
        # none (each line is a record), or a regular expression for the first line of a record. Default: auto
        multiline: {start: '^\d{4}-\d\d-\d\d '}
        # Silence after which the last record of a file is taken as whole. Default: 5s
        multiline_timeout: 10s
        # auto, utf-8, utf-16le or utf-16be. Default: auto
        encoding: utf-8
        # A longer line is cut here, and marked. Default: 1MiB
        max_line: 256KiB
        # What people and models say in logs of requests to language models (messages, answers, reasoning, what tools are
        # given and give back): keep; drop, which stores [dropped] in its place; or hash, which stores [hash:…], the same
        # for equal texts. Tokens and costs are the same either way. Default: keep
        content: drop
        # Regular expressions; what they match is stored as [redacted]. One or a list. Default: none
        redact: ['sk-[A-Za-z0-9]{20,}', '"password":"\K[^"]*']
        # Whether requests in access logs and structured events are counted without a rule. Default: true
        metrics: false

      # The machine itself: processors, memory, disks, network and more as metrics, at each run of `logbook ingest`.
      - name: host
        # root: where the host's /proc and disks are seen, such as /host in a container. Default: /
        host: {interval: 30s, root: /}

    # What is counted in lines. This is all that is wanted: a rule that is not here any more goes with what it counted.
    metrics:
      # Counts the lines that the regular expression matches, in each minute.
      - name: oom_kills
        pattern: 'Out of Memory'

      # All other keys.
      - name: http_status
        help: status codes of the proxy
        # Sources by name, files by glob; one or a list. Default: all
        source: [gateway, 'web*']
        path: /var/log/proxy/*.log*
        # The group 'value', or else the first one, is the value; value: NAME takes a parsed field instead.
        pattern: '\[code=(.*?)\]'
        # What this matches is not counted. Default: none
        exclude: healthz
        # count, sum, avg, min, max, or histogram, which keeps percentiles. Default: count
        function: avg
        # The group of a regular expression, or a parsed field. Default: none
        labels: {host: 'host=(\S+)', method: method}
        # What parsed fields must be; one or a list. Default: nothing
        where: ['bytes>0', 'level>=info']
        # Default: 60s
        step: 10s

    """#
}
