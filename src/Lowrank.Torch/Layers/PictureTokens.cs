namespace Lowrank.Torch.Layers;

/// <summary>Pictures as tokens, one for each place, and back.</summary>
public static class PictureTokens
{
    /// <summary>(B, C, H, W) to (B, H·W, C), contiguous.</summary>
    public static Tensor Of(Tensor picture)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Turned(picture.flatten(2)));
    }

    /// <summary>(B, H·W, C) to (B, C, H, W), contiguous.</summary>
    public static Tensor ToPicture(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (batch, _, channels) = tokens.shape;
        return scope.MoveToOuter(Turned(tokens).view(batch, channels, height, width));
    }

    static Tensor Turned(Tensor x) => PlaceTurn.Suits(x) ? PlaceTurn.Run(x, get_num_threads()) : x.transpose(1, 2).contiguous();
}
