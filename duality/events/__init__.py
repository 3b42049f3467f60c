"""Stages, queues and handlers: what SEDA and a message system run. Dual of ``duality.threads``; the two never meet."""
