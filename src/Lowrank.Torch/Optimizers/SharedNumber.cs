namespace Lowrank.Torch;

/// <summary>A number that an optimizer remembers for all its parameters together, kept as a tensor so that it is saved with the
/// rest.</summary>
/// <param name="name">Its name in the state.</param>
/// <param name="start">What it is before the first step.</param>
sealed class SharedNumber(string name, double start = 0) : IDisposable
{
    readonly Tensor kept = tensor(start, ScalarType.Float64, device: CPU).DetachFromDisposeScope();

    /// <summary>Its name in the state.</summary>
    public string Name => name;

    /// <summary>It as a tensor, float64.</summary>
    public Tensor Kept => kept;

    /// <summary>It.</summary>
    public double Value
    {
        get => kept.ToDouble();
        set => kept.fill_(value);
    }

    /// <inheritdoc/>
    public void Dispose() => kept.Dispose();
}
