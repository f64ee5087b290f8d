namespace Lowrank.Adapters;

/// <summary>A dialect's layout in files of own names: where they hold no alphas, scales are multiplied into up.</summary>
/// <param name="inner">The dialect's layout.</param>
/// <param name="hasAlphas">Whether the files hold alphas.</param>
sealed class OwnNamesLayout(PartLayout inner, bool hasAlphas) : PartLayout
{
    /// <inheritdoc/>
    public override StoredParts Read(
        FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin) =>
        inner.Read(layer, target, parts, begin);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes) =>
        inner.Shapes(layer, shapes);

    /// <inheritdoc/>
    public override bool Recognizes(MethodDescriptor method, IReadOnlyDictionary<string, long[]> shapes) =>
        inner.Recognizes(method, shapes);

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) =>
        part == "alpha" && made.Method.AlphaIsScale ? !hasAlphas : inner.LeavesOut(made, part);

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value) =>
        inner.Write(made, part, hasAlphas ? value : BakedAlphaLayout.Only.Write(made, part, value));

    /// <inheritdoc/>
    public override double? AlphaBeside(FiledLayer layer, long rank) => inner.AlphaBeside(layer, rank);

    /// <inheritdoc/>
    public override LayerKind KindOf(FiledLayer layer, IEnumerable<string> keys, int axes) => inner.KindOf(layer, keys, axes);

    /// <inheritdoc/>
    public override bool IsFiller(IReadOnlyDictionary<string, Tensor> parts) => inner.IsFiller(parts);
}
