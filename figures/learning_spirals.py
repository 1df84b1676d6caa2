"""The README's picture: a small network learns three spirals before your eyes."""

from pathlib import Path

import nnlib as nn

EPOCHS = (1, 5, 15, 60)


def draw():
    X, y = nn.data.spirals(n=300, noise=0.12, rng=0)
    net = nn.Sequential(
        nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 3), rng=0
    )
    fig, axes = nn.plots.figure(columns=len(EPOCHS), size=(11, 3.0))
    panels = dict(zip(EPOCHS, axes, strict=True))

    def picture(net, history):
        epoch = len(history.loss)
        if epoch in panels:
            ax = nn.plots.boundary(net.predict, X, y, ax=panels[epoch])
            ax.set(xticks=[], yticks=[], xlabel="", ylabel="")
            ax.spines[:].set_visible(False)
            ax.set_title(f"epoch {epoch}")

    nn.fit(
        *(net, X, y),
        loss=nn.CrossEntropyLoss(),
        optimizer=nn.Adam(net, lr=0.01),
        epochs=max(EPOCHS),
        batch_size=32,
        rng=0,
        callbacks=[picture],
    )
    fig.alt = (
        f"A network learns to tell three spirals of points apart, at epochs {EPOCHS[0]} to "
        f"{EPOCHS[-1]}: its regions begin as wedges and end curled around the spirals."
    )
    return fig


if __name__ == "__main__":
    Path(__file__).with_suffix(".png").write_bytes(nn.plots.png_bytes(draw()))
