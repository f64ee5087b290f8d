namespace Lowrank.Adapters;

/// <summary>Factors without an alpha; a layer that is not adapted has factors of zeros.</summary>
sealed class CloneofsimoLayout : BakedAlphaLayout
{
    /// <inheritdoc/>
    public override bool IsFiller(IReadOnlyDictionary<string, Tensor> parts) =>
        parts.Count == 2 && parts.Values.All(part => part.count_nonzero().ToInt64() == 0);
}
