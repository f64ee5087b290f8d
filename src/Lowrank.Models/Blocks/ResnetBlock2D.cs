namespace Lowrank.Models;

/// <summary>
/// Two normed convolutions with a residual, told the time in between (UNet) or not (VAE). Takes (B, C, H, W) and silu of the time
/// embedding, or any tensor where there is none.
/// </summary>
sealed class ResnetBlock2D : Layer<Tensor, Tensor?>
{
    readonly GroupNorm norm1;
    readonly Conv2d conv1;
    readonly Linear? time_emb_proj;
    readonly GroupNorm norm2;
    readonly Conv2d conv2;
    readonly Conv2d? conv_shortcut;

    public ResnetBlock2D(int inChannels, int outChannels, int groups, double eps, int? timeChannels, Storage? storage)
        : base(nameof(ResnetBlock2D))
    {
        norm1 = new GroupNorm(groups, inChannels, eps, storage);
        conv1 = new Conv2d(inChannels, outChannels, 3, padding: 1, storage: storage);
        if (timeChannels is { } channels) time_emb_proj = new Linear(channels, outChannels, storage: storage);
        norm2 = new GroupNorm(groups, outChannels, eps, storage);
        conv2 = new Conv2d(outChannels, outChannels, 3, padding: 1, storage: storage);
        if (inChannels != outChannels) conv_shortcut = new Conv2d(inChannels, outChannels, 1, storage: storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x, Tensor? time)
    {
        var h = Fresh.Silu(norm1.call(x));
        h = h.Then(conv1.call(h));
        if (time_emb_proj is not null && time is not null) h = h.Plus(time_emb_proj.call(time).unsqueeze(-1).unsqueeze(-1));
        h = Fresh.Silu(h.Then(norm2.call(h)));
        h = h.Then(conv2.call(h));
        return h.Plus(conv_shortcut is null ? x : conv_shortcut.call(x));
    }
}
