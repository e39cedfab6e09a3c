import numpy as np
import pandas as pd
import torch
from torch import nn
from sklearn.model_selection import train_test_split

df = pd.read_csv("signals.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y").values, df["y"].values)
mean, std = X_train.mean(0), X_train.std(0)
X_train, X_test = (torch.tensor((x - mean) / std) for x in (X_train, X_test))
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)
model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1))
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_function = nn.BCEWithLogitsLoss()
for epoch in range(50):
    optimiser.zero_grad()
    loss = loss_function(model(X_train).squeeze(), y_train)
    loss.backward()
    optimiser.step()
with torch.no_grad():
    accuracy = ((model(X_test).squeeze() > 0) == y_test).float().mean()
print(f"{accuracy:.3f}")
