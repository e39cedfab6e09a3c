import pandas as pd
import torch
from torch import nn
from sklearn.model_selection import train_test_split

df = pd.read_csv("signals.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y").values, df["y"].values)
X_train, X_test = torch.tensor(X_train), torch.tensor(X_test)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)
net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters())
criterion = nn.BCEWithLogitsLoss()
best = 1e9
for epoch in range(200):
    out = net(X_train)
    loss = criterion(out, y_train)
    opt.zero_grad()
    loss.backward()
    opt.step()
    test_loss = criterion(net(X_test), y_test)
    if test_loss < best:
        best = test_loss
        torch.save(net.state_dict(), "best.pt")
print("best test loss", best)
