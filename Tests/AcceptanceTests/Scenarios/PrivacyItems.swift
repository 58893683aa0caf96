/// What providers call the parts of a conversation, each with a secret in it, which `%` stands for.
enum PrivacyItems {
  /// Each in a record of its own, and of that one source.
  static let content: [(name: String, text: String)] =
    [
      ("responses items in a response", lines(items.map(response))),
      ("responses items in a stream", lines(items.map(streamed))),
      (
        "responses items in a program's record", lines(items.map { #"{"time":"t","data":\#($0)}"# })
      ),
      ("responses items in codex", lines(items.map(rollout))),
      ("events of a responses stream", lines(events)),
      ("the same within an event", lines(events.map { #"{"level":"info","event":\#($0)}"# })),
      ("items of codex exec", lines(execItems.map { #"{"type":"item.completed","item":\#($0)}"# })),
      ("anthropic blocks in a response", lines(blocks.map(message))),
      ("anthropic blocks in a session", lines(blocks.map(session))),
      (
        "anthropic blocks of a request",
        lines(blocks.map { #"{"messages":[{"role":"user","content":[\#($0)]}]}"# })
      ),
      (
        "anthropic blocks in a stream",
        lines(
          blocks.map { #"{"type":"content_block_start","index":0,"content_block":\#($0)}"# }
            + deltas.map { #"{"type":"content_block_delta","index":0,"delta":\#($0)}"# })
      ),
      ("gemini parts", lines(parts.map(candidate))),
      (
        "gemini parts of a request",
        lines(parts.map { #"{"contents":[{"role":"user","parts":[\#($0)]}]}"# })
      ),
      ("gemini grounding", lines([grounding])),
      ("what claude code adds", lines(notes)),
      ("what other programs log", lines(others)),
    ]

  private static func lines(_ records: [String]) -> String { records.joined(separator: "\n") }

  private static let items = [
    #"{"type":"code_interpreter_call","id":"ci","status":"completed","code":"print('%')","outputs":[{"type":"logs","logs":"%"},{"type":"image","url":"%"}]}"#,
    #"{"type":"computer_call","id":"cu","call_id":"c","action":{"type":"type","text":"%"},"pending_safety_checks":[{"id":"s","message":"%"}]}"#,
    #"{"type":"computer_call","id":"cu","call_id":"c","action":{"type":"keypress","keys":["%"]}}"#,
    #"{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","image_url":"%"}}"#,
    #"{"type":"local_shell_call","call_id":"c","action":{"type":"exec","command":["%"],"env":{"K":"%"},"working_directory":"/%"}}"#,
    #"{"type":"local_shell_call_output","call_id":"c","output":"%"}"#,
    #"{"type":"shell_call_output","call_id":"c","output":[{"stdout":"%","stderr":"%","outcome":{"type":"exit","exit_code":0}}]}"#,
    #"{"type":"apply_patch_call","call_id":"c","operation":{"type":"update_file","path":"%","diff":"%"}}"#,
    #"{"type":"file_search_call","id":"fs","queries":["%"],"results":[{"file_id":"f","filename":"%","score":0.5,"text":"%","attributes":{"a":"%"}}]}"#,
    #"{"type":"web_search_call","id":"ws","status":"completed","action":{"type":"search","query":"%","sources":[{"type":"url","url":"%"}]}}"#,
    #"{"type":"mcp_call","id":"m","name":"f","server_label":"s","arguments":"{\"a\":\"%\"}","output":"%","error":"%"}"#,
    #"{"type":"mcp_call","id":"m","name":"f","server_label":"s","arguments":"{}","error":{"type":"e","message":"%"}}"#,
    #"{"type":"mcp_list_tools","id":"m","server_label":"s","tools":[{"name":"f","description":"%"}]}"#,
    #"{"type":"mcp_approval_response","approval_request_id":"a","approve":false,"reason":"%"}"#,
    #"{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"%"}],"content":[{"type":"reasoning_text","text":"%"}],"encrypted_content":"%"}"#,
    #"{"type":"image_generation_call","id":"i","status":"completed","result":"%","revised_prompt":"%"}"#,
    #"{"type":"custom_tool_call","call_id":"c","name":"f","input":"%"}"#,
    #"{"type":"custom_tool_call_output","call_id":"c","output":"%"}"#,
    #"{"type":"function_call","call_id":"c","name":"f","arguments":"{\"%\":1}"}"#,
    #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"%","annotations":[{"type":"url_citation","url":"%","title":"%"},{"type":"file_citation","filename":"%"}],"logprobs":[{"token":"%"}]}]}"#,
    #"{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"%"}]}"#,
  ]

  private static func response(_ item: String) -> String {
    #"{"timestamp":"2026-02-01T10:00:00Z","id":"resp_0123456789abcdefghij","object":"response","model":"gpt-4o","output":[\#(item)],"usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}}"#
  }

  private static func streamed(_ item: String) -> String {
    #"{"time":"2026-02-01T10:00:00Z","type":"response.output_item.done","output_index":0,"item":\#(item)}"#
  }

  private static func rollout(_ item: String) -> String {
    #"{"timestamp":"2026-05-04T10:00:02.000Z","type":"response_item","payload":\#(item)}"#
  }

  private static let events = [
    #"{"type":"response.code_interpreter_call_code.done","item_id":"ci","code":"print('%')"}"#,
    #"{"type":"response.output_text.annotation.added","item_id":"m","annotation":{"type":"url_citation","url":"%","title":"%"}}"#,
    #"{"type":"response.content_part.done","item_id":"m","part":{"type":"output_text","text":"%","annotations":[{"type":"url_citation","url":"%"}]}}"#,
    #"{"type":"response.image_generation_call.partial_image","item_id":"i","partial_image_b64":"%"}"#,
    #"{"type":"response.output_text.done","item_id":"m","text":"%"}"#,
    #"{"type":"response.custom_tool_call_input.done","item_id":"m","input":"%"}"#,
    #"{"type":"response.mcp_call_arguments.done","item_id":"m","arguments":"{\"a\":\"%\"}"}"#,
    #"{"type":"response.audio.transcript.delta","delta":"%"}"#,
    #"{"type":"conversation.item.created","item":{"id":"i","type":"message","role":"user","content":[{"type":"input_audio","transcript":"%"}]}}"#,
  ]

  private static let execItems = [
    #"{"id":"i0","type":"reasoning","text":"%"}"#,
    #"{"id":"i1","type":"file_change","changes":[{"path":"%","kind":"update"}],"status":"completed"}"#,
    #"{"id":"i2","type":"mcp_tool_call","server":"s","tool":"t","arguments":{"a":"%"},"result":{"content":["%"],"structured_content":{"b":"%"}},"error":{"message":"%"},"status":"failed"}"#,
    #"{"id":"i3","type":"web_search","query":"%"}"#,
    #"{"id":"i4","type":"todo_list","items":[{"text":"%","completed":false}]}"#,
    #"{"id":"i5","type":"error","message":"%"}"#,
    #"{"id":"i6","type":"collab_tool_call","prompt":"%","agents_states":{"a":{"status":"completed","message":"%"}}}"#,
  ]

  private static let blocks = [
    #"{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"%"}}"#,
    #"{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"%","url":"%","encrypted_content":"%","page_age":"%"}]}"#,
    #"{"type":"web_fetch_tool_result","tool_use_id":"s","content":{"type":"web_fetch_result","url":"%","content":{"type":"document","source":{"type":"text","media_type":"text/plain","data":"%"},"title":"%"}}}"#,
    #"{"type":"code_execution_tool_result","tool_use_id":"s","content":{"type":"code_execution_result","stdout":"%","stderr":"%","return_code":0,"content":[]}}"#,
    #"{"type":"bash_code_execution_tool_result","tool_use_id":"s","content":{"type":"bash_code_execution_result","stdout":"%"}}"#,
    #"{"type":"text_editor_code_execution_tool_result","tool_use_id":"s","content":{"type":"text_editor_code_execution_view_result","file_type":"text","content":"%","lines":["%"]}}"#,
    #"{"type":"mcp_tool_use","id":"m","name":"f","server_name":"s","input":{"a":"%"}}"#,
    #"{"type":"mcp_tool_result","tool_use_id":"m","is_error":true,"content":[{"type":"text","text":"%"}]}"#,
    #"{"type":"thinking","thinking":"%","signature":"%"}"#,
    #"{"type":"redacted_thinking","data":"%"}"#,
    #"{"type":"text","text":"%","citations":[{"type":"char_location","cited_text":"%","document_title":"%"}]}"#,
    #"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"%"},"title":"%","context":"%"}"#,
    #"{"type":"image","source":{"type":"url","url":"%"}}"#,
    #"{"type":"search_result","source":"%","title":"%","content":[{"type":"text","text":"%"}]}"#,
    #"{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","data":"%"}}]}"#,
    #"{"type":"container_upload","file_id":"f","note":"%"}"#,
  ]

  private static let deltas = [
    #"{"type":"citations_delta","citation":{"type":"char_location","cited_text":"%","document_title":"%"}}"#,
    #"{"type":"thinking_delta","thinking":"%"}"#, #"{"type":"signature_delta","signature":"%"}"#,
    #"{"type":"input_json_delta","partial_json":"%"}"#, #"{"type":"text_delta","text":"%"}"#,
  ]

  private static func message(_ block: String) -> String {
    #"{"timestamp":"2026-02-01T10:00:00Z","type":"message","id":"msg_0123456789abcdefghij","role":"assistant","model":"claude-sonnet-4-5","content":[\#(block)],"usage":{"input_tokens":10,"output_tokens":5}}"#
  }

  private static func session(_ block: String) -> String {
    #"{"type":"assistant","sessionId":"s1","version":"2.1.200","requestId":"req_1","timestamp":"2026-03-02T08:15:30.250Z","message":{"id":"msg_1","role":"assistant","model":"claude-sonnet-4-6","content":[\#(block)],"usage":{"input_tokens":12,"output_tokens":340}}}"#
  }

  private static let parts = [
    #"{"executableCode":{"language":"PYTHON","code":"print('%')"}}"#,
    #"{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"%"}}"#,
    #"{"inlineData":{"mimeType":"image/png","data":"%"}}"#,
    #"{"fileData":{"mimeType":"image/png","fileUri":"%"}}"#,
    #"{"functionCall":{"name":"f","args":{"a":"%"}},"thoughtSignature":"%"}"#,
    #"{"functionResponse":{"name":"f","response":{"a":"%"}}}"#,
    #"{"text":"%","thought":true}"#, #"{"executable_code":{"code":"%"}}"#,
  ]

  private static func candidate(_ part: String) -> String {
    #"{"timestamp":"2026-02-01T10:00:00.123Z","modelVersion":"gemini-2.5-pro","candidates":[{"content":{"role":"model","parts":[\#(part)]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10}}"#
  }

  private static let grounding =
    #"{"timestamp":"2026-02-01T10:00:00.123Z","modelVersion":"gemini-2.5-pro","candidates":[{"finishMessage":"%","groundingMetadata":{"webSearchQueries":["%"],"searchEntryPoint":{"renderedContent":"%"},"groundingChunks":[{"web":{"uri":"%","title":"%"}}],"groundingSupports":[{"segment":{"text":"%"}}],"retrievalQueries":["%"]},"urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"%"}]},"citationMetadata":{"citationSources":[{"uri":"%"}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10}}"#

  private static let notes = [
    #"{"type":"progress","timestamp":"2026-03-02T08:16:10.000Z","sessionId":"s1","data":{"type":"waiting_for_task","taskDescription":"%","taskType":"local_agent"}}"#,
    #"{"type":"progress","timestamp":"2026-03-02T08:16:11.000Z","sessionId":"s1","data":{"type":"bash_progress","output":"%","fullOutput":"%"}}"#,
    #"{"type":"user","timestamp":"2026-03-02T08:16:12.000Z","sessionId":"s1","mcpMeta":{"structuredContent":{"a":"%"}},"message":{"role":"user","content":[{"type":"tool_result","content":"%"}]}}"#,
    #"{"type":"assistant","isApiErrorMessage":true,"error":"rate_limit","errorDetails":"%","timestamp":"2026-03-02T08:16:13.000Z","sessionId":"s1","message":{"id":"e1","model":"<synthetic>","content":[{"type":"text","text":"API Error: 429 %"}],"usage":{"input_tokens":0,"output_tokens":0}}}"#,
    #"{"type":"queue-operation","operation":"enqueue","timestamp":"2026-03-02T08:16:14.000Z","sessionId":"s1","content":"%"}"#,
  ]

  private static let others = [
    #"{"time":"2026-02-01T10:00:00Z","model":"gpt-4o","choices":[{"message":{"role":"assistant","content":"%","annotations":[{"type":"url_citation","url_citation":{"url":"%","title":"%"}}],"audio":{"data":"%","transcript":"%"}}}],"search_results":[{"title":"%","url":"%"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#,
    #"{"time":"2026-02-01T10:00:01Z","prompt":{"id":"p","variables":{"a":"%"}},"prediction":{"type":"content","content":"%"}}"#,
    #"{"time":"2026-02-01T10:00:02Z","inputText":"%","results":[{"outputText":"%"}]}"#,
    #"{"time":"2026-02-01T10:00:03Z","inputs":"%","generation":"%","preamble":"%"}"#,
    #"{"time":"2026-02-01T10:00:04Z","gen_ai.tool.call.arguments":"%","gen_ai.tool.call.result":"%"}"#,
    #"{"time":"2026-02-01T10:00:05Z","data":[{"b64_json":"%","revised_prompt":"%"}]}"#,
  ]
}
