namespace Lowrank.Models;

/// <summary>One vector (B, C) of the states (B, T, C) of each row's tokens.</summary>
public static class Pooling
{
    const double Least = 1e-9;   // of how many tokens a row is taken to have

    /// <summary>The first token's.</summary>
    public static Tensor First(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return hidden.select(1, 0);
    }

    /// <summary>The last real token's.</summary>
    /// <param name="hidden">The states.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor Last(Tensor hidden, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var (batch, tokens, width) = hidden.shape;
        if (mask is null) return hidden.select(1, tokens - 1);
        using var scope = NewDisposeScope();
        var places = arange(tokens, ScalarType.Int64, hidden.device);
        var last = (mask.ne(0).to(ScalarType.Int64) * places).argmax(-1).view(batch, 1, 1).expand(batch, 1, width);
        return scope.MoveToOuter(hidden.gather(1, last).squeeze(1));
    }

    /// <summary>The mean of the real tokens'.</summary>
    /// <param name="hidden">The states.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor Mean(Tensor hidden, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var real = Real(hidden, mask);
        return scope.MoveToOuter((Sum(hidden, real) / Total(real)).to(hidden.dtype));
    }

    /// <summary>The sum of the real tokens' over the root of their number.</summary>
    /// <param name="hidden">The states.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor MeanOfRoot(Tensor hidden, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var real = Real(hidden, mask);
        return scope.MoveToOuter((Sum(hidden, real) / Total(real).sqrt()).to(hidden.dtype));
    }

    /// <summary>The mean of the real tokens', the i-th of a row weighing i.</summary>
    /// <param name="hidden">The states.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor WeightedMean(Tensor hidden, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var real = Real(hidden, mask);
        var weights = real * arange(1, hidden.shape[1] + 1, real.dtype, hidden.device);
        return scope.MoveToOuter((Sum(hidden, weights) / Total(weights)).to(hidden.dtype));
    }

    /// <summary>The largest number of the real tokens' at each place.</summary>
    /// <param name="hidden">The states.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor Max(Tensor hidden, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using var scope = NewDisposeScope();
        var real = mask is null ? hidden : hidden.masked_fill(mask.eq(0).unsqueeze(-1), Unseen(hidden.dtype));
        return scope.MoveToOuter(real.amax([1]));
    }

    // float16 ends at 65,504.
    static double Unseen(ScalarType dtype) => dtype == ScalarType.Float16 ? -65504 : -1e9;

    // 1 at real tokens, else 0. bfloat16 counts to 256 alone: sums are taken in float32.
    static Tensor Real(Tensor hidden, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var wide = hidden.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        return mask?.ne(0).to(wide) ?? ones([hidden.shape[0], hidden.shape[1]], wide, hidden.device);
    }

    static Tensor Sum(Tensor hidden, Tensor weights) => (hidden.to(weights.dtype) * weights.unsqueeze(-1)).sum(1);

    static Tensor Total(Tensor weights) => weights.sum(1, keepdim: true).clamp(min: Least);
}
