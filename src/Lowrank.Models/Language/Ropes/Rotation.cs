namespace Lowrank.Models;

/// <summary>Cosines and sines of the angles of one forward pass, (B or 1, T, 1, d/2) in float32.</summary>
/// <param name="Cos">The cosines.</param>
/// <param name="Sin">The sines.</param>
sealed record Rotation(Tensor Cos, Tensor Sin) : IDisposable
{
    /// <summary>Heads (B, T, H, D) turned; numbers beyond the first d stay.</summary>
    /// <param name="heads">Queries or keys.</param>
    /// <param name="inPairs">Whether number 2i turns with number 2i + 1; else i with i + d/2, as most published models have it.</param>
    public Tensor Turn(Tensor heads, bool inPairs) => RotaryTurn.Run(heads, Cos, Sin, inPairs);

    /// <summary>The same, for the caller to own.</summary>
    public Rotation Detached() => new(Cos.DetachFromDisposeScope(), Sin.DetachFromDisposeScope());

    /// <inheritdoc/>
    public void Dispose()
    {
        Cos.Dispose();
        Sin.Dispose();
    }
}
