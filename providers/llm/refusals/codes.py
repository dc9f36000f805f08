"""What vendors' codes mean: by their words, whoever uses them, and by their numbers, envelope by envelope."""

import re
from collections.abc import Iterable

from providers.llm.errors import ErrorKind

# Searched in a code in snake_case; the first match of the first code decides. Only what can mean nothing else.
CODES: tuple[tuple[ErrorKind, tuple[str, ...]], ...] = (
    (
        ErrorKind.CONTENT_REFUSED,
        (
            r"content_?(?:filter|policy|moderation|blocked|refused|safety)",
            r"responsible_ai_?policy",
            r"data_inspection",
            r"moderation",
            r"censorship",
            r"sensitive_content",
            r"content_security",
            r"prohibited_content",
            r"guardrail",
            r"^invalid_prompt$",
            r"^safety",
            r"risk_control",
            r"cyber_policy",
        ),
    ),
    (
        ErrorKind.NOT_FOUND,
        (
            r"(?:model|deployment)_(?:not_?found|not_exist|decommissioned|deprecated|unavailable|disabled|retired|removed)",
            r"model_(?:is_)?not_(?:available|supported|allowed|open|found|exist|enabled|accessible)",
            r"model_terms",
            r"^(?:invalid|unknown|unavailable|unsupported|no_such)_model",
            r"^model_(?:permission|error$)",
            r"model_access_?denied",
            r"^operation_not_supported$",
            r"free_tier_only",
            r"^unknown_url$",
            r"^resource_not_found",
        ),
    ),
    (
        ErrorKind.BILLING,
        (
            r"insufficient_(?:user_|account_)?(?:quota|balance|credits?|funds)",
            r"^billing",
            r"billing_disabled",
            r"payment_(?:required|method)",
            r"^arrear",
            r"overdue",
            r"^credits?_(?:error|limit|exhausted|insufficient)",
            r"out_of_credits",
            r"exceeded_current_quota",
            r"budget_exceeded",
            r"spending_limit",
        ),
    ),
    (
        ErrorKind.AUTH,
        (
            r"(?:invalid|incorrect|wrong|expired|missing|unknown|no)_(?:proxy_)?(?:api_?key|access_?key|auth)",
            r"(?:api_?key|token)_(?:is_)?(?:invalid|expired|incorrect|revoked|missing|not_found)",
            r"authentication_?(?:error|fail)",
            r"^auth_error$",
            r"^expired_key$",
            r"invalid_signature",
            r"expired_token",
            r"unrecognized_client",
            r"missing_authentication",
        ),
    ),
    (
        ErrorKind.FORBIDDEN,
        (
            r"(?:account|organization|org|user|tenant|consumer)_(?:is_)?(?:deactivated|restricted|suspended|disabled|banned|blocked|locked|terminated)",
            r"unsupported_country",
        ),
    ),
    (
        ErrorKind.CONTEXT_LENGTH,
        (
            r"context_(?:length|window|size|too)",
            r"context_size",
            r"string_above_max_length",
            r"(?:prompt|input)_too_l(?:ong|arge)",
            r"tokens_limit_reached",
            r"^request_too_large$",
            r"max_context",
        ),
    ),
    (
        ErrorKind.BAD_OUTPUT,
        (
            r"^json_(?:validate|schema_validation)_failed$",
            r"^tool_use_failed$",
            r"^output_parse_failed$",
        ),
    ),
    (
        ErrorKind.RATE_LIMITED,
        (
            r"rate_?limit",
            r"throttl",
            r"too_many_requests",
            r"quota_ex(?:ceeded|hausted)",
            r"queue_exceeded",
            r"usage_limit",
            r"capacity_exceeded",
            r"limit_(?:requests|tokens|burst)",
            r"concurrency_limit",
            r"service_quota_exceeded",
        ),
    ),
)
# Codes that say no more than a status does. They count like one where the real status says less.
STATUS_NAMES = {
    "unauthorized": 401,
    "unauthenticated": 401,
    "forbidden": 403,
    "permission_denied": 403,
    "permission_error": 403,
    "not_found": 404,
    "not_found_error": 404,
    "request_timeout": 408,
    "resource_exhausted": 429,
    "some_resource_has_been_exhausted": 429,  # xAI
    "internal": 500,
    "internal_error": 500,
    "internal_server_error": 500,
    "server_error": 500,
    "api_error": 500,
    "bad_gateway": 502,
    "upstream_error": 502,
    "unavailable": 503,
    "unavailable_error": 503,
    "overloaded": 503,
    "overloaded_error": 503,
    "engine_overloaded_error": 503,
    "service_unavailable": 503,
    "service_unavailable_error": 503,
    "insufficient_system_resource": 503,
}
NUMBERS: dict[str, ErrorKind] = {
    **dict.fromkeys(  # Zhipu, Z.ai: {"error": {"code": "1302"}}
        ("error_1000", "error_1001", "error_1002", "error_1003", "error_1004"), ErrorKind.AUTH
    ),
    **dict.fromkeys(("error_1110", "error_1111", "error_1112", "error_1121"), ErrorKind.FORBIDDEN),
    **dict.fromkeys(("error_1113", "error_1309"), ErrorKind.BILLING),
    **dict.fromkeys(
        ("error_1211", "error_1212", "error_1220", "error_1221", "error_1222", "error_1311"), ErrorKind.NOT_FOUND
    ),
    **dict.fromkeys(("error_1230", "error_1234"), ErrorKind.SERVER),
    "error_1261": ErrorKind.CONTEXT_LENGTH,
    "error_1301": ErrorKind.CONTENT_REFUSED,
    **dict.fromkeys(
        (
            "error_1302",
            "error_1303",
            "error_1304",
            "error_1305",
            "error_1308",
            "error_1310",
            "error_1312",
            "error_1313",
        ),
        ErrorKind.RATE_LIMITED,
    ),
    **dict.fromkeys(  # MiniMax: {"base_resp": {"status_code": 1002}}
        ("base_resp_1002", "base_resp_1039", "base_resp_1041", "base_resp_2045", "base_resp_2056"),
        ErrorKind.RATE_LIMITED,
    ),
    "base_resp_1001": ErrorKind.TIMEOUT,
    **dict.fromkeys(("base_resp_1004", "base_resp_2049"), ErrorKind.AUTH),
    "base_resp_1008": ErrorKind.BILLING,
    **dict.fromkeys(("base_resp_1000", "base_resp_1013", "base_resp_1024", "base_resp_1033"), ErrorKind.SERVER),
    **dict.fromkeys(("base_resp_1026", "base_resp_1027"), ErrorKind.CONTENT_REFUSED),
    **dict.fromkeys(("base_resp_1042", "base_resp_2013"), ErrorKind.BAD_REQUEST),
    "base_resp_2061": ErrorKind.NOT_FOUND,
    **dict.fromkeys(  # Cloudflare: {"success": false, "errors": [{"code": 10000}]}
        ("errors_10000", "errors_9106", "errors_9109", "errors_2009"), ErrorKind.AUTH
    ),
    "errors_3023": ErrorKind.FORBIDDEN,
    **dict.fromkeys(
        ("errors_5007", "errors_5016", "errors_5018", "errors_3041", "errors_7000", "errors_7003"), ErrorKind.NOT_FOUND
    ),
    **dict.fromkeys(("errors_3036", "errors_3040", "errors_4006"), ErrorKind.RATE_LIMITED),
    **dict.fromkeys(("errors_3007", "errors_3008"), ErrorKind.TIMEOUT),
    "errors_3006": ErrorKind.CONTEXT_LENGTH,
    **dict.fromkeys(  # Baidu: {"error_code": 18, "error_msg": "..."}
        ("error_code_13", "error_code_14", "error_code_15", "error_code_100", "error_code_110", "error_code_111"),
        ErrorKind.AUTH,
    ),
    "error_code_6": ErrorKind.FORBIDDEN,
    **dict.fromkeys(
        ("error_code_4", "error_code_17", "error_code_18", "error_code_19", "error_code_336501", "error_code_336502"),
        ErrorKind.RATE_LIMITED,
    ),
    "error_code_336003": ErrorKind.BAD_REQUEST,
    "error_code_336103": ErrorKind.CONTEXT_LENGTH,
    **dict.fromkeys(
        ("code_20012", "code_30003"), ErrorKind.NOT_FOUND
    ),  # SiliconFlow: {"code": 20012, "message": "..."}
    "code_20015": ErrorKind.BAD_REQUEST,
    "code_30001": ErrorKind.BILLING,
    "code_50505": ErrorKind.SERVER,
}
DAILY_NUMBERS = frozenset({"errors_3036", "errors_4006", "error_1304", "error_code_17"})
_COMPILED = tuple((kind, re.compile("|".join(patterns))) for kind, patterns in CODES)


def kind_of_codes(codes: Iterable[str]) -> ErrorKind | None:
    return next((kind for code in codes if (kind := _kind(code))), None)


def named_status(codes: Iterable[str]) -> int | None:
    return next((STATUS_NAMES[code] for code in codes if code in STATUS_NAMES), None)


def _kind(code: str) -> ErrorKind | None:
    if kind := NUMBERS.get(code):
        return kind
    if code in STATUS_NAMES:
        return None
    return next((kind for kind, pattern in _COMPILED if pattern.search(code)), None)
