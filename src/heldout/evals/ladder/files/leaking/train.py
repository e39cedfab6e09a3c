import json

import features
import model


def main():
    rows = features.table("train.parquet")
    (features.MODEL / "model.json").write_text(json.dumps(model.fit(rows, features.labels(rows))))


if __name__ == "__main__":
    main()
