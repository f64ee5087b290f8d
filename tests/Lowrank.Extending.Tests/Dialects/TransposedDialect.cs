namespace Lowrank.Extending.Tests;

/// <summary>A dialect of its own: a model's paths, and the factors of a LoRA and of an outer product transposed, a LoRA's scale in the second.</summary>
public sealed class TransposedDialect : Dialect
{
    const string First = "/first", Second = "/second", Column = "/column", Row = "/row";

    /// <inheritdoc/>
    public override string Name => "transposed";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new Paths();

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = new Transposed();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key =>
        key.EndsWith(First, StringComparison.Ordinal) || key.EndsWith(Column, StringComparison.Ordinal));

    sealed class Paths : Spelling
    {
        public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
            [(First, "lora", "down"), (Second, "lora", "up"), (Column, "outer-product", "column"), (Row, "outer-product", "row")];

        public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) => [target.Path];
    }

    // The factors are (in, rank) and (rank, out) there.
    sealed class Transposed : BakedAlphaLayout
    {
        public override Tensor Write(Reparameterization made, string part, Tensor value) => base.Write(made, part, value).t();

        public override StoredParts Read(
            FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin) =>
            base.Read(layer, target, parts.ToDictionary(part => part.Key, part => part.Value.t()), begin);

        public override IReadOnlyDictionary<string, long[]> Shapes(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes) =>
            shapes.ToDictionary(part => part.Key, part => part.Value.Reverse().ToArray());
    }
}
