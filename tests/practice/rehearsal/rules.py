"""Alert rules for the monitoring exercise: those that its description asks for, and careless ones."""

RIGHT = """
groups:
  - name: orders-model
    rules:
      - alert: CpuSaturated
        expr: rate(process_cpu_seconds_total{job="orders-model"}[5m]) > 3.5
        for: 15m
      - alert: RequestsSlow
        expr: |
          histogram_quantile(0.9, sum by (le) (rate(model_request_seconds_bucket[5m]))) > 0.3
          and sum(rate(model_request_seconds_count[5m])) > 1
        for: 10m
      - alert: FeatureDrift
        expr: model_feature_psi > 0.25
        for: 1h
"""

CARELESS = """
groups:
  - name: orders-model
    rules:
      - alert: CpuHigh
        expr: rate(process_cpu_seconds_total[5m]) > 3
      - alert: CpuOfAnother
        expr: rate(process_cpu_seconds_total{job="other"}[5m]) > 0
      - alert: RequestsSlow
        expr: histogram_quantile(0.95, sum by (le) (rate(model_request_seconds_bucket[5m]))) > 0.3
        for: 40m
      - alert: Elsewhere
        expr: node_load1 > 8
"""
