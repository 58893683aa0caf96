/// The access log of an AI gateway: 26 keys, all strings, of which the first holds a JSON object;
/// about 1,670 bytes a line.
func writeHigressLog(lines: Int, seed: UInt64, to output: inout Output) {
  var random = Random(seed: seed)
  var clock = Clock()
  let answered = Template(answeredRequest)
  let failed = Template(failedRequest)
  let plain = Template("-")
  let before = Template(outerKeysBeforeTime)
  let after = Template(outerKeysAfterTime)
  for line in 0..<lines {
    clock.advance(&random, upTo: 570)
    output.append(#"{"ai_log":""#)
    let kind = random.below(100)
    (kind < 3 ? failed : kind < 8 ? plain : answered).write(line: line, &random, to: &output)
    before.write(line: line, &random, to: &output)
    clock.writeISO(to: &output)
    after.write(line: line, &random, to: &output)
    output.endLine()
  }
}

private let answeredRequest =
  #"{\"answer\":\"{sentence 40}. \\\"{item}\\\"\\n{sentence 20}.\",\"api\":\"-\",\"cached_tokens\":{n 0-90},"#
  + #"\"chat_id\":\"chatcmpl-{hex 24}\",\"chat_round\":{n 1-40},\"consumer\":\"{consumer}\","#
  + #"\"input_token\":{n 100-4000},\"input_token_details\":\"{\\\"cached_tokens\\\":{n 0-90}}\","#
  + #"\"llm_first_token_duration\":{n 100-900},\"llm_service_duration\":{n 900-9000},"#
  + #"\"messages\":[{\"content\":\"You are a helpful assistant of the shop. Answer briefly.\",\"role\":\"system\"},"#
  + #"{\"content\":\"{sentence 14}?\",\"role\":\"user\"}],\"model\":\"{model}\",\"output_token\":{n 10-900},"#
  + #"\"output_token_details\":\"{\\\"reasoning_tokens\\\":{n 0-300}}\",\"question\":\"{sentence 14}?\","#
  + #"\"reasoning_tokens\":{n 0-300},\"response_type\":\"stream\",\"session_id\":\"{session}\",\"total_token\":{n 110-4900}}"#

private let failedRequest =
  #"{\"api\":\"-\",\"chat_round\":{n 1-40},\"consumer\":\"{consumer}\",\"messages\":[{\"content\":\"{sentence 14}?\",\"role\":\"user\"}],"#
  + #"\"question\":\"{sentence 14}?\",\"session_id\":\"{session}\"}"#

private let outerKeysBeforeTime =
  #"","authority":"llm.example.com","bytes_received":"{n 300-9000}","bytes_sent":"{n 300-9000}","#
  + #""downstream_local_address":"10.1.0.4:8080","downstream_remote_address":"{ip}:{n 30000-60000}","#
  + #""duration":"{n 900-9000}","istio_policy_status":"-","method":"POST","path":"/v1/chat/completions","#
  + #""protocol":"HTTP/1.1","request_id":"{uuid}","requested_server_name":"-","response_code":"{status}","#
  + #""response_flags":"-","route_name":"ai-route-openai.internal","start_time":""#

private let outerKeysAfterTime =
  #"","trace_id":"{hex 32}","upstream_cluster":"outbound|443||llm-openai.internal.dns","upstream_host":"{ip}:443","#
  + #""upstream_local_address":"10.1.0.4:{n 30000-60000}","upstream_service_time":"{n 800-8900}","#
  + #""upstream_transport_failure_reason":"-","user_agent":"openclaw/1.{n 0-9} node/22","x_forwarded_for":"{ip}","#
  + #""response_code_details":"via_upstream"}"#
