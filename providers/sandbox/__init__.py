"""A loopback LLM server in OpenAI's protocol that behaves or misbehaves on demand, for demo, tests and benchmarks."""
