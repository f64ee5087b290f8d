namespace Lowrank.Models;

/// <summary>
/// A rotary embedding (Su et al., arXiv 2104.09864): queries and keys are turned by angles that grow with their positions. Its kinds
/// differ in how slowly they turn.
/// </summary>
abstract class Rope
{
    /// <summary>Radians a position for each pair of numbers, in rows of that length.</summary>
    /// <param name="length">One more than the largest position; only some kinds ask for it.</param>
    public abstract double[] Frequencies(long length);

    /// <summary>By what cosines and sines are multiplied.</summary>
    public virtual double Magnitude => 1;

    /// <summary>Whether the frequencies change with the row's length.</summary>
    public virtual bool DependsOnLength => false;

    /// <summary>The angles' cosines and sines at positions (B, T), in float32, to turn heads (B, T, H, D) with.</summary>
    public Rotation At(Tensor positions)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        long length = DependsOnLength && positions.numel() > 0 ? positions.max().ToInt64() + 1 : 0;
        float[] frequencies = [.. Frequencies(length).Select(frequency => (float)frequency)];
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * tensor(frequencies, device: positions.device);   // (B, T, d/2)
        var (cos, sin) = (angles.cos(), angles.sin());
        if (Magnitude != 1) (cos, sin) = (cos * Magnitude, sin * Magnitude);
        return new(scope.MoveToOuter(cos.unsqueeze(2)), scope.MoveToOuter(sin.unsqueeze(2)));
    }
}
