using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>FreeU: strengthens a denoising network's backbone and weakens the lowest frequencies of its skip connections.</summary>
/// <remarks>
/// Si et al. 2023 (arXiv:2309.11497), as ComfyUI's comfy_extras/nodes_freelunch.py computes it. The first half of the channels of the
/// hidden state is strengthened; of the skip connection the frequencies -1 and 0 of height and width are scaled.
/// </remarks>
/// <param name="Backbone1">Factor where the hidden state is four times as wide as the network's first level; 1 changes nothing.</param>
/// <param name="Backbone2">Factor where it is twice as wide.</param>
/// <param name="Skip1">Factor of the skip connection's lowest frequencies where the hidden state is four times as wide.</param>
/// <param name="Skip2">The same where it is twice as wide.</param>
/// <param name="FollowsContent">
/// Whether the backbone's factor goes from 1 to its whole with the mean over channels of the hidden state: the second version.
/// </param>
public sealed record FreeU(double Backbone1, double Backbone2, double Skip1, double Skip2, bool FollowsContent)
{
    /// <summary>Its name in pictures' texts.</summary>
    public const string Field = "FreeU";

    /// <summary>Reads "1.3,1.4,0.9,0.2", the factors in order, as the second version; null for anything but four from 0 up.</summary>
    public static FreeU? Read(string text)
    {
        double?[] factors = [.. text.Split(',').Select(PlainValue.ReadNumber)];
        if (factors is not [{ } backbone1, { } backbone2, { } skip1, { } skip2]) return null;
        if (!((double[])[backbone1, backbone2, skip1, skip2]).All(factor => double.IsFinite(factor) && factor >= 0)) return null;
        return new(backbone1, backbone2, skip1, skip2, FollowsContent: true);
    }

    /// <summary>The factors, as <see cref="Read"/> reads them.</summary>
    public string Text => string.Join(',', ((double[])[Backbone1, Backbone2, Skip1, Skip2]).Select(PlainValue.Text));

    /// <summary>A network's changes with this among them.</summary>
    /// <param name="changes">What is changed besides.</param>
    /// <param name="config">The network's shape.</param>
    public UNetChanges In(UNetChanges changes, UNetConfig config)
    {
        int first = config.BlockChannels[0];
        return changes.ThenBeforeJoining((hidden, skip) => Change(hidden, skip, first));
    }

    /// <summary>Hidden state (B, C, H, W) and skip connection (B, C', H, W) as this changes them before they are joined.</summary>
    /// <param name="hidden">The hidden state.</param>
    /// <param name="skip">The skip connection.</param>
    /// <param name="firstWidth">Channels of the network's first level.</param>
    public (Tensor Hidden, Tensor Skip) Change(Tensor hidden, Tensor skip, int firstWidth)
    {
        long width = hidden.shape[1];
        if (width == 4 * firstWidth) return (Strengthened(hidden, Backbone1), Weakened(skip, Skip1));
        if (width == 2 * firstWidth) return (Strengthened(hidden, Backbone2), Weakened(skip, Skip2));
        return (hidden, skip);
    }

    Tensor Strengthened(Tensor hidden, double factor)
    {
        using var scope = NewDisposeScope();
        long half = hidden.shape[1] / 2;
        var first = hidden.narrow(1, 0, half);
        var changed = FollowsContent ? first * ((factor - 1) * Content(hidden) + 1) : first * factor;
        return scope.MoveToOuter(cat([changed, hidden.narrow(1, half, hidden.shape[1] - half)], 1));
    }

    // The mean over channels, brought to 0 to 1 within each picture: (B, 1, H, W). Where it is the same all over, as at a level of one
    // pixel, 0: nothing stands out.
    static Tensor Content(Tensor hidden)
    {
        var mean = hidden.mean([1], keepdim: true);
        var (least, most) = (mean.amin([2, 3], keepdim: true), mean.amax([2, 3], keepdim: true));
        return ((mean - least) / (most - least)).nan_to_num(0);
    }

    // x + (factor - 1)·low: what a transform, scaled at the lowest frequencies and turned back, leaves as its real part.
    static Tensor Weakened(Tensor skip, double factor)
    {
        using var scope = NewDisposeScope();
        var (_, _, height, width) = skip.shape;
        var waves = Waves(height, width, skip.device);   // (waves, HW)
        var flat = skip.to(ScalarType.Float32).flatten(2);
        var low = flat.matmul(waves.t()).matmul(waves) / (height * width);
        return scope.MoveToOuter((flat + (factor - 1) * low).to(skip.dtype).view(skip.shape));
    }

    // Cosines and sines of the frequencies -1 and 0 along both sides; along a side of one pixel there is but 0.
    static Tensor Waves(long height, long width, Device device)
    {
        var waves = new List<Tensor>();
        foreach (int down in height > 1 ? new[] { 0, 1 } : [0])
            foreach (int across in width > 1 ? new[] { 0, 1 } : [0])
            {
                var angles = 2 * Math.PI * (Turns(down, height).unsqueeze(1) + Turns(across, width).unsqueeze(0));
                waves.Add(angles.cos().flatten());
                if (down + across > 0) waves.Add(angles.sin().flatten());
            }
        return stack(waves).to(ScalarType.Float32);

        Tensor Turns(int frequency, long size) => arange(size, dtype: ScalarType.Float64, device: device) * frequency / size;
    }
}
