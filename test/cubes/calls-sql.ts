/** The definition of a call as plain SQL (SPEC section 9), for another engine to count by; days and hours are those of +05:30. */

/** Of the table `records`. */
export const RECORD_COLUMNS = `{
    id: 'VARCHAR', timestamp: 'VARCHAR', event: 'VARCHAR', session_id: 'VARCHAR', tier: 'VARCHAR', decision: 'VARCHAR',
    tool_name: 'VARCHAR', rule_id: 'VARCHAR', permission_mode: 'VARCHAR', attended: 'BOOLEAN', agent_id: 'VARCHAR',
    tool_use_id: 'VARCHAR', duration_us: 'BIGINT', tool_success: 'BOOLEAN', tool_duration_ms: 'BIGINT', project: 'VARCHAR',
    rule_ids: 'VARCHAR[]', commands: 'VARCHAR[]', effect: 'VARCHAR', input_hash: 'VARCHAR',
    policy_hash: 'VARCHAR', llm_score: 'VARCHAR', llm_error: 'VARCHAR', llm_model: 'VARCHAR', llm_cached: 'BOOLEAN',
    llm_confidence: 'DOUBLE', llm_latency_ms: 'BIGINT', reroute: 'JSON', promoted_rule: 'VARCHAR'}`;

/** One row a call: the strictest record decides, the newest PreToolUse tells of it. Copies are seconds apart, reuse hours. */
export const CALLS = `
  CREATE TABLE calls AS
  WITH ranked AS (
    SELECT *, coalesce(agent_id, '') AS agent, epoch_ms(timestamp::TIMESTAMP) AS ts,
      list_position(['passthrough', 'error_passthrough', 'allow', 'rerouted', 'ask', 'deny'], decision) AS strictness
    FROM records WHERE event IN ('PreToolUse', 'PermissionDenied')
  ), apart AS (
    SELECT *, CASE WHEN tool_use_id IS NULL THEN id ELSE concat_ws('/', session_id, agent, tool_use_id) END AS key,
      sum(CASE WHEN tool_use_id IS NOT NULL AND newer - ts > 600000 THEN 1 ELSE 0 END)
        OVER (PARTITION BY session_id, agent, tool_use_id ORDER BY ts DESC) AS turn
    FROM (SELECT *, lag(ts) OVER (PARTITION BY session_id, agent, tool_use_id ORDER BY ts DESC) AS newer FROM ranked)
  ), outcomes AS (
    SELECT DISTINCT concat_ws('/', session_id, coalesce(agent_id, ''), tool_use_id) AS key, tool_success,
      coalesce(input_hash, '') AS ran_hash
    FROM records WHERE event IN ('PostToolUse', 'PostToolUseFailure')
  ), grouped AS (
    SELECT key, any_value(session_id) AS session_id, any_value(tool_name) AS tool_name,
      max(ts) FILTER (event = 'PreToolUse') AS ts,
      arg_max(duration_us, ts) FILTER (event = 'PreToolUse') AS duration_us,
      any_value(project) AS project, any_value(commands) AS commands,
      any_value(attended) AS attended, any_value(permission_mode) AS mode, any_value(effect) AS effect,
      any_value(input_hash) AS input_hash, bool_or(event = 'PermissionDenied') AS refused,
      arg_max(decision, strictness) AS decision, arg_max(tier, strictness) AS tier,
      arg_max(coalesce(rule_id, ''), strictness) AS rule_id,
      arg_max(coalesce(rule_ids, []), strictness) AS rule_ids,
      any_value(policy_hash) AS policy_hash,
      arg_max(CASE WHEN llm_error IS NOT NULL THEN 'timeout' ELSE coalesce(llm_score, '') END, strictness) AS llm,
      arg_max(coalesce(llm_latency_ms, -1), strictness) AS llm_ms,
      arg_max(coalesce(llm_confidence, 1) < 0.7, strictness) AS unsure,
      arg_max(coalesce(reroute->>'$.mode', ''), strictness) AS reroute,
      any_value(tool_use_id) AS tool_use_id, count(*) FILTER (event = 'PreToolUse') - 1 AS copies
    FROM apart GROUP BY key, turn
  )
  SELECT grouped.*, tool_success, ran_hash,
    CASE WHEN reroute = '' OR coalesce(ran_hash, '') = '' THEN '' WHEN ran_hash = input_hash THEN 'original' ELSE 'other' END AS ran,
    floor((ts + 19800000) / 3600000)::INT % 24 AS hour, floor((ts + 19800000) / 86400000)::INT AS day,
    tool_success IS NULL AND tool_use_id IS NOT NULL AND attended AND NOT refused AND decision <> 'deny'
      AND input_hash IN (SELECT input_hash FROM records WHERE event = 'PermissionRequest')
      AND EXISTS (SELECT 1 FROM records AS later WHERE later.session_id = grouped.session_id
        AND later.event IN ('UserPromptSubmit', 'SessionEnd') AND epoch_ms(later.timestamp::TIMESTAMP) > grouped.ts) AS rejected,
    decision IN ('allow', 'rerouted') AND attended AND mode IN ('default', 'acceptEdits', 'plan')
      AND effect <> 'reads' AND NOT (mode = 'acceptEdits' AND effect = 'writes-project') AS saved
  FROM grouped LEFT JOIN outcomes USING (key)`;

/** What people made of judged calls: in a dialog, a No inferred. */
export const ANSWERED = `
  ALTER TABLE calls ADD COLUMN answered VARCHAR;
  UPDATE calls SET answered = CASE WHEN llm IN ('', 'timeout') THEN '' WHEN rejected THEN 'refused'
    WHEN tool_success IS NULL OR NOT attended THEN ''
    WHEN input_hash NOT IN (SELECT input_hash FROM records WHERE event = 'PermissionRequest') THEN ''
    WHEN ran_hash NOT IN ('', input_hash) THEN 'another' ELSE 'as-called' END`;
